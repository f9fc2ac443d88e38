"""The rows of a table, a page at a time, with a cursor that goes from cell to cell."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from queries.catalog import Catalog, Table
from queries.errors import PgtetherError
from queries.rows import Asked, Match, Page, Way, order_key, page
from tui.context import Context
from tui.jumps import needed_whole
from tui.tab_csv import rows_csv
from tui.widgets.columns import Cell, Column, Look
from tui.widgets.line_table import LineTable
from tui.widgets.state_panel import State, StatePanel

WIDEST = 40


class RowsView(Vertical):
    """One page of rows of one table; further pages come when the cursor goes past an end."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._asked: Asked | None = None
        self._page: Page | None = None
        self._if_none = ""
        self.lines = LineTable(glyphs=context.glyphs, by_cell=True, id="rows-lines")
        self._note = Static(classes="note")
        self._state = StatePanel()

    def compose(self) -> ComposeResult:
        """The rows, where they stand in the table, and what is there instead of them."""
        yield self._note
        yield self.lines
        yield self._state

    # Load

    def show(
        self,
        catalog: Catalog,
        table: Table,
        *,
        match: Match | None = None,
        start: Sequence[str] = (),
        if_none: str = "",
    ) -> None:
        """Read the first page of the table, or the one that begins at ``start``.

        ``if_none`` says what it means where no row matches.
        """
        self._if_none = if_none
        self._asked = Asked(
            table,
            catalog.columns.get(table.oid, ()),
            order_key(catalog, table),
            match,
            needed_whole(catalog, table),
        )
        if not table.readable:
            self._say(
                State.REFUSED,
                f"This role may not read {table.text}.",
                do=f"Its owner can allow it: GRANT SELECT ON {table.text} TO …",
            )
            return
        self._say(State.LOADING, f"Reading rows of {table.text}{self._given.glyphs.cut}")
        self.load(self._asked, Way.FROM if start and self._asked.key else Way.FIRST, tuple(start))

    def clear(self) -> None:
        """Forget the rows, and stop reading them."""
        self.workers.cancel_node(self)
        self._asked = self._page = None

    @work(exclusive=True, group="rows")
    async def load(self, asked: Asked, way: Way, start: tuple[str, ...], at_end: bool = False) -> None:
        """Read one page; moving elsewhere stops it on the server."""
        try:
            found = await self._given.ask(page, asked, way=way, start=start)
        except PgtetherError as error:
            self._say(State.FAILED, error.what, means=error.means, do=error.do)
            return
        if found.rows:
            self._page = found
            self._fill(found, at_end=at_end)
        elif way in (Way.FIRST, Way.FROM):
            self._say_empty(asked)
        else:  # those rows were deleted meanwhile
            self.load(asked, Way.FIRST, ())

    # Show

    def _fill(self, found: Page, *, at_end: bool) -> None:
        columns = [
            Column(column.name, most=WIDEST, right=_is_number(column.type)) for column in found.asked.columns
        ]
        rows = [tuple(_cell(value) for value in row) for row in found.rows]
        self._show_lines(True)
        self.lines.fill(rows, columns=columns)
        if at_end:
            self.lines.go_to(len(rows) - 1)
        self._note.update(Content(self._where(found)))

    def _where(self, found: Page) -> str:
        """Where the page stands, and what is not shown."""
        asked, dot = found.asked, f" {self._given.glyphs.dot} "
        parts = [_condition(asked.match)] if asked.match else []
        if asked.key:
            parts.append("by " + ", ".join(asked.key))
            more = [
                word
                for word, is_more in (("above", found.more_before), ("below", found.more_after))
                if is_more
            ]
            parts.append("more " + " and ".join(more) if more else "all of them")
        else:
            parts.append("no unique key to read on by: some rows only" if found.more_after else "all of them")
        if asked.table.row_security:
            parts.append("row security hides rows from this role")
        if asked.table.inherited:
            parts.append("without those of tables that inherit from it")
        return dot.join(parts)

    def _say_empty(self, asked: Asked) -> None:
        text = asked.table.text
        if asked.table.row_security:
            self._say(
                State.REFUSED,
                f"Row security shows this role no row of {text}.",
                means="There may be rows all the same.",
                do="Look with a role that has BYPASSRLS, or as the owner.",
            )
        elif asked.match:
            self._say(State.EMPTY, f"No row of {text} has {_condition(asked.match)}.", means=self._if_none)
        else:
            self._say(State.EMPTY, f"{text} has no rows.")

    def _say(self, state: State, what: str, *, means: str = "", do: str = "") -> None:
        self._page = None
        self.lines.fill((), columns=())
        self._show_lines(False)
        self._state.show(state, what, means=means, do=do)

    def _show_lines(self, shown: bool) -> None:
        self.lines.set_class(not shown, "-empty")  # it keeps the focus, and with it the keys
        self._note.display, self._state.display = shown, not shown

    # What stands under the cursor

    @property
    def csv(self) -> str:
        """The page of rows to be written to a file; empty where there are none."""
        return rows_csv(self._page) if self._page else ""

    @property
    def row(self) -> dict[str, str | None] | None:
        """The values of the row under the cursor, by column."""
        at = self.lines.row
        if self._page is None or at is None:
            return None
        names = (column.name for column in self._page.asked.columns)
        return dict(zip(names, self._page.rows[at], strict=True))

    @property
    def column(self) -> str:
        """The name of the column under the cursor."""
        columns = self._asked.columns if self._asked else ()
        return columns[self.lines.column].name if self.lines.column < len(columns) else ""

    @property
    def match(self) -> Match | None:
        """Which rows are shown; None: all."""
        return self._asked.match if self._asked else None

    @property
    def key(self) -> tuple[str, ...]:
        """The key of the row under the cursor, by which it is found again."""
        at = self.lines.row
        return self._page.keys[at] if self._page and self._page.keys and at is not None else ()

    # Moving

    def on_line_table_edge(self, event: LineTable.Edge) -> None:
        """Go on to the next page, the one before, or the very first or last."""
        event.stop()
        found = self._page
        if found is None or not found.keys:
            return
        if event.way > 0 and found.more_after:
            way = Way.LAST if event.end else Way.AFTER
            self.load(found.asked, way, () if event.end else found.keys[-1], at_end=event.end)
        elif event.way < 0 and found.more_before:
            way = Way.FIRST if event.end else Way.BEFORE
            self.load(found.asked, way, () if event.end else found.keys[0], at_end=not event.end)


def _cell(value: str | None) -> Cell:
    """NULL is a word, faint; a text that says NULL, and an empty one, stand in quotes."""
    if value is None:
        return Look("NULL", "faint")
    return f'"{value}"' if value in ("", "NULL") else value


def _is_number(kind: str) -> bool:
    return kind in ("smallint", "integer", "bigint", "numeric", "real", "double precision", "money", "oid")


def _condition(match: Match) -> str:
    return " and ".join(f"{name} = {value}" for name, value in zip(match.columns, match.values, strict=True))
