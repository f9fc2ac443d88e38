"""Two fresh indexes are read side by side; anything else is hashed."""

from __future__ import annotations

import psycopg
import pytest

from queries.orphans.condition import matches
from queries.orphans.count import count_statement
from queries.orphans.settings import choose_joins, prepare
from tests.support.orphan_counts import made, wished

#: VACUUM marks no page all-visible whose rows' commit isn't flushed yet.
FLUSHED = "set synchronous_commit = on"
TABLES = (
    FLUSHED,
    "create table p (id int primary key, code text unique)",
    "create table c (p_id int, code text)",
    "insert into p select i, i::text from generate_series(1, 30000) as i",
    "insert into c select i % 30000 + 1, (i % 30000 + 1)::text from generate_series(1, 200000) as i",
)


def joins(connection: psycopg.Connection, child: str = "c(p_id)", parent: str = "p(id)") -> str:
    """Whether hash joins are on or off for that count."""
    reference = wished(connection, child, parent)
    with connection.transaction():
        prepare(connection, reference, timeout=None)
        choose_joins(connection, reference, count_statement(reference, matches(connection, reference)))
        row = connection.execute("show enable_hashjoin").fetchone()
    assert row
    return str(row[0])


@pytest.mark.three_versions
def test_fresh_indexes_on_both_sides_are_merged(connection: psycopg.Connection) -> None:
    made(connection, *TABLES, "create index on c (p_id)", "vacuum analyze")
    assert joins(connection) == "off"


def test_partitions_with_fresh_indexes_are_merged_too(connection: psycopg.Connection) -> None:
    made(
        connection,
        FLUSHED,
        "create table p (id int primary key)",
        "create table c (p_id int) partition by list (p_id)",
        "create table c1 partition of c for values in (1)",
        "create table c2 partition of c default",
        "create index on c (p_id)",
        "insert into p select i from generate_series(1, 30000) as i",
        "insert into c select i % 30000 + 1 from generate_series(1, 200000) as i",
        "vacuum analyze",
    )
    assert joins(connection) == "off"


def test_without_an_index_the_parent_is_hashed(connection: psycopg.Connection) -> None:
    made(connection, *TABLES, "vacuum analyze")
    assert joins(connection) == "on"


def test_an_index_of_another_order_is_no_help(connection: psycopg.Connection) -> None:
    made(connection, *TABLES, "create index on c (code text_pattern_ops)", "vacuum analyze")
    assert joins(connection, "c(code)", "p(code)") == "on"


def test_a_table_that_was_changed_since_its_vacuum_is_hashed(connection: psycopg.Connection) -> None:
    made(
        connection,
        *TABLES,
        "create index on c (p_id)",
        "vacuum analyze",
        "alter table c set (autovacuum_enabled = off)",
        "update c set code = code where p_id < 15000",
        "analyze c",
    )
    assert joins(connection) == "on"


@pytest.mark.parametrize(("rows", "nested"), [(10, "on"), (200000, "off")])
def test_a_few_rows_may_be_looked_up_in_a_large_parent_one_by_one(
    connection: psycopg.Connection, rows: int, nested: str
) -> None:
    made(connection, *TABLES)
    connection.execute("delete from c where ctid not in (select ctid from c limit %s)", [rows])
    made(connection, "vacuum analyze")
    reference = wished(connection, "c(p_id)", "p(id)")
    with connection.transaction():
        prepare(connection, reference, timeout=None)
        assert connection.execute("show enable_nestloop").fetchone() == (nested,)


def test_a_child_that_was_never_analysed_is_not_looped_over(connection: psycopg.Connection) -> None:
    made(connection, *TABLES, "alter table c set (autovacuum_enabled = off)", "vacuum analyze p")
    reference = wished(connection, "c(p_id)", "p(id)")
    assert reference.child.estimate == -1
    with connection.transaction():
        prepare(connection, reference, timeout=None)
        assert connection.execute("show enable_nestloop").fetchone() == ("off",)
