"""The list of tables with its filter: what is there, how big, and how many keys go out and in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from queries.catalog import Catalog, Table
from tui import figures
from tui.exporting import export
from tui.filtering import Found, found
from tui.glyphs import Glyphs
from tui.output import csv_text
from tui.table_document import COLUMNS, table_document
from tui.verbs import verb
from tui.widgets.columns import Column, Look, Row
from tui.widgets.line_table import LineTable
from tui.widgets.state_panel import State, StatePanel
from tui.widgets.table_cells import table_row

_SORTS = ("name", "rows", "size", "keys")


class TableList(Vertical):
    """Root tables; the filter looks at names of tables, columns and indexes, and says which matched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("filter"),
        Binding("s", "sort", "sort", tooltip="Sort by name, rows, size, or number of keys"),
        Binding("escape", "leave", "all tables", tooltip="Take the filter away"),
    ]

    @dataclass
    class Chosen(Message):
        """The cursor stands on another table (None: the filter finds none); ``opened``: with Enter."""

        table: Table | None
        opened: bool = False

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._catalog: Catalog | None = None
        self._tables: Sequence[Table] = ()
        self._rows: Sequence[Row] = ()
        self._sort = _SORTS[0]
        self._found: list[Found] = []
        self._lines = LineTable(glyphs=glyphs, id="tables")
        self._filter = Input(placeholder="table, column or index; * matches any", compact=True)
        self._state = StatePanel()

    def compose(self) -> ComposeResult:
        """Filter, list, and what stands there when the list is empty."""
        yield self._filter
        yield self._lines
        yield self._state

    def on_mount(self) -> None:
        """The filter comes when it is asked for; nothing blinks."""
        self._filter.cursor_blink = False
        self._filter.display = False
        self._state.display = False

    @property
    def table(self) -> Table | None:
        """The table under the cursor."""
        row = self._lines.row
        return None if row is None else self._tables[row]

    def show(self, catalog: Catalog) -> None:
        """Show this catalog's tables, the cursor where it was."""
        kept = self.table
        self._catalog = catalog
        self._tables = catalog.roots
        self._rows = [table_row(catalog, table, self._glyphs) for table in self._tables]
        self._refill()
        if kept is not None:
            self.go_to(kept.oid)

    def go_to(self, oid: int) -> bool:
        """Put the cursor on a table; a filter that hides it is taken away. Whether the table is there."""
        at = next((at for at, table in enumerate(self._tables) if table.oid == oid), None)
        if at is None:
            return False
        if at not in self._lines.index:
            self._clear()
        self._lines.go_to(at)
        return True

    def find(self, oid: int) -> Table | None:
        """The listed table; a partitioned one has the sums of its partitions."""
        return next((table for table in self._tables if table.oid == oid), None)

    def take_focus(self) -> None:
        """Stand in the list."""
        self._lines.focus()

    def export(self) -> None:
        """Ask for a file and write the tables that the filter leaves, in the order in which they stand."""
        if (catalog := self._catalog) is not None:
            shown = (self._tables[at] for at in self._lines.index)
            text = csv_text(COLUMNS, [list(table_document(table, catalog).values()) for table in shown])
            question = f"Write {figures.counted(len(self._found), 'table')} to a file"
            export(self, question, value="tables.csv", shapes={".csv": lambda: text})

    def _refill(self) -> None:
        assert self._catalog is not None
        self._found = found(self._catalog, self._tables, self._filter.value)
        reasons = {hit.at: hit.reason for hit in self._found if hit.reason}
        rows = list(self._rows)
        for at, reason in reasons.items():
            rows[at] = (*rows[at], Look(reason, "good"))
        self._lines.fill(rows, self._order(), columns=self._columns(filtered=bool(reasons)))
        self._say()

    def _columns(self, *, filtered: bool) -> list[Column]:
        shown, total = (figures.count(len(each)) for each in (self._found, self._tables))
        titles = {name: f"{name} {self._glyphs.down}" if name == self._sort else name for name in _SORTS}
        columns = [
            Column(f"tables {shown} of {total}", flexible=True, cut="middle", least=10),
            Column(titles["rows"], right=True),
            Column(titles["size"], right=True, optional=True),
            Column(titles["keys"]),
        ]
        return [*columns, Column("match", flexible=True, cut="middle", least=6)] if filtered else columns

    def _order(self) -> list[int]:
        assert self._catalog is not None
        shown = [hit.at for hit in self._found]
        keys = (self._catalog.keys_out, self._catalog.keys_in)
        measures = {
            "rows": lambda at: -self._tables[at].estimate,
            "size": lambda at: -self._tables[at].bytes,
            "keys": lambda at: -sum(len(way.get(self._tables[at].oid, ())) for way in keys),
        }
        return sorted(shown, key=measures[self._sort]) if self._sort in measures else shown

    def _say(self) -> None:
        total, shown = len(self._tables), len(self._found)
        self._lines.set_class(not shown, "-empty")
        self._state.display = not shown
        if not total:
            self._state.show(
                State.EMPTY, "No tables.", means="The database holds none that this role can see."
            )
        elif not shown:
            self._state.show(
                State.EMPTY, f"Nothing matches {self._filter.value}.", do="Esc takes the filter away."
            )

    def action_filter(self) -> None:
        """Type a pattern."""
        self._filter.display = True
        self._filter.focus()

    def action_sort(self) -> None:
        """Sort by the next measure."""
        self._sort = _SORTS[(_SORTS.index(self._sort) + 1) % len(_SORTS)]
        kept = self.table
        self._refill()
        if kept is not None:
            self.go_to(kept.oid)

    def action_leave(self) -> None:
        """Take the filter away."""
        self._clear()
        self._lines.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A filter is left only where there is one, and begun only where none is being typed."""
        there = {"leave": self._filter.display, "filter": not self._filter.has_focus}
        return there.get(action, True)

    def _clear(self) -> None:
        kept = self.table
        self._filter.display = False
        self._filter.value = ""
        if self._catalog is not None:
            self._refill()
        if kept is not None:
            self.go_to(kept.oid)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        if self._catalog is not None:
            self._refill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back into the list, with the filter; an empty one goes away."""
        event.stop()
        self._filter.display = bool(event.value)
        self._lines.focus()

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """Tell which table it is."""
        event.stop()
        self.post_message(self.Chosen(self.table))

    def on_line_table_opened(self, event: LineTable.Opened) -> None:
        """Tell that it was opened."""
        event.stop()
        self.post_message(self.Chosen(self.table, opened=True))
