"""Everything about one table: its columns, keys and indexes, and its rows."""

from __future__ import annotations

from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from queries.catalog import Catalog, Table
from queries.definitions import TableDefinition, definitions
from queries.errors import PgtetherError
from queries.rows import CUT, Match
from tui import figures
from tui.context import Context
from tui.exporting import export
from tui.faults import Subject
from tui.tab_csv import lines_csv
from tui.table_keys import TableKey, Wanted
from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.keys_view import KeysView
from tui.widgets.line_table import LineTable
from tui.widgets.listing import Listing
from tui.widgets.rows_view import RowsView
from tui.widgets.table_cells import (
    COLUMNS,
    INDEXES,
    column_rows,
    index_rows,
    shown_name,
)

TABS = ("columns", "keys", "indexes", "rows")


@dataclass(frozen=True)
class Place:
    """Where a person was: the table, its tab, which rows, and the line or row under the cursor."""

    table: int  # oid
    tab: str
    in_detail: bool
    match: Match | None = None
    key: tuple[str, ...] = ()
    line: int = 0
    if_none: str = ""  # what it means where no row matches


class TableDetail(Vertical):
    """A heading, four tabs, and the open one; rows are read only where their tab is open."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self.table: Table | None = None
        self._heading = Static(classes="panel-title")
        self._bar = ChoiceBar([(tab, tab.capitalize()) for tab in TABS], current="keys", id="tabs")
        self._lists = {
            "columns": Listing(COLUMNS, glyphs=context.glyphs, id="columns"),
            "indexes": Listing(INDEXES, glyphs=context.glyphs, opens=False, id="indexes"),
        }
        self.keys = KeysView(context, id="keys")
        self.rows = RowsView(context, id="rows")
        self._switcher = ContentSwitcher(*self._lists.values(), self.keys, self.rows, initial="keys")

    def compose(self) -> ComposeResult:
        """Heading, tabs, content."""
        with Container(classes="detail-head"):
            yield self._heading
            yield self._bar
        yield self._switcher

    # Load

    def want(self, catalog: Catalog, wanted: Wanted) -> None:
        """What the policy says of this catalog's keys, to be shown from now on."""
        self.keys.want(catalog, wanted)
        if self.tab == "keys":
            line = self.lines.cursor
            self._fill()
            self.lines.cursor = min(line, max(0, len(self.lines.index) - 1))

    def show(self, catalog: Catalog, table: Table) -> None:
        """Show another table, in the tab that is open."""
        self._show_heading(catalog, table)
        self._fill()

    def _show_heading(self, catalog: Catalog, table: Table) -> None:
        self._catalog, self.table = catalog, table
        self._heading.update(Content(self._headline(catalog, table)))

    def _fill(self, place: Place | None = None) -> None:
        """Show the open tab, and read what it needs and the catalog doesn't hold."""
        self.rows.clear()
        if self._catalog is None or self.table is None:
            return
        if self.tab == "columns":
            self._fill_columns(None)
            self.load_definition(self.table)
        elif self.tab == "keys":
            self.keys.show(self._catalog, self.table)
            self.keys.count_unasked()
        elif self.tab == "indexes":
            rows = index_rows(self._catalog, self.table, self._given.glyphs)
            self._lists["indexes"].show(rows, empty="No indexes.")
        else:
            match, start, if_none = (place.match, place.key, place.if_none) if place else (None, (), "")
            self.rows.show(self._catalog, self.table, match=match, start=start, if_none=if_none)

    @work(exclusive=True, group="definition")
    async def load_definition(self, table: Table) -> None:
        """Read lengths of types and defaults: dear for all tables at once, cheap for one."""
        try:
            found = await self._given.ask(definitions, (table.oid,))
        except PgtetherError as error:
            self.notify(str(error), title="Defaults could not be read", severity="warning", markup=False)
            return
        if self.table == table:
            self._fill_columns(found.get(table.text))

    # Show

    def _fill_columns(self, definition: TableDefinition | None) -> None:
        assert self._catalog is not None
        assert self.table is not None
        rows = column_rows(self._catalog, self.table, definition, self._given.glyphs)
        self._lists["columns"].show(rows, empty="A table without columns.")

    def _headline(self, catalog: Catalog, table: Table) -> str:
        dot = f" {self._given.glyphs.dot} "
        parts = [
            "never analysed"
            if table.estimate < 0
            else f"about {figures.counted(round(table.estimate), 'row')}",
            figures.size(table.bytes),
        ]
        if table.kind == "p":
            parts.append(figures.counted(sum(1 for _ in catalog.leaves(table)), "partition"))
        return f"{shown_name(catalog, table)}  {dot.join(parts)}"

    # Actions

    @property
    def tab(self) -> str:
        """The tab that is open."""
        return self._bar.current

    @property
    def lines(self) -> LineTable:
        """The line table of the open tab."""
        views: dict[str, RowsView | KeysView] = {"rows": self.rows, "keys": self.keys}
        return (views.get(self.tab) or self._lists[self.tab]).lines

    @property
    def key(self) -> TableKey | None:
        """The key under the cursor of the Keys tab."""
        return self.keys.key if self.tab == "keys" else None

    @property
    def subject(self) -> Subject | None:
        """The key that a person stands on, or the table."""
        if self._catalog is None or self.table is None:
            return None
        key = self.key if self.has_focus_within else None
        return Subject(self._catalog, self.table, key, self.keys.count_of(key) if key else None)

    @property
    def csv(self) -> str:
        """The open tab to be written to a file; empty where nothing is listed."""
        if self.tab in ("rows", "keys"):
            return self.rows.csv if self.tab == "rows" else self.keys.csv
        return lines_csv(self.lines) if self.lines.rows else ""

    @property
    def column(self) -> str:
        """The name of the column under the cursor, of the Columns and Rows tabs."""
        if self.tab == "rows":
            return self.rows.column
        return self._lists["columns"].lines.cell if self.tab == "columns" else ""

    @property
    def table_text(self) -> str:
        """``schema.table``."""
        return self.table.text if self.table else ""

    @property
    def cell(self) -> str:
        """What ``y`` copies: the value whole where it was read whole, or the first cell of the line."""
        row = self.rows.row if self.tab == "rows" else None
        return (row[self.rows.column] or "") if row else self.lines.cell

    def export(self) -> None:
        """Ask for a file and write the open tab to it."""
        text, table = self.csv, self.table
        if table is None or not text:
            self.notify("Nothing is listed here.", markup=False, timeout=3)
            return
        page = f"The page that was read; values end after {CUT} characters." if self.tab == "rows" else ""
        question, value = f"Write the {self.tab} of {table.text} to a file", f"{table.name}-{self.tab}.csv"
        export(self, question, value=value.replace("/", "-"), shapes={".csv": lambda: text}, hint=page)

    def open(self, tab: str) -> None:
        """Open a tab."""
        focused = self.has_focus_within
        self._bar.show(tab)
        self._switcher.current = tab
        self._fill()
        if focused:
            self.take_focus()

    def arrive(self, catalog: Catalog, table: Table, place: Place) -> None:
        """Come to a place at once, without reading on the way what nobody looks at."""
        self._bar.show(place.tab)
        self._switcher.current = place.tab
        self._show_heading(catalog, table)
        self._fill(place)
        if place.tab != "rows":
            self.lines.cursor = min(place.line, max(0, len(self.lines.index) - 1))

    def next_tab(self, by: int) -> None:
        """Open the tab so many places on."""
        self.open(self._bar.next(by))

    def take_focus(self) -> None:
        """Stand in the open tab, at once: ``focus`` waits, and the next key may have hidden it by then."""
        self.screen.set_focus((self._switcher.visible_content or self).query_one(LineTable))
