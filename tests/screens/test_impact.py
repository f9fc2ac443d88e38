"""The Impact screen, driven by keys on gaztime with the keys of its policy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from textual.events import Paste

from queries.policy import policy
from queries.steps.compose import Name, columns, reference, table, words
from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tests.support.roles import logged_in_as
from tui.config import Config, KnownServer

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]
SOME = "id <= 'cus_000050'"


KEY = sql.SQL("alter table {} add constraint {} foreign key ({}) references {} on delete {} not valid")


@pytest.fixture
def keyed(untouched: str, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> str:
    """The conninfo string of gaztime with the keys of its policy; it is always 14:02:11 there."""
    connection.execute("alter table pods alter operator_id drop not null")
    for wanted in policy(GAZTIME.policy).foreign_key:
        for name in wanted.keys:
            child, parent = name.child, name.parent
            key = (table(child.table), Name(wanted.name or ""), columns(child.columns), reference(parent))
            connection.execute(KEY.format(*key, words(wanted.on_delete)))
    monkeypatch.setattr("tui.preview.time_of_day", lambda: "14:02:11")
    return untouched


@pytest.fixture
def billed(keyed: str, connection: psycopg.Connection) -> str:
    """The same with invoices that refuse, at commit, to let their customers go."""
    connection.execute(
        "create table invoices (id int primary key, customer_id text constraint fk_invoices_customer"
        " references customers deferrable initially deferred)"
    )
    connection.execute("insert into invoices values (1, 'cus_000003'), (2, 'cus_000003'), (3, 'cus_000700')")
    connection.execute("analyze invoices")
    return keyed


async def preview(person: Person, table: str, where: str) -> None:
    """Name a table and a condition on the screen."""
    await ask(person, table, where)
    await person.press("enter")


async def ask(person: Person, table: str, where: str) -> None:
    """The same up to the last key."""
    await person.press("4", "t")
    await paste(person, table)
    await person.press("enter")
    await paste(person, where)


async def paste(person: Person, text: str) -> None:
    """Into the field that has the focus: quicker than typing."""
    focused = person.app.focused
    assert focused is not None
    focused.post_message(Paste(text))
    await person.wait()


@pytest.mark.parametrize("size", SIZES)
async def test_the_verdict_comes_first_and_then_what_blocks_and_what_goes(
    billed: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(billed, size=size) as person:
        await preview(person, "customers", SOME)
        looks_as(person, "impact")
        assert "BLOCKED at commit by fk_invoices_customer of invoices; without that:" in person.screen
        assert "read at 14:02:11, exact" in person.screen


async def test_the_screen_says_how_to_begin(keyed: str, opened: Opened, looks_as: LooksAs) -> None:
    async with opened(keyed) as person:
        await person.press("4")
        assert "No delete is looked at yet." in person.screen
        looks_as(person, "impact-empty")
        await person.press("i")
        await person.write("nowhere")
        await person.press("enter")
        assert "There is no table nowhere." in person.screen


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


async def test_a_condition_that_the_server_refuses_is_told_in_its_words_with_the_pointer(
    keyed: str, opened: Opened, looks_as: LooksAs
) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", "id = 'x' and nonsense > 3")
        assert 'column "nonsense" does not exist' in person.screen
        lines = person.screen.splitlines()
        at = next(number for number, line in enumerate(lines) if "^" in line)
        assert lines[at - 1].index("nonsense") == lines[at].index("^")
        looks_as(person, "impact-failed")


async def test_a_second_statement_in_the_where_is_refused(
    keyed: str, opened: Opened, connection: psycopg.Connection
) -> None:
    async with opened(keyed) as person:
        await preview(person, "customers", "true); commit; delete from wallets where (true")
        assert "cannot insert multiple commands into a prepared statement" in person.screen
    assert connection.execute("select count(*) > 0 from wallets").fetchone() == (True,)


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


async def test_a_repeat_is_marked_and_the_other_paths_are_counted(
    connection: psycopg.Connection, database: str, opened: Opened
) -> None:
    for statement in (
        "create table a (id int primary key, up int references a on delete cascade)",
        "create table b (id int primary key, a int references a on delete cascade)",
        "create table c (id int primary key, a int references a on delete set null)",
        "create table d (id int primary key, b int references b on delete cascade,"
        " a int references a on delete cascade)",
        "insert into a values (1, null), (2, 1)",
        "insert into b values (1, 1), (2, 2)",
        "insert into c values (1, 1)",
        "insert into d values (1, 1, null), (2, null, 2)",
        "analyze",
    ):
        connection.execute(statement)
    async with opened(database) as person:
        await preview(person, "a", "id = 1")
        assert "(+1 more path)" in person.screen
        assert person.screen.count("shown above") == 2
        assert "C a.up" in person.screen
        assert "Would delete 6 rows in 3 tables, set null 1 in 1." in person.screen


async def test_a_trigger_makes_it_uncertain_and_is_named(
    keyed: str, opened: Opened, connection: psycopg.Connection
) -> None:
    connection.execute("create function watch() returns trigger language plpgsql as 'begin return old; end'")
    connection.execute(
        "create trigger watch_wallets before delete on wallets for each row execute function watch()"
    )
    async with opened(keyed) as person:
        await preview(person, "customers", SOME)
        assert "UNCERTAIN because of trigger" in person.screen
        assert "! trigger" in person.screen
        await person.press("enter")
        assert "watch_wallets" in person.screen


async def test_a_role_that_may_not_read_a_child_is_told_which(
    keyed: str, connection: psycopg.Connection, make_role: Callable[..., str], opened: Opened
) -> None:
    role = make_role("shy")
    connection.execute(f"grant select on customers, wallets, orders to {role}")
    async with opened(logged_in_as(role, keyed)) as person:
        await preview(person, "customers", SOME)
        assert "permission denied" in person.screen or "may not read" in person.screen


async def test_while_it_reads_numbers_are_estimates_and_esc_says_what_is_known(
    keyed: str, opened: Opened, looks_as: LooksAs, database: str
) -> None:
    async with opened(keyed) as person:
        with psycopg.connect(database) as other:
            other.execute("lock table wallet_transactions in access exclusive mode")
            await ask(person, "customers", SOME)
            await person.press_and_go_on("enter")
            await person.until("about ")
            looks_as(person, "impact-loading")
            await person.press("escape")
            assert "STOPPED" in person.screen
            waiting = other.execute("select count(*) from pg_locks where not granted").fetchone()
            assert waiting == (0,)


async def test_a_missing_index_that_makes_the_delete_slow_is_named(
    connection: psycopg.Connection, database: str, opened: Opened
) -> None:
    for statement in (
        "create table a (id int primary key)",
        "create table b (id int primary key, a int references a on delete cascade)",
        "insert into a select generate_series(1, 2000)",
        "insert into b select i, i % 5000 + 1 from generate_series(1, 1500) as i",
        "analyze",
    ):
        connection.execute(statement)
    async with opened(database, size=(160, 50)) as person:
        await preview(person, "a", "true")
        assert "! slow public.b (a)" in person.screen
        assert "No index: the DELETE reads all of b" in person.screen


async def test_rules_and_verdict_need_neither_colour_nor_more_than_ascii(
    billed: str, opened: Opened, monkeypatch: pytest.MonkeyPatch, looks_as: LooksAs
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(billed, config=Config(ascii=True)) as person:
        await preview(person, "customers", SOME)
        looks_as(person, "impact-no-color")
        shown = person.screen.replace("gaztime · db1.prod:5432 · PostgreSQL 16.4 · primary · TLS", "")
        assert not {letter for letter in shown if not letter.isascii()}
        assert "x A invoices.customer_id" in person.screen
