"""What the Impact screen says, on gaztime with the keys of its policy."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.screens.conftest import Opened
from tests.support.console import Person
from tests.support.impact_by_keys import SOME, ask, preview
from tests.support.roles import logged_in_as
from tui.config import Config

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


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


async def test_a_child_that_may_not_be_read_leaves_it_uncertain_and_the_table_itself_is_refused(
    keyed: str,
    connection: psycopg.Connection,
    make_role: Callable[..., str],
    opened: Opened,
    looks_as: LooksAs,
) -> None:
    role = make_role("shy")
    connection.execute(f"grant select on customers, wallets, orders to {role}")
    async with opened(logged_in_as(role, keyed)) as person:
        await preview(person, "customers", SOME)
        assert "UNCERTAIN because of privilege" in person.screen
        assert "! privilege subscriptions" in person.screen
        await preview(person, "products", "true")
        assert "permission denied for table products" in person.screen
        looks_as(person, "impact-refused")


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
        assert "! slow b (a)" in person.screen
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
