"""What the keys of the Impact screen do, on gaztime with the keys of its policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tests.support.impact_by_keys import SOME, paste, preview
from tui.config import Config, KnownServer

LooksAs = Callable[[Person, str], None]


async def test_d_on_a_row_looks_at_its_delete_by_its_primary_key(keyed: str, opened: Opened) -> None:
    async with opened(keyed) as person:
        await person.press("enter", "tab", "tab", "down", "down", "d")
        assert "DELETE FROM public.customers WHERE id = 'cus_000003'" in person.screen
        assert "Would delete 4 rows in 3 tables, set null 5 in 2." in person.screen
        assert "via wallets" in person.screen


async def test_d_on_a_table_asks_for_the_where(keyed: str, opened: Opened) -> None:
    async with opened(keyed) as person:
        await person.press("down", "d")
        assert "DELETE FROM public.drivers WHERE" in person.screen
        await person.write("false")
        await person.press("enter")
        assert "Would delete nothing: no row meets the condition." in person.screen


async def test_d_on_a_finding_looks_at_the_parent_of_its_key(untouched: str, opened: Opened) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "d")
        assert "DELETE FROM public." in person.screen
        await person.write("true")
        await person.press("enter")
        assert "Would delete" in person.screen


async def test_the_where_is_changed_and_read_again(keyed: str, opened: Opened) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", "id = 'cus_000003'")
        await person.press("i", "home", *["delete"] * 4)
        await person.write("id <")
        await person.press("enter")
        assert "WHERE id < 'cus_000003'" in person.screen
        assert "customers                               2" in person.screen


async def test_enter_shows_the_very_rows_and_masks_what_tells_of_people(billed: str, opened: Opened) -> None:
    async with opened(billed, size=(160, 50)) as person:
        await preview(person, "customers", SOME)
        await person.press("enter")
        assert "Rows of public.invoices that refer to what goes" in person.screen
        assert "all of them, 2 rows" in person.screen
        await person.press("escape", "down", "down", "down", "enter")
        assert "Rows of public.wallet_transactions that refer to what goes, via wallets" in person.screen
        assert "all of them, 98 rows" in person.screen
        await person.press("escape", "up", "up", "enter")
        assert "Rows of public.customers that meet the condition" in person.screen
        assert "***" in person.screen
        await person.press("z")
        assert "***" not in person.screen


async def test_a_branch_is_closed_and_opened(keyed: str, opened: Opened) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", SOME)
        await person.press("down", "down", "left")
        assert "wallet_transactions" in person.screen
        await person.press("left")
        assert "wallet_transactions" not in person.screen
        assert "▸ C wallets.customer_id" in person.screen
        await person.press("right")
        assert "wallet_transactions" in person.screen


async def test_a_rehearsal_says_that_it_came_to_the_same_and_leaves_everything(
    keyed: str, opened: Opened, connection: psycopg.Connection, looks_as: LooksAs
) -> None:
    async with opened(keyed) as person:
        await preview(person, "users", "role = 'driver'")
        await person.press("R")
        assert "leaves dead rows behind" in person.screen
        await person.press("escape")
        assert "Rehearsed" not in person.screen
        await person.press("R", "tab", "enter")
        assert "The rehearsal did the same: 78 rows deleted in 2 tables" in person.screen
        looks_as(person, "impact-rehearsed")
    assert connection.execute("select count(*) from users where role = 'driver'").fetchone() == (40,)


async def test_a_rehearsal_that_differs_is_marked(
    keyed: str, opened: Opened, connection: psycopg.Connection
) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", SOME)
        connection.execute("delete from wallet_transactions where wallet_id = 'wal_000001'")
        await person.press("R", "tab", "enter")
        assert "DIFFERS: the rehearsal comes to other numbers in public.wallet_transactions." in person.screen
        assert "differs" in person.screen


async def test_a_rehearsal_meets_the_blocker_that_was_read(billed: str, opened: Opened) -> None:
    async with opened(billed) as person:
        await preview(person, "customers", SOME)
        await person.press("R", "tab", "enter")
        assert "The rehearsal was refused at commit by fk_invoices_customer" in person.screen
        assert "as read" in person.screen


async def test_in_production_a_rehearsal_wants_the_databases_name(keyed: str, opened: Opened) -> None:
    config = Config(server=(KnownServer("*", production=True),))
    async with opened(keyed, config=config) as person:
        await preview(person, "customers", SOME)
        await person.press("R")
        assert "Rehearse this DELETE in PRODUCTION database" in person.screen
        await person.press("enter")
        assert "to go on." in person.screen


async def test_p_puts_another_rule_for_the_blocker_into_the_plan(billed: str, opened: Opened) -> None:
    async with opened(billed) as person:
        await preview(person, "customers", SOME)
        await person.press("p")
        assert "fk_invoices_customer of public.invoices is on delete no action." in person.screen
        await person.press("enter")
        assert "1 change added to the plan" in person.screen
        await person.press("5")
        assert "change key fk_invoices_customer of invoices" in person.screen


async def test_w_writes_the_rows_with_a_script_that_puts_them_back(
    keyed: str, opened: Opened, tmp_path: Path
) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", SOME)
        await person.press("w")
        await paste(person, str(tmp_path / "kit"))
        await person.press("enter")
        assert "Wrote 415 rows in 6 files" in person.screen
    assert (tmp_path / "kit" / "restore.sql").exists()
