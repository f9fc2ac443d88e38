"""How the preview reads: read only, first an estimate, honest where it can't see or can't follow."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from queries.catalog import catalog
from queries.connection import reading
from queries.errors import BadExpression, Failed, Refused
from queries.impact import Deletion, Impact, Progress, impact
from queries.impact.models import Certainty
from queries.names import TableName
from tests.support.deletes import figures, make, read, rehearse

CHAIN = (
    "create table a (id int primary key); create table b (id int primary key, a_id int references a "
    "on delete cascade); create table c (b_id int references b on delete set null); "
    "insert into a select generate_series(1, 1000); "
    "insert into b select n, n from generate_series(1, 1000) as n; "
    "insert into c select n from generate_series(1, 1000) as n; analyze"
)


def test_an_estimate_comes_first_and_numbers_take_its_place(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    with reading(connection):
        known = catalog(connection)
        table = known.by_name["public", "a"]
        first, *between, last = impact(connection, Deletion(table, "id <= 500"), catalog=known)
    assert isinstance(first, Progress)
    assert {each.certainty for each in first.effects} == {Certainty.ESTIMATE}
    assert [450 < each.deleted + each.set_null < 550 for each in first.effects] == [True] * 3
    assert all(isinstance(each, Progress) for each in between)
    assert isinstance(last, Impact)
    assert figures(last) == {"a": (500, 0, 0, 0), "b": (500, 0, 0, 0), "c": (0, 500, 0, 0)}
    assert {each.certainty for each in last.effects} == {Certainty.EXACT}


def test_a_second_statement_in_the_condition_is_refused(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    for where in ("true); delete from a; select (true", "nothing = 1", "id = 'x'"):
        with pytest.raises(BadExpression):
            read(connection, "a", where)
        with pytest.raises(BadExpression):
            rehearse(connection, "a", where)
    assert connection.execute("select count(*) from a").fetchone() == (1000,)


def test_the_condition_sees_the_table_as_a_delete_does(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    where = "a.id < 3 and exists (select from b where b.a_id = a.id and '%s' <> '%') -- the end"
    assert read(connection, "a", where).rows == 2
    assert rehearse(connection, "a", where).rows == 2


def test_row_security_makes_it_uncertain(
    connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    make(connection, CHAIN + "; alter table b enable row level security")
    role = make_role("impact_reader")
    make(connection, " ".join(["grant select on a, b, c to", role, "; set role", role]))
    found = read(connection, "a", "id = 1")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "row_security")


def test_a_table_that_may_not_be_read_makes_it_uncertain(
    connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    make(connection, CHAIN)
    role = make_role("impact_reader")
    make(connection, " ".join(["grant select on a, b to", role, "; set role", role]))
    found = read(connection, "a", "id = 1")
    assert (found.outcome, found.warnings[0]) == ("uncertain", found.warnings[0])
    assert (found.warnings[0].kind, found.warnings[0].object) == ("privilege", "public.c")


def test_too_many_rows_to_follow_are_estimated(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int default 0 references p "
        "on delete set default); insert into p values (0), (1); "
        "insert into c select 1 from generate_series(1, 200100)",
    )
    found = read(connection, "p", "id = 1")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "size")
    assert {each.certainty for each in found.effects} == {Certainty.ESTIMATE}


def test_a_rehearsal_changes_nothing(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    found = rehearse(connection, "a", "id <= 10")
    assert figures(found) == {"a": (10, 0, 0, 0), "b": (10, 0, 0, 0), "c": (0, 10, 0, 0)}
    assert connection.execute("select count(*) from a").fetchone() == (1000,)
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_rehearsal_tells_the_servers_refusal(connection: psycopg.Connection) -> None:
    make(
        connection,
        CHAIN + "; create table d (a_id int default 1 references a deferrable initially deferred); "
        "insert into d default values",
    )
    (blocker,) = rehearse(connection, "a", "id = 1").blocked_by
    assert (blocker.constraint, blocker.table, blocker.sqlstate, blocker.at) == (
        "d_a_id_fkey", "public.d", "23503", "commit",
    )  # fmt: skip


def test_a_rehearsal_waits_a_second_for_a_lock(connection: psycopg.Connection, database: str) -> None:
    make(connection, CHAIN)
    with psycopg.connect(database) as other:
        other.execute("select from a where id = 1 for update")
        with pytest.raises(Failed):
            rehearse(connection, "a", "id = 1")


def test_a_rehearsal_needs_the_servers_counters(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    connection.execute("set track_counts = off")
    with pytest.raises(Refused):
        rehearse(connection, "a", "id = 1")


def test_reading_takes_nothing_that_a_read_only_transaction_refuses(connection: psycopg.Connection) -> None:
    make(connection, CHAIN)
    connection.execute("set default_transaction_read_only = on")
    assert read(connection, "a", "id = 1").outcome == "ok"
    with pytest.raises(errors.ReadOnlySqlTransaction):
        connection.execute("delete from a")
    with reading(connection):
        known = catalog(connection)
        assert known.find(TableName("public", "a")) is not None
