"""What only 18 has: temporal keys, and keys that are not enforced."""

from __future__ import annotations

import psycopg

from tests.support.deletes import make, read, told


def test_a_key_that_is_not_enforced_does_nothing_and_is_named(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int references p on delete cascade "
        "not enforced); insert into p values (1); insert into c values (1)",
    )
    found = told(connection, "p")
    assert (found.outcome, [each.kind for each in found.warnings]) == ("ok", ["disabled"])
    assert [each.table for each in found.effects] == ["public.p"]


def test_a_temporal_key_without_rows_in_that_time_is_no_matter(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int4range, during daterange, primary key (id, during without overlaps)); "
        "create table c (p_id int4range, during daterange, "
        "foreign key (p_id, period during) references p (id, period during)); "
        "insert into p values ('[1,2)', '[2020-01-01,2021-01-01)'), ('[1,2)', '[2021-01-01,2022-01-01)'); "
        "insert into c values ('[1,2)', '[2020-02-01,2020-03-01)')",
    )
    assert told(connection, "p", "during @> date '2021-06-01'").outcome == "ok"
    found = read(connection, "p", "during @> date '2020-06-01'")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "type")
