"""A table drawn line by line: 10,000 rows are ready at once, and a key press repaints two lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.cells import safe
from tui.widgets.columns import (
    GAP,
    Cell,
    Column,
    Row,
    fitted_widths,
    laid_out,
    natural_widths,
    text_of,
    total_width,
)


class LineTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of text under a header that stays, with a cursor; with ``by_cell`` it goes from cell to cell.

    What is seen of ``rows``, and in which order, is a list of indexes: to filter and to sort is to hand over
    another one. Text is drawn as it is, never read as markup.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--header",
        "line-table--cursor",
        "line-table--cell",
        "line-table--wrong",
        "line-table--warning",
        "line-table--good",
        "line-table--strong",
        "line-table--faint",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, tooltip="One line down"),
        Binding("up,k", "move(-1)", "up", show=False, tooltip="One line up"),
        Binding("right,l", "sideways(1)", "right", show=False, tooltip="One column to the right"),
        Binding("left,h", "sideways(-1)", "left", show=False, tooltip="One column to the left"),
        Binding("pagedown", "page(1)", "page down", show=False, tooltip="One screen down"),
        Binding("pageup", "page(-1)", "page up", show=False, tooltip="One screen up"),
        Binding("home,ctrl+home", "first", "first", show=False, tooltip="To the first line"),
        Binding("end,ctrl+end", "last", "last", show=False, tooltip="To the last line"),
        Binding("enter", "open", "open", tooltip="Open the line under the cursor"),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    column: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Moved(Message):
        """The cursor stands on another row of ``rows`` (None: there is none)."""

        table: LineTable
        row: int | None

    @dataclass
    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

        table: LineTable
        row: int

    @dataclass
    class Edge(Message):
        """The person wants further than the first (-1) or the last line (1); ``end``: to the very end."""

        table: LineTable
        way: int
        end: bool = False

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        glyphs: Glyphs = UNICODE,
        by_cell: bool = False,
        opens: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns: Sequence[Column] = columns
        self.rows: Sequence[Row] = ()
        self.index: Sequence[int] = ()
        self._glyphs = glyphs
        self._by_cell = by_cell
        self._opens = opens
        self._natural: list[int] = []
        self._widths: list[int] = []

    # Data

    def fill(
        self,
        rows: Sequence[Row],
        index: Sequence[int] | None = None,
        *,
        columns: Sequence[Column] | None = None,
    ) -> None:
        """Show other rows, all of them or those of the index; the cursor goes to the first."""
        self.columns = self.columns if columns is None else columns
        self.rows = rows
        self._natural = natural_widths(self.columns, rows)
        self.column = min(self.column, max(0, len(self.columns) - 1))
        self.pick(range(len(rows)) if index is None else index)

    def pick(self, index: Sequence[int], *, keep: int | None = None) -> None:
        """Show these of the rows, in this order; ``keep`` is the row to stand on if it is among them."""
        self.index = index
        at = list(index).index(keep) if keep is not None and keep in index else 0
        self._measure()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.set_reactive(LineTable.cursor, at)
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self, self.row))

    def reword(self, rows: Sequence[Row]) -> None:
        """Other words in the same rows; what differs is repainted, and the cursor stays where it is."""
        differ = {at for at, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old != new}
        widths, self.rows, self._natural = self._widths, rows, natural_widths(self.columns, rows)
        self._measure()
        if self._widths != widths:
            self.refresh()
        self._repaint(*(line for line, at in enumerate(self.index) if at in differ))

    @property
    def row(self) -> int | None:
        """The place in ``rows`` of the row under the cursor."""
        return self.index[self.cursor] if self.cursor < len(self.index) else None

    @property
    def cell(self) -> str:
        """The text under the cursor: its cell where there is a cell cursor, otherwise the first."""
        row = self.row
        return "" if row is None else text_of(self.rows[row][self.column if self._by_cell else 0])

    def go_to(self, row: int) -> None:
        """Put the cursor on that place of ``rows``, if it is shown."""
        if row in self.index:
            self.cursor = list(self.index).index(row)

    # Drawing

    def on_resize(self) -> None:
        """Fit the columns into the new width."""
        self._measure()
        self._reveal()

    def _measure(self) -> None:
        room = self.scrollable_content_region.width
        self._widths = fitted_widths(self.columns, self._natural, room) if self._natural else []
        self.virtual_size = Size(total_width(self._widths), len(self.index) + 1)

    def render_line(self, y: int) -> Strip:
        """The header, or one row."""
        left, top = (round(offset) for offset in self.scroll_offset)
        width, at = self.scrollable_content_region.width, y + top - 1
        if y == 0:
            style = self.get_component_rich_style("line-table--header")
            return self._strip([column.title for column in self.columns], style).crop_extend(
                left, left + width, style
            )
        if at >= len(self.index):
            return Strip.blank(width, self.rich_style)
        style = self.get_component_rich_style("line-table--cursor") if at == self.cursor else self.rich_style
        strip = self._strip(self.rows[self.index[at]], style, cursor=at == self.cursor)
        return strip.crop_extend(left, left + width, style)

    def _strip(self, row: Row, style: Style, *, cursor: bool = False) -> Strip:
        segments: list[Segment] = []
        for at, (cell, column, width) in enumerate(zip(row, self.columns, self._widths, strict=False)):
            if not width:
                continue
            if segments:
                segments.append(Segment(" " * GAP, style))
            text = safe(text_of(cell), ascii_only=self._glyphs.cut.isascii())
            drawn = laid_out(column, text, width, mark=self._glyphs.cut)
            segments.append(
                Segment(drawn, self._cell_style(cell, style, chosen=cursor and at == self.column))
            )
        return Strip(segments).simplify()  # one style, one escape sequence

    def _cell_style(self, cell: Cell, style: Style, *, chosen: bool) -> Style:
        if chosen and self._by_cell:
            return style + self.get_component_rich_style("line-table--cell", partial=True)
        if isinstance(cell, str):
            return style
        return style + self.get_component_rich_style(f"line-table--{cell.look}", partial=True)

    # Moving

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint two lines, or scroll."""
        if not self._reveal():
            self._repaint(old, new)
        self.post_message(self.Moved(self, self.row))

    def watch_column(self) -> None:
        """Bring the column into view."""
        left = sum(self._widths[: self.column]) + GAP * self.column
        width = self._widths[self.column] if self.column < len(self._widths) else 0
        room, offset = self.scrollable_content_region.width, round(self.scroll_offset.x)
        if left < offset:
            self.scroll_to(x=left, animate=False, force=True, immediate=True)
        elif left + width > offset + room:
            self.scroll_to(x=min(left, left + width - room), animate=False, force=True, immediate=True)
        self._repaint(self.cursor)

    def _repaint(self, *lines: int) -> None:
        for line in lines:
            self.refresh(Region(0, line - round(self.scroll_offset.y) + 1, self.size.width, 1))

    def _reveal(self) -> bool:
        """Scroll until the cursor is seen; whether that was needed."""
        top, height = round(self.scroll_offset.y), max(1, self.scrollable_content_region.height - 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True, immediate=True)
        else:
            return False
        return True

    def action_move(self, lines: int) -> None:
        """Move the cursor; at an end, say so."""
        wanted = self.cursor + lines
        if not self.index or wanted < 0 or wanted >= len(self.index):
            self.post_message(self.Edge(self, 1 if lines > 0 else -1))
        self.cursor = max(0, min(len(self.index) - 1, wanted))

    def action_page(self, way: int) -> None:
        """Move by what is seen, less one line; the last line first, then further."""
        lines = max(1, self.scrollable_content_region.height - 2)
        at_end = self.cursor == (len(self.index) - 1 if way > 0 else 0)
        room = len(self.index) - 1 - self.cursor if way > 0 else self.cursor
        self.action_move(way * (lines if at_end else min(lines, room)))

    def action_first(self) -> None:
        """To the first line."""
        self.cursor = 0
        self.post_message(self.Edge(self, -1, end=True))

    def action_last(self) -> None:
        """To the last line."""
        self.cursor = max(0, len(self.index) - 1)
        self.post_message(self.Edge(self, 1, end=True))

    def action_sideways(self, columns: int) -> None:
        """To the next column, where there is a cell cursor."""
        self.column = max(0, min(len(self.columns) - 1, self.column + columns))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a cell cursor nothing goes sideways, and not every table opens: the screen may."""
        return {"sideways": self._by_cell, "open": self._opens}.get(action, True)

    def action_open(self) -> None:
        """Tell that the row was opened."""
        if self.row is not None:
            self.post_message(self.Opened(self, self.row))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; a click on the row under the cursor opens it."""
        at = event.y + round(self.scroll_offset.y) - 1
        if event.y == 0 or at >= len(self.index):
            return
        if at == self.cursor:
            self.action_open()
        self.cursor = at
