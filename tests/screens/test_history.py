"""The History screen, driven by keys on a real database: look back, and roll back."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql

from queries import record, systems
from queries.apply import apply
from queries.rollback import rollback
from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tests.support.loop import carried, planned, recorded, run_connections, summaries
from tests.support.runs import state
from tests.support.runs_by_keys import begin, commit
from tests.support.servers import Server

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


@pytest.fixture
def applied(untouched: str, connection: psycopg.Connection) -> str:
    """gaztime after its plan was applied."""
    made = planned(untouched, GAZTIME).plan
    with run_connections(untouched) as (work, recording):
        carried(apply(made, work=work, record=recording))
    return untouched


@pytest.fixture
def years_ago(applied: str, connection: psycopg.Connection) -> str:
    """The same, at times that are always the same."""
    connection.execute("alter table pgtether.run disable trigger all")
    connection.execute("alter table pgtether.event disable trigger all")
    connection.execute("update pgtether.run set started = timestamptz '2026-11-01 02:59:07+00', by = 'dba'")
    connection.execute(
        """
        update pgtether.event
        set at = timestamptz '2026-11-01 02:59:07+00' + event * interval '40 ms',
            detail = case when detail ? 'ms' then detail || '{"ms": 12.0}' else detail end
        """
    )
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("alter database {} set timezone = 'UTC'").format(database))
    return applied


async def test_a_database_without_a_record_says_what_would_be_recorded(
    untouched: str, opened: Opened, looks_as: LooksAs
) -> None:
    async with opened(untouched) as person:
        await person.press("7")
        looks_as(person, "history-empty")
        assert "No run is on record in this database." in person.screen
        assert "schema pgtether" in person.screen


@pytest.mark.parametrize("size", SIZES)
async def test_runs_stand_newest_first_with_their_steps(
    years_ago: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(years_ago, size=size) as person:
        await person.press("7")
        looks_as(person, "history")
        assert "2026-11-01 02:59:07" in person.screen
        assert "Parked rows, kept on record" in person.screen


async def test_a_run_is_rolled_back_to_what_was_there_before(
    untouched: str, connection: psycopg.Connection, opened: Opened, server: Server
) -> None:
    made, former = planned(untouched, GAZTIME).plan, state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("5", "P")
        await begin(person, "a")
        await commit(person, told="is applied")
        await person.press("7")
        assert "applied" in person.screen
        await begin(person, "B")
        await commit(person, told="Run #1 is rolled back")
        assert "rolled back" in person.screen
        await person.press("3")
        assert "18 findings" in person.screen
    assert state(connection) == former
    with server.new_database() as other:
        with psycopg.connect(other, autocommit=True) as connection_too:
            systems.load(connection_too, GAZTIME)
        with run_connections(other) as (work, recording):
            events = carried(apply(made, work=work, record=recording))
            events += carried(rollback(record.found(recording, "last"), work=work, record=recording))
        assert recorded(untouched) == summaries(events)


async def test_the_way_back_says_what_it_restores_and_rollback_leaves_the_run_applied(
    applied: str, opened: Opened
) -> None:
    async with opened(applied) as person:
        await person.press("7", "B")
        assert "Roll back run #1 (gaztime), 38 steps" in person.screen
        assert "63 parked" in person.screen
        await person.press("escape")
        await begin(person, "B")
        await person.press_and_go_on("enter")
        await person.until("Run #1 stays applied")
        await person.press("enter")
        assert "applied" in person.screen
        assert "rolled back" not in person.screen


async def test_conflicts_of_a_way_back_are_named(
    applied: str, connection: psycopg.Connection, opened: Opened
) -> None:
    connection.execute("drop index orders_pod_idx")
    async with opened(applied) as person:
        await person.press("7")
        await begin(person, "B")
        assert "Left as it is: " in person.screen
        await commit(person, told="Run #1 is rolled back")
        assert "Left as it is: " in person.screen
