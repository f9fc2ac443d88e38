"""The frame: the connection, its loss, the badge, leaving."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from tests.screens.conftest import Opened
from tests.support.cable import Cable
from tests.support.console import Person
from tui.app import Console
from tui.config import Config, KnownServer
from tui.messages import OpenTable
from tui.widgets.badge import Badge, Standing

NOBODY = "host=127.0.0.1 port=1 dbname=gaztime user=dba"


async def test_without_a_connection_the_screen_says_why_and_what_to_do(
    looks_as: Callable[[Person, str], None],
) -> None:
    app = Console(NOBODY)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.wait()
        looks_as(person, "no-connection")
        assert "No server listens there." in person.screen
        await person.press("r")
        assert "No server listens there." in person.screen
        await person.press("q")
    assert app.return_code == 3


async def test_leaving_a_console_that_was_connected_is_no_failure(database: str) -> None:
    app = Console(database)
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.wait()
        assert "No tables." in person.screen
        await person.press("ctrl+q")
    assert app.return_code == 0


async def test_a_lost_connection_is_told_and_found_again(
    database: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPOOL_CONN_TIMEOUT", "1")
    cable = Cable(database)
    async with cable as conninfo, opened(conninfo) as person:
        assert "READ ONLY" in person.screen
        cable.pull_out()
        await person.press_and_go_on("ctrl+r")
        await person.until("NO CONNECTION, trying again in")
        cable.put_back()
        await person.until("READ ONLY")


async def test_another_screen_leads_to_a_table_by_a_message(
    gaztime: str, connection: psycopg.Connection, opened: Opened
) -> None:
    row = connection.execute("select 'wallets'::regclass::oid::int8").fetchone()
    assert row is not None
    async with opened(gaztime) as person:
        person.app.post_message(OpenTable(row[0], "rows"))
        await person.until("wallets  about")
        await person.until("by id")


async def test_the_first_paint_waits_for_no_driver() -> None:
    """psycopg and pydantic cost as much as everything else at the start."""
    question = (
        "import sys, tui.app; print(*sorted({'psycopg', 'pydantic', 'psycopg_pool'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""


async def test_production_is_said_in_words_and_no_fact_is_cut(gaztime: str, opened: Opened) -> None:
    config = Config(server=(KnownServer("*", name="db1.prod", production=True),))
    async with opened(gaztime, config=config) as person:
        person.app.query_one(Badge).show(
            Standing(
                "gaztime", "db1.prod", "PostgreSQL 16.4", ("primary", "no TLS"), "dba_ro", production=True
            )
        )
        first = person.screen.splitlines()[0]
        for word in ("PRODUCTION", "gaztime · db1.prod", "primary · no TLS", "READ ONLY · dba_ro"):
            assert word in first


async def test_ascii_mode_draws_nothing_beyond_ascii(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime, config=Config(ascii=True)) as person:
        for keys in (["enter"], ["tab"], ["tab"], ["O"], ["escape", "question_mark"]):
            await person.press(*keys)
            shown = person.screen.replace("gaztime · db1.prod:5432 · PostgreSQL 16.4 · primary · TLS", "")
            assert not {letter for letter in shown if not letter.isascii()}


@pytest.mark.parametrize("theme", ["pgtether-light", "ansi-dark"])
async def test_another_theme_draws_the_same_words(gaztime: str, opened: Opened, theme: str) -> None:
    async with opened(gaztime) as usual, opened(gaztime, config=Config(theme=theme)) as other:
        assert usual.screen == other.screen
