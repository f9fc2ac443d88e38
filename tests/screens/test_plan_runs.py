"""Plans carried out by keys on a real database: the question at the end, its answers, and what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from queries import systems
from queries.apply import apply
from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tests.support.loop import carried, planned, recorded, run_connections, summaries
from tests.support.runs import state
from tests.support.runs_by_keys import ASKED, WORDS, Drawn, begin, commit
from tests.support.servers import Server
from tui.config import Config
from tui.dialogs.run import RunDialog

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


@pytest.mark.parametrize("size", SIZES)
async def test_the_question_says_what_changed_what_is_locked_and_how_long_there_is(
    untouched: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(untouched, size=size) as person:
        steps = [(step.id, step.sentence()) for step in Drawn().made.step]
        context = person.app._link.context  # what every screen is handed
        assert context is not None
        dialog = RunDialog(context, Drawn(), steps=steps, words=WORDS, clock=lambda: 0.0)
        await person.app.push_screen(dialog)
        await person.until(ASKED)
        looks_as(person, "plans-question")
        await person.press_and_go_on("enter")
        await person.until("ROLLED BACK")


async def test_a_plan_is_applied_verified_and_leaves_the_events_of_the_engine(
    untouched: str, server: Server, opened: Opened
) -> None:
    made = planned(untouched, GAZTIME).plan
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("5", "P")
        await begin(person, "a")
        assert "WRITING · tx open" in person.screen
        assert "63 rows changed" in person.screen
        await commit(person, told="Run #1 is applied: everything is committed.")
        assert "READ ONLY" in person.screen
        assert "Applied as run #1." in person.screen
        await person.press("v")
        assert "The catalog shows 38 of 38 steps." in person.screen
        await person.press("3")
        assert "missing" not in person.screen
    with server.new_database() as other:
        _load(other)
        with run_connections(other) as (work, record):
            assert recorded(untouched) == summaries(carried(apply(made, work=work, record=record)))


async def test_one_stray_enter_at_the_question_rolls_back(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5")
        await begin(person, "a")
        await person.press_and_go_on("enter")
        await person.until("ROLLED BACK. Everything was rolled back: nothing was changed.")
        assert "READ ONLY" in person.screen
        assert "Enter close" in person.screen or "Esc close" in person.screen
        assert "stop" not in person.screen
        await person.press("escape")
        assert "Everything was rolled back: nothing was changed." in person.screen
    assert state(connection) == former


async def test_a_countdown_that_runs_out_answers_rollback(
    untouched: str, connection: psycopg.Connection, opened: Opened, tmp_path: Path
) -> None:
    made, former = planned(untouched, GAZTIME).plan, state(connection)
    limits = made.settings.model_copy(update={"countdown": "2s"})
    short = made.model_copy(update={"settings": limits, "step": made.step[:1]})
    async with opened(untouched) as person:
        await person.press("5")
        person.app._link.context.draft.open(short)  # type: ignore[union-attr]
        await person.press("1", "ctrl+r", "5")
        await begin(person, "a")
        await person.press_and_go_on("escape")
        await person.until("Stop, and roll everything back?")
        await person.until("nobody answered in time")
        assert "Stop, and roll everything back?" not in person.screen
    assert state(connection) == former


async def test_more_time_begins_the_countdown_again_and_who_waits_is_shown(
    untouched: str, opened: Opened
) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5")
        await begin(person, "a")
        writer = threading.Thread(target=_write, args=(untouched,))
        writer.start()
        await person.until("1 waiting behind us")
        await person.until("1 session waiting behind us: pid ")
        await person.press_and_go_on("w")
        await person.until("ROLLBACK by itself in 60 s")
        await person.press_and_go_on("enter")
        await person.until("ROLLED BACK")
        writer.join(10)
        assert not writer.is_alive()


async def test_leaving_with_an_open_transaction_asks(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5")
        await begin(person, "a")
        for key in ("escape", "ctrl+c", "ctrl+q"):
            assert ASKED in person.screen
            await person.press_and_go_on(key)
            await person.until("Stop, and roll everything back?")
            await person.press_and_go_on("escape" if key != "ctrl+q" else "tab")
        await person.press_and_go_on("enter")
        await person.until("ROLLED BACK")
        await person.press("enter")
    assert state(connection) == former


async def test_a_step_that_waits_can_be_stopped(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5", "a", "tab")
        with psycopg.connect(untouched) as other:
            other.execute("lock table drivers in row exclusive mode")
            await person.press_and_go_on("enter")
            await person.until("running")
            await person.press_and_go_on("escape")
            await person.until("Stop, and roll everything back?")
            await person.press_and_go_on("tab")
            await person.press_and_go_on("enter")
            await person.until("STOPPED. Everything was rolled back: nothing was changed.")
            await person.press("enter")
    assert state(connection) == former


async def test_a_step_that_fails_tells_the_servers_words(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5", "a", "tab")
        with psycopg.connect(untouched) as other:
            other.execute("lock table drivers in row exclusive mode")
            await person.press_and_go_on("enter")
            await person.until("Locks are held by pid ")
            assert "canceling statement due to lock timeout" in person.screen.replace("\n", " ")
            assert "nothing was changed" in person.screen
            await person.press("enter")
        assert "Step 1 failed. Everything was rolled back: nothing was changed." in person.screen
        assert "failed: " in person.screen
    assert state(connection) == former


async def test_a_connection_that_is_lost_at_the_question_is_told_and_nothing_is_changed(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5")
        await begin(person, "a")
        connection.execute(
            "select pg_terminate_backend(pid) from pg_locks"
            " where mode = 'ShareRowExclusiveLock' and relation = 'drivers'::regclass"
        )
        await person.press_and_go_on("tab")
        await person.press_and_go_on("enter")
        await person.until("The connection was lost")
        assert "nothing was changed" in person.screen.replace("\n", " ")
        await person.press("enter")
    assert state(connection) == former


async def test_ascii_mode_asks_in_ascii(untouched: str, opened: Opened) -> None:
    async with opened(untouched, config=Config(ascii=True)) as person:
        context = person.app._link.context
        assert context is not None
        steps = [(step.id, step.sentence()) for step in Drawn().made.step]
        await person.app.push_screen(RunDialog(context, Drawn(), steps=steps, words=WORDS))
        await person.until(ASKED)
        shown = person.screen.replace("gaztime · db1.prod:5432", "")
        assert not {letter for letter in shown if not letter.isascii()}
        await person.press_and_go_on("enter")
        await person.until("ROLLED BACK")


async def test_a_rehearsal_goes_through_and_changes_nothing(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    former = state(connection)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5", "R", "tab")
        await person.press_and_go_on("enter")
        await person.until("The rehearsal went through.")
        await person.press("enter")
    assert state(connection) == former


def _write(conninfo: str) -> None:
    with psycopg.connect(conninfo) as writer:
        writer.execute("update users set id = id")


def _load(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        systems.load(connection, GAZTIME)
