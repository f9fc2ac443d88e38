"""The record in schema pgtether: made once, append-only, one run at a time, and its states by every path."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from queries import record
from queries.catalog import catalog
from queries.errors import Refused
from queries.events import Detail, EventKind
from queries.load import read
from tests.support.roles import logged_in_as
from tests.support.runs import Desk, desk, state
from tests.support.two_tables import INDEX, NULLABLE, SCHEMA

WRITES = [
    "update pgtether.{table} set {column} = {column}",
    "delete from pgtether.{table}",
    "truncate pgtether.{table} cascade",
]


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.mark.three_versions
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(("table", "first"), [("run", "plan"), ("event", "kind"), ("parked_row", "step")])
def test_the_record_is_append_only_for_everybody(
    at: Desk, connection: psycopg.Connection, table: str, first: str, role: str
) -> None:
    column = sql.Identifier(first)
    at.apply(INDEX)
    connection.execute(
        "insert into pgtether.parked_row (run, step, relation, change, columns, before) "
        "values (1, 's', 't', 'deleted', '{}', '{}')"
    )
    connection.execute("select set_config('session_replication_role', %s, false)", [role])
    for write in WRITES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute(sql.SQL(write).format(table=sql.Identifier(table), column=column))


def test_parked_rows_alone_may_be_forgotten(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX)
    connection.execute("set pgtether.forget = 'on'")
    connection.execute("delete from pgtether.parked_row")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from pgtether.event")


def test_nothing_that_reads_the_catalog_sees_the_record(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    at.apply(INDEX)
    at.rollback()
    assert state(connection) == before
    with connection.transaction():
        assert not [each for each in catalog(connection).tables.values() if each.schema == "pgtether"]


def test_two_sessions_that_make_it_at_once_both_have_it(database: str) -> None:
    failures: list[BaseException] = []

    def make() -> None:
        try:
            with psycopg.connect(database, autocommit=True) as one:
                gate.wait()
                record.ensure(one)
        except (psycopg.Error, Refused) as error:
            failures.append(error)

    gate = threading.Barrier(4)
    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_second_run_is_refused_and_told_who_is_at_work(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX)
    connection.execute("set application_name = 'the other console'")
    record.lock(connection)
    events = len(record.events(connection))
    with pytest.raises(Refused, match="Another run of pgtether is at work") as caught:
        at.rollback()
    assert caught.value.exit_code == 4
    assert f"pid {connection.info.backend_pid} (the other console, postgres" in caught.value.what
    with pytest.raises(Refused, match="Another run"):
        at.apply(INDEX)
    assert len(record.events(connection)) == events
    record.unlock(connection)
    at.rollback()
    assert at.last.state == "rolled back"


def test_who_may_not_see_sessions_is_told_what_is_visible(
    at: Desk, connection: psycopg.Connection, make_role: Callable[..., str], database: str
) -> None:
    record.ensure(connection)
    role = make_role("plain")
    _grant(connection, "usage on schema pgtether", role)
    _grant(connection, "select, insert on all tables in schema pgtether", role)
    record.lock(connection)
    with desk(logged_in_as(role, database)) as plain, pytest.raises(Refused) as caught:
        plain.apply(INDEX)
    assert "query not visible to this role" in caught.value.what


def _grant(connection: psycopg.Connection, what: str, role: str) -> None:
    statement = sql.SQL("grant {} to {}").format(sql.SQL(what), sql.Identifier(role))
    connection.execute(statement)


@pytest.mark.parametrize("made", [False, True], ids=["to make it", "to use it"])
def test_who_lacks_a_right_is_told_what_the_owner_must_run(
    at: Desk, connection: psycopg.Connection, make_role: Callable[..., str], database: str, made: bool
) -> None:
    role = make_role('Odd "role')
    connection.execute(sql.SQL("alter table orders owner to {}").format(sql.Identifier(role)))
    if made:
        record.ensure(connection)
    with desk(logged_in_as(role, database)) as plain:
        for carry in (plain.apply, plain.rehearse):
            with pytest.raises(Refused, match="may not make or use schema pgtether") as caught:
                carry(NULLABLE)
        assert caught.value.exit_code == 4
        connection.execute(caught.value.do.removeprefix("Have its owner run: "))
        plain.apply(NULLABLE)
        assert plain.last.state == "applied"


def test_who_may_only_look_into_the_record_is_refused_before_anything_is_written(
    at: Desk, connection: psycopg.Connection, make_role: Callable[..., str], database: str
) -> None:
    record.ensure(connection)
    role = make_role("reader")
    _grant(connection, "usage on schema pgtether", role)
    with desk(logged_in_as(role, database)) as plain, pytest.raises(Refused, match="may not make or use"):
        plain.apply(NULLABLE)
    assert record.runs(connection) == []


def test_a_publication_for_all_tables_is_refused(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute("create publication everything for all tables")
    with pytest.raises(Refused, match="everything is FOR ALL TABLES") as caught:
        at.apply(INDEX)
    assert "schema.sql" in caught.value.do
    assert not record.is_there(connection)
    at.rehearse(INDEX)
    connection.execute(read("record/schema"))
    at.apply(INDEX)
    assert at.last.state == "applied"


def test_a_newer_record_is_refused(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX)
    connection.execute("insert into pgtether.ledger values (2)")
    with pytest.raises(Refused, match="version 2, this program knows 1"):
        at.rollback()


def test_somebody_else_s_schema_of_that_name_is_refused(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute("create schema pgtether; create table pgtether.mine (id int)")
    with pytest.raises(Refused):
        at.apply(INDEX)
    with pytest.raises(Refused):
        at.rehearse(INDEX)


PATHS: dict[str, tuple[str, list[tuple[str | None, str]]]] = {
    "begun and gone": ("failed", [(None, "started")]),
    "gone in a step": ("failed", [(None, "started"), ("a", "started")]),
    "gone after COMMIT": ("applied", [(None, "started"), ("a", "started"), ("a", "done")]),
    "skipped all": ("failed", [(None, "started"), ("a", "skipped")]),
    "gone on the way back": (
        "applied",
        [(None, "started"), ("a", "started"), ("a", "done"), (None, "undoing"), ("a", "undoing")],
    ),
    "gone after the way back": (
        "rolled back",
        [(None, "started"), ("a", "done"), (None, "undoing"), ("a", "undoing"), ("a", "undone")],
    ),
    "ended": ("outcome", [(None, "started"), ("a", "done"), (None, "ended")]),
}


@pytest.mark.three_versions
@pytest.mark.parametrize("name", PATHS)
def test_a_run_s_state_follows_from_its_events(connection: psycopg.Connection, name: str) -> None:
    wanted, events = PATHS[name]
    record.ensure(connection)
    run = record.begin(connection, plan="p", plan_text="", mode="transaction")
    for step, kind in events:
        values = {"outcome": "outcome"} if kind == "ended" else {}
        connection.execute(
            "insert into pgtether.event (run, step, kind, detail) values (%s, %s, %s, %s)",
            [run.run, step, kind, Jsonb(values)],
        )
    assert _state(connection) == wanted
    record.lock(connection)
    assert _state(connection) == (wanted if name == "ended" else "running")


def test_only_the_run_with_the_latest_event_is_running(connection: psycopg.Connection) -> None:
    record.ensure(connection)
    for _ in range(2):
        run = record.begin(connection, plan="p", plan_text="", mode="transaction")
        run.write(None, EventKind.STARTED, Detail())
    record.lock(connection)
    assert [row.state for row in record.runs(connection)] == ["running", "failed"]


def test_an_online_run_that_was_begun_is_half_done(connection: psycopg.Connection) -> None:
    record.ensure(connection)
    run = record.begin(connection, plan="p", plan_text="", mode="online")
    run.write(None, EventKind.STARTED, Detail())
    assert _state(connection) == "failed"
    run.write("a", EventKind.WAITING, Detail())
    assert _state(connection) == "half done"


def _state(connection: psycopg.Connection) -> str:
    return record.runs(connection)[0].state
