"""The Findings screen, driven by keys on a real database."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tui.config import Config, KnownServer

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


@pytest.mark.parametrize("size", SIZES)
async def test_findings_stand_worst_first_with_their_orphans_and_what_mends_them(
    untouched: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(untouched, size=size, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "space", "down")
        looks_as(person, "findings")
        assert "18 findings in 10 tables" in person.screen
        assert "17 orphans" in person.screen
        assert "63 orphans in 11 keys" in person.screen


async def test_without_a_policy_nothing_is_wanted_and_the_screen_says_so(
    untouched: str, opened: Opened
) -> None:
    async with opened(untouched) as person:
        await person.press("3")
        assert "Nothing is wrong that the checks look for." in person.screen
        assert "--policy FILE" in person.screen


async def test_orphans_under_a_valid_key_are_a_finding_of_their_own(
    connection: psycopg.Connection, database: str, opened: Opened
) -> None:
    connection.execute("create table p (id int primary key)")
    connection.execute("create table c (p_id int references p); create index on c (p_id)")
    connection.execute("set session_replication_role = replica")
    connection.execute("insert into c select g from generate_series(1, 1904) as g")
    async with opened(database) as person:
        await person.press("3")
        assert "1,904 orphans" in person.screen
        assert "c_p_id_fkey is declared, and still there are rows without a parent." in person.screen


async def test_the_filter_looks_at_every_word_of_a_row(untouched: str, opened: Opened) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "slash")
        await person.write("index")
        assert "missing foreign key" not in person.screen
        assert "subscriptions.n" in person.screen
        await person.write("xyz")
        assert "Nothing matches indexxyz." in person.screen
        await person.press("escape")
        assert "missing foreign key" in person.screen


async def test_p_plans_all_that_are_marked_or_the_one_under_the_cursor(
    untouched: str, opened: Opened
) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "space", "space", "p")
        assert "4 changes for 2 findings" in person.screen
        await person.press("p", "5")
        assert "Plan gaztime: 9 steps in one transaction" in person.screen


async def test_a_finding_leads_to_its_tables(untouched: str, opened: Opened) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down")
        await person.press_and_go_on("o")
        await person.until("users  about")
        await person.press("3")
        await person.press_and_go_on("O")
        await person.until("drivers  about")


async def test_x_explains_the_whole_of_it_and_esc_goes_back(untouched: str, opened: Opened) -> None:
    async with opened(untouched, policy=GAZTIME.policy, size=(160, 50)) as person:
        await person.press("3", "x")
        for word in ("Why it matters", "Evidence", "Mend", "Back", "Locks", "SHARE ROW EXCLUSIVE"):
            assert word in person.screen
        await person.press("escape")
        assert "18 findings" in person.screen


async def test_counting_can_be_stopped_and_begun_again(
    untouched: str, connection: psycopg.Connection, opened: Opened
) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        with psycopg.connect(untouched) as other:
            other.execute("lock table orders in access exclusive mode")
            await person.press_and_go_on("3")
            await person.until("counting…")
            await person.press("escape")
            assert "Counting orphans was stopped: c counts again." in person.screen
        await person.press("c")
        assert "63 orphans in 11 keys" in person.screen


async def test_in_production_orphans_are_counted_only_when_asked_for(untouched: str, opened: Opened) -> None:
    config = Config(server=(KnownServer("*", production=True),))
    async with opened(untouched, policy=GAZTIME.policy, config=config) as person:
        await person.press("3")
        assert "not counted unasked in production" in person.screen
        await person.press("c")
        assert "63 orphans in 11 keys" in person.screen


async def test_a_policy_that_cannot_be_read_fails_with_its_line(
    untouched: str, opened: Opened, tmp_path: object
) -> None:
    file = GAZTIME.policy.parent / "schema.sql"
    async with opened(untouched, policy=file) as person:
        await person.press("3")
        assert "Failed" in person.screen
        assert "schema.sql:" in person.screen.replace("\n", "")
