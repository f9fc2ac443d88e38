"""The list of tables under a person's hands: keys that never wait, sorting, copying, the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from textual import events

from queries.catalog import Catalog, Column, Table
from tests.screens.conftest import Opened
from tests.support.console import Person
from tui import filtering
from tui.config import Config
from tui.screens import tables
from tui.widgets.table_detail import TableDetail


async def test_nothing_is_shown_or_read_for_tables_that_the_cursor_only_passes(
    gaztime: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    show = TableDetail.show

    def noted(self: TableDetail, catalog: Catalog, table: Table) -> None:
        shown.append(table.name)
        show(self, catalog, table)

    monkeypatch.setattr(TableDetail, "show", noted)
    async with opened(gaztime) as person:
        monkeypatch.setattr(tables, "REST_SECONDS", 1.0)
        shown.clear()
        for _ in range(4):
            await person.press_and_go_on("down")
        assert shown == []
        await person.wait()
        assert shown == ["products"]
        assert "products  about" in person.screen


async def test_a_key_about_the_table_does_not_wait_for_the_cursor_to_rest(
    gaztime: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(gaztime) as person:
        monkeypatch.setattr(tables, "REST_SECONDS", 30)
        for key, name in (("enter", "drivers"), ("tab", "drivers")):
            await person.press_and_go_on("escape")
            await person.press_and_go_on("home")
            await person.press_and_go_on("down")
            await person.press_and_go_on(key)
            assert f"{name}  about" in person.screen
        person.app.workers.cancel_all()


async def test_the_list_is_sorted_by_each_measure_in_turn(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        firsts = []
        for title in ("rows ↓", "size ↓", "keys ↓", "name"):
            await person.press("s", "home")
            lines = person.screen.splitlines()
            header = next(at for at, line in enumerate(lines) if "tables 10 of 10" in line)
            assert title in lines[header] or title == "name"
            firsts.append(lines[header + 1].split()[0])
        assert firsts == ["orders", "orders", "customers", "customers"]


async def test_a_copy_reaches_the_terminal_also_through_tmux(
    gaztime: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    async with opened(gaztime) as person:
        driver = person.app._driver  # the terminal
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        monkeypatch.delenv("TMUX", raising=False)
        await person.press("y")
        assert "Copied public.customers" in person.screen
        monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
        await person.press("y")
    plain = "\x1b]52;c;cHVibGljLmN1c3RvbWVycw==\x07"
    wrapped = "\x1bPtmux;\x1b\x1b]52;c;cHVibGljLmN1c3RvbWVycw==\x07\x1b\\"
    assert written == [plain, plain, wrapped]


async def test_a_click_selects_and_another_on_the_same_line_opens(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        await person.click("#tables", offset=(3, 3))
        assert "orders  about" in person.screen
        assert not person.app.query_one(TableDetail).has_focus_within
        await person.click("#tables", offset=(3, 3))
        assert person.app.query_one(TableDetail).has_focus_within
        await person.click("#tabs", offset=(1, 0))
        assert "not null" in person.screen


async def test_without_colours_what_is_wrong_is_still_told_apart(
    gaztime: str, opened: Opened, looks_as: Callable[[Person, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(gaztime) as person:
        looks_as(person, "tables-no-color")


async def test_ascii_needs_no_sign_that_a_plain_terminal_lacks(
    gaztime: str, opened: Opened, looks_as: Callable[[Person, str], None]
) -> None:
    async with opened(gaztime, config=Config(ascii=True)) as person:
        looks_as(person, "tables-ascii")


def _many(count: int) -> Catalog:
    """Tables with ten columns each, without a server: only the filter looks at them."""
    found = {
        oid: Table(oid, "public", f"table_{oid:05}", "r", 0, 0.0, 0, 0, 0, True, False, False)
        for oid in range(count)
    }
    columns = {
        oid: tuple(Column(oid, at, f"column_{at}", "text", False, False, "", "", 0) for at in range(10))
        for oid in found
    }
    return Catalog(found, columns, (), {})


def test_the_first_key_of_a_filter_costs_little_more_than_looking_at_every_name_once() -> None:
    catalog = _many(10_000)
    names = [table.name for table in catalog.roots] + [
        column.name for own in catalog.columns.values() for column in own
    ]

    def plain() -> object:
        return ["zebra" in name.lower() for name in names]

    def filtered() -> object:
        return filtering.found(catalog, catalog.roots, "zebra")

    assert min(_seconds(filtered) for _ in range(5)) < 6 * min(_seconds(plain) for _ in range(5))


def _seconds(function: Callable[[], object]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


async def test_two_keys_in_one_breath_lose_no_focus(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime) as person:
        for key in ("right", "tab"):
            person.app.post_message(events.Key(key, None))
        await person.wait()
        assert person.app.focused is not None
        assert person.app.focused.display
        assert "Esc back" in person.screen
