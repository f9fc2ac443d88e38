"""The Tables screen, driven by keys on a real database."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.screens.conftest import Opened
from tests.support.console import Person
from tests.support.roles import logged_in_as

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


@pytest.mark.parametrize("size", SIZES)
async def test_the_tables_and_the_keys_of_the_first_are_there_at_once(
    gaztime: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(gaztime, size=size) as person:
        looks_as(person, "tables")


@pytest.mark.parametrize("size", SIZES)
async def test_rows_are_read_when_their_tab_is_opened(
    gaztime: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(gaztime, size=size) as person:
        await person.press("enter", "tab", "tab", "right", "right")
        looks_as(person, "tables-rows")


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_of_the_keyboard_has_a_sentence(
    gaztime: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(gaztime, size=size) as person:
        await person.press("question_mark")
        looks_as(person, "keys")


async def test_the_filter_finds_tables_columns_and_indexes_and_says_which(
    gaztime: str, opened: Opened, looks_as: LooksAs
) -> None:
    async with opened(gaztime) as person:
        await person.press("slash")
        await person.write("driver")
        looks_as(person, "tables-filter")
        assert "tables 2 of 10" in person.screen
        assert ".driver_id" in person.screen
        await person.press("enter", "slash", *["backspace"] * 6)
        await person.write("*_created_idx")
        assert "index orders_status_created_idx" in person.screen
        await person.press("escape")
        assert "tables 10 of 10" in person.screen


async def test_a_filter_that_finds_nothing_says_how_to_take_it_away(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        await person.press("slash")
        await person.write("zebra")
        assert "Nothing matches zebra." in person.screen
        assert "Esc takes the filter away." in person.screen


async def test_o_follows_a_rows_key_to_its_parent_and_the_way_leads_back(
    gaztime: str, opened: Opened
) -> None:
    async with opened(gaztime) as person:
        await person.press("down", "down", "enter", "tab", "tab", "down", "right", "right", "o")
        assert "id = cus_" in person.screen
        assert "customers  about" in person.screen
        await person.press("left_square_bracket")
        assert "orders  about" in person.screen
        assert "by id · more above and below" in person.screen
        await person.press("right_square_bracket")
        assert "id = cus_" in person.screen


async def test_enter_on_a_column_goes_to_the_table_that_its_key_refers_to(
    gaztime: str, opened: Opened
) -> None:
    async with opened(gaztime) as person:
        await person.press("down", "l", "shift+tab", "down", "down", "enter")
        assert "vehicles  about" in person.screen
        await person.press("left_square_bracket")
        assert "drivers  about" in person.screen
        await person.press("home", "enter")
        assert "id is in no foreign key." in person.screen
        await person.press("h", "end", "j", "home")
        assert "customers  about" in person.screen


async def test_an_orphan_is_called_one_where_its_parent_is_missing(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        await person.press("down", "down", "enter", "tab", "tab", "right", "right", *["down"] * 16, "o")
        assert "No row of public.customers has id = cus_000648." in person.screen
        assert "The row that you came from is an orphan" in person.screen


async def test_children_of_a_row_are_asked_for_where_there_are_several(
    gaztime: str, opened: Opened, looks_as: LooksAs
) -> None:
    async with opened(gaztime) as person:
        await person.press("enter", "tab", "tab", "O")
        looks_as(person, "tables-children")
        await person.press("down", "down", "enter")
        assert "wallets  about" in person.screen
        assert "customer_id = cus_000001" in person.screen


async def test_a_key_that_is_null_leads_nowhere_and_says_so(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        await person.press("enter", "tab", "tab", "o")
        assert "referred_by is NULL" in person.screen
        assert "by id · more below" in person.screen


async def test_pages_follow_each_other_in_both_directions(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        await person.press("down", "down", "enter", "tab", "tab", "end")
        assert "by id · more above" in person.screen
        assert "ord_001700" in person.screen
        await person.press("home")
        assert "ord_000001" in person.screen
        await person.press("up", "k")
        assert "by id · more below" in person.screen


async def test_what_may_not_be_read_is_refused_in_words(
    gaztime: str, connection: psycopg.Connection, make_role: Callable[..., str], opened: Opened
) -> None:
    role = make_role("shy")
    connection.execute(f"grant select on customers, wallets to {role}")
    connection.execute("alter table wallets enable row level security")
    async with opened(logged_in_as(role, gaztime)) as person:
        await person.press("down", "enter", "tab", "tab")
        assert "Not allowed" in person.screen
        assert "GRANT SELECT ON public.drivers" in person.screen
        await person.press("escape", "end", "enter")
        assert "Row security shows this role no row of public.wallets." in person.screen


async def test_a_name_is_data_and_never_markup(
    connection: psycopg.Connection, database: str, opened: Opened
) -> None:
    connection.execute('create table "[red]a\nb" (id int primary key, "日本語" text)')
    connection.execute(
        """insert into "[red]a\nb" values (1, '[bold]x' || chr(27) || '[31m'), (2, ''), (3, null)"""
    )
    async with opened(database) as person:
        assert '"[red]a␊b"' in person.screen
        await person.press("enter", "tab", "tab")
        assert "日本語" in person.screen
        assert "[bold]x␛[31m" in person.screen
        assert '""' in person.screen
        assert "NULL" in person.screen


async def test_a_table_that_is_locked_says_that_it_is_read_and_can_be_left(
    gaztime: str, database: str, opened: Opened
) -> None:
    async with opened(gaztime) as person:
        await person.press("tab", "tab")
        with psycopg.connect(database) as other:
            other.execute("lock table drivers in access exclusive mode")
            await person.press_and_go_on("down")
            await person.until("Reading rows of public.drivers")
            await person.press("down")
            assert "ord_000001" in person.screen
            waiting = other.execute("select count(*) from pg_locks where not granted").fetchone()
            assert waiting == (0,)


async def test_rows_of_a_table_that_is_gone_fail_in_words(
    gaztime: str, connection: psycopg.Connection, opened: Opened
) -> None:
    async with opened(gaztime) as person:
        connection.execute("drop table vehicles cascade")
        await person.press("end", "k", "k", "tab", "tab")
        assert 'relation "public.vehicles" does not exist' in person.screen
        assert "Nothing was changed" in person.screen
        await person.press("ctrl+r")
        assert "tables 9 of 9" in person.screen
