"""Orphans of keys of a special kind: temporal, not enforced, copied onto partitions."""

from __future__ import annotations

import psycopg
import pytest

from queries.orphans import declared
from tests.support.orphan_counts import count, counts, figures, hide, made, remove, seen


def test_a_temporal_child_is_an_orphan_where_its_time_is_not_covered(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table p (id int4range, at int4range, primary key (id, at without overlaps))",
        "create table c (id int4range, at int4range,"
        " foreign key (id, period at) references p (id, period at))",
        "insert into p values ('[1,2)', '[1,5)'), ('[1,2)', '[5,9)'), ('[1,2)', '[20,30)')",
        "create table kept (like c)",
        "insert into kept values ('[1,2)', '[2,8)'), ('[1,2)', '[5,6)'), ('[1,2)', '[4,12)'),"
        " ('[2,3)', '[1,2)'), ('[1,2)', '[8,21)'), ('[1,2)', null), (null, '[1,2)'), ('[1,2)', 'empty')",
    )
    hide(connection, "insert into c select * from kept")
    (reference,) = declared(seen(connection))
    assert figures(counts(connection, reference)[0]) == (8, 4, 2)
    assert remove(connection, reference) == 4
    made(
        connection,
        "create table left_over as select * from c",
        "truncate c",
        "insert into c select * from left_over",
    )
    gone = connection.execute("select * from kept except select * from left_over").fetchall()
    for row in gone:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("insert into c values (%s, %s)", row)


def test_declared_keys_stand_under_their_declared_name_alone(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table p (id int primary key) partition by range (id)",
        "create table p1 partition of p for values from (0) to (10)",
        "create table c (p_id int constraint one references p)",
    )
    assert [reference.constraint for reference in declared(seen(connection))] == ["one"]


def test_a_key_that_is_not_enforced_is_counted(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table customers (id int primary key)",
        "create table orders (id int primary key, customer_id int)",
        "insert into customers values (1), (2)",
        "insert into orders values (10, 1), (11, 2), (12, 3), (13, 4), (14, null)",
        "alter table orders add foreign key (customer_id) references customers not enforced",
    )
    answer = count(connection)
    assert figures(answer) == (5, 2, 1)
    assert (answer.declared, answer.valid) == (True, False)
