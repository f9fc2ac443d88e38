"""The line table: what it draws, and how little of it for a key."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from tui.widgets.columns import Column, Row
from tui.widgets.line_table import LineTable

COLUMNS = (
    Column("name", flexible=True, cut="middle"),
    Column("rows", right=True),
    Column("size", optional=True),
)


class _Alone(App[None]):
    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.table = LineTable(COLUMNS)
        self._given = rows

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.styles.height = 10
        self.table.fill(self._given)

    def standing_on(self) -> int | None:
        return self.table.row

    def line(self, y: int) -> str:
        return self.table.render_line(y).text.rstrip()


def _many(count: int) -> list[Row]:
    return [(f"schema_{i % 40}.table_{i:06d}", str(i), "8 kB") for i in range(count)]


async def test_a_key_repaints_two_lines_of_ten_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _Alone(_many(10_000))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        painted: list[Region] = []
        monkeypatch.setattr(app.table, "refresh", lambda *regions, **_: painted.extend(regions))
        app.table.action_move(1)
        assert [(region.y, region.height) for region in painted] == [(1, 1), (2, 1)]


async def test_the_cursor_stays_in_view_wherever_it_goes() -> None:
    app = _Alone(_many(10_000))
    async with app.run_test(size=(60, 20)) as pilot:
        for key, row in (
            ("end", 9_999),
            ("k", 9_998),
            ("home", 0),
            ("j", 1),
            ("pagedown", 9),
            ("ctrl+end", 9_999),
        ):
            await pilot.press(key)
            assert app.table.row == row
            top = round(app.table.scroll_offset.y)
            assert top <= app.table.cursor < top + app.table.size.height - 1


async def test_a_filter_and_an_order_are_a_list_of_indexes() -> None:
    app = _Alone(_many(100))
    async with app.run_test(size=(60, 20)) as pilot:
        app.table.pick([7, 3, 50], keep=3)
        await pilot.pause()
        assert app.standing_on() == 3
        assert [app.line(y).split()[1] for y in (1, 2, 3)] == ["7", "3", "50"]
        app.table.pick([])
        await pilot.press("down", "enter", "end", "pagedown")
        assert app.standing_on() is None


async def test_names_are_cut_in_the_middle_and_optional_columns_left_out_where_room_is_short() -> None:
    app = _Alone([("customer_subscription_payments_archive", "1234", "96 MB")])
    async with app.run_test(size=(26, 20)) as pilot:
        await pilot.pause()
        assert app.line(0).split() == ["name", "rows"]
        assert app.line(1) == "customer_s…s_archive  1234"


async def test_wide_letters_and_control_characters_keep_the_columns_straight() -> None:
    app = _Alone(
        [
            ("日本語の表", "1", ""),
            ("a\nb\x1b[31m", "22", ""),
            ("[bold]x[/]", "333", ""),
            ("e\u202ex", "4", ""),
        ]
    )
    async with app.run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        assert [app.line(y).split() for y in (1, 2, 3, 4)] == [
            ["日本語の表", "1"],
            ["a␊b␛[31m", "22"],
            ["[bold]x[/]", "333"],
            ["e\\u202ex", "4"],
        ]
        assert len({app.table.render_line(y).cell_length for y in range(5)}) == 1
