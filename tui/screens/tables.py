"""1 Tables: what is there?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical

from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.impact.where import row_condition
from queries.rows import Match
from tui.context import Context
from tui.dialogs.which_key import which_key
from tui.jumps import Jump, children, parents
from tui.messages import OpenTable, PreviewDelete
from tui.table_keys import wanted
from tui.table_verbs import explain, plan_changes
from tui.trail import Trail
from tui.verbs import verb
from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.line_table import LineTable
from tui.widgets.table_detail import Place, TableDetail
from tui.widgets.table_list import TableList

REST_SECONDS = 0.15  # longer than a held key needs to repeat


class TablesScreen(Vertical):
    """The tables on the left; on the right everything about the one on which the cursor has come to rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "tab(1)", "next tab", tooltip="The next of Columns, Keys, Indexes, Rows"),
        Binding("shift+tab", "tab(-1)", "tab before", show=False, tooltip="The tab before"),
        Binding("right,l", "enter", "into the detail", show=False, tooltip="From the list into the detail"),
        Binding("left,h", "leave", "to the list", show=False, tooltip="From the detail to the list"),
        Binding("escape", "leave", "back", tooltip="Back to the list of tables"),
        verb("parent"),
        verb("children"),
        verb("back"),
        verb("forward"),
        verb("plan"),
        verb("explain"),
        verb("copy"),
        verb("delete"),
        verb("export"),
        Binding("c", "count", "count orphans", tooltip="Count orphans of the table's keys, or stop"),
    ]

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self._trail: Trail[Place] = Trail()
        self._list = TableList(glyphs=context.glyphs, id="table-list")
        self._detail = TableDetail(context, id="table-detail")

    def compose(self) -> ComposeResult:
        """List and detail: side by side, or one above the other where the terminal is narrow."""
        with Container(id="halves"):
            yield self._list
            yield self._detail

    # Load

    @work(exclusive=True, group="policy")
    async def load_policy(self, catalog: Catalog, path: Path) -> None:
        """Read what the policy wants of keys."""
        try:
            self._detail.want(catalog, await asyncio.to_thread(wanted, catalog, path))
        except PgtetherError as error:
            self.notify(str(error), title="The policy is left out", severity="error", markup=False)

    # Show

    def show_catalog(self, catalog: Catalog) -> None:
        """Show the tables that were read."""
        self._catalog = catalog
        here = self._here()
        self._list.show(catalog)
        if self._detail.table is not None:
            self._arrive(here)
        if self._given.policy is not None:
            self.load_policy(catalog, self._given.policy)

    def take_focus(self) -> None:
        """Stand in the list."""
        self._list.take_focus()

    @on(OpenTable)
    def come_to_table(self, event: OpenTable) -> None:
        """Come from another screen to a table."""
        event.stop()
        self._catch_up()
        self._leave_mark()
        self._arrive(Place(event.oid, event.tab, in_detail=False))

    @on(TableList.Chosen)
    def show_table(self, event: TableList.Chosen) -> None:
        """Follow the cursor of the list; Enter goes into the detail."""
        event.stop()
        if event.opened:
            self.action_enter()
        elif self._detail.table is None:
            self._catch_up()
        else:
            self.follow_at_rest()

    @work(exclusive=True, group="follow")
    async def follow_at_rest(self) -> None:
        """Show the table under the cursor once no key has moved it for a while: a held key never waits."""
        await asyncio.sleep(REST_SECONDS)
        self._catch_up()

    def _catch_up(self) -> None:
        """Show the table under the cursor now: a key that is about it doesn't wait either."""
        table = self._list.table
        if self._catalog is not None and table is not None and table != self._detail.table:
            self._detail.show(self._catalog, table)

    @on(ChoiceBar.Chosen, "#tabs")
    def open_tab(self, event: ChoiceBar.Chosen) -> None:
        """A click on a tab."""
        event.stop()
        self._catch_up()
        self._detail.open(event.choice)

    @on(LineTable.Opened)
    def follow(self, event: LineTable.Opened) -> None:
        """Enter: along the key under the cursor, or from a column or row to its parent."""
        event.stop()
        if self._detail.key is not None:
            self._visit(self._detail.key.other)
        elif here := self._parents(by_column=True):
            self.choose(here, "Which parent?", out=True)
        else:
            self.notify(f"{self._detail.column} is in no foreign key.", markup=False, timeout=3)

    # Actions

    def action_tab(self, by: int) -> None:
        """Open the next tab."""
        self._catch_up()
        self._detail.next_tab(by)

    def action_enter(self) -> None:
        """From the list into the detail."""
        self._catch_up()
        self._detail.take_focus()

    def action_leave(self) -> None:
        """Back to the list."""
        self._list.take_focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where it leads somewhere."""
        there = {
            "enter": not self._detail.has_focus_within,
            "leave": self._detail.has_focus_within,
            "back": self._trail.has_back,
            "forward": self._trail.has_forward,
            "count": self._detail.tab == "keys",
        }
        return there.get(action, True)

    def action_parent(self) -> None:
        """To the parent table, or from a row to its parent row."""
        self._catch_up()
        in_detail = self._detail.has_focus_within
        here = self._parents(by_column=True) if in_detail else []
        self.choose(here or self._parents(), "Which parent?", out=True)

    def action_children(self) -> None:
        """To a child table, or from a row to its child rows."""
        self._catch_up()
        if self._catalog is None or self._detail.table is None:
            return
        self.choose(
            children(self._catalog, self._detail.table, row=self._row()), "Which children?", out=False
        )

    @work(exclusive=True, group="jump")
    async def choose(self, jumps: list[Jump], question: str, *, out: bool) -> None:
        """Go along the one key there is, or ask which of several."""
        if not jumps:
            words = "refers to no other table" if out else "is referred to by no other table"
            self.notify(f"{self._detail.table_text} {words}.", markup=False)
            return
        at: int | None = 0
        if len(jumps) > 1 and self._catalog is not None:
            dialog = which_key(question, jumps, self._catalog, out=out, glyphs=self._given.glyphs)
            at = await self.app.push_screen_wait(dialog)
        if at is not None:
            self._go(jumps[at])

    def action_count(self) -> None:
        """Count orphans, or stop."""
        self._catch_up()
        self._detail.keys.ask()

    def action_back(self) -> None:
        """Where you were before."""
        self._catch_up()
        self._step(self._trail.back(self._here()), "This is where you began.")

    def action_forward(self) -> None:
        """Where you went back from."""
        self._catch_up()
        self._step(self._trail.forward(self._here()), "There is nothing further on.")

    def action_delete(self) -> None:
        """What a delete of the row under the cursor, or in this table, would do."""
        self._catch_up()
        if self._catalog is not None and (table := self._detail.table) is not None:
            key = self._detail.rows.key if self._row() else ()
            where = row_condition(self._catalog, table, key) if key else ""
            self.post_message(PreviewDelete(table.oid, where))

    def action_copy(self) -> None:
        """Copy the cell, or the name of what is under the cursor."""
        self._catch_up()
        text = self._detail.cell if self._detail.has_focus_within else self._detail.table_text
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {text[:60]}", markup=False, timeout=2)

    @work(exclusive=True, group="faults")
    async def action_plan(self) -> None:
        """Put the change that the key, or the table, wants into the plan."""
        self._catch_up()
        await plan_changes(self, self._given, self._detail.subject)

    @work(exclusive=True, group="faults")
    async def action_explain(self) -> None:
        """What the key does, or the table's faults in short."""
        self._catch_up()
        await explain(self, self._given, self._detail.subject)

    def action_export(self) -> None:
        """Write the listed tables, or the tab that has the focus, to a file."""
        (self._detail if self._detail.has_focus_within else self._list).export()

    # Going

    def _parents(self, *, by_column: bool = False) -> list[Jump]:
        """Where the table or row leads; ``by_column``: by keys that the column under the cursor is in."""
        if self._catalog is None or self._detail.table is None:
            return []
        jumps = parents(self._catalog, self._detail.table, row=self._row())
        return [jump for jump in jumps if not by_column or self._detail.column in jump.key.columns]

    def _row(self) -> dict[str, str | None] | None:
        """The row under the cursor where a person stands on rows."""
        in_rows = self._detail.tab == "rows" and self._detail.has_focus_within
        return self._detail.rows.row if in_rows else None

    def _go(self, jump: Jump) -> None:
        if jump.missing:
            self.notify(jump.missing, markup=False)
            return
        self._visit(jump.table, match=jump.match, if_none=jump.if_none)

    def _visit(self, table: int, *, match: Match | None = None, if_none: str = "") -> None:
        self._leave_mark()
        tab = "rows" if match else self._detail.tab
        self._arrive(Place(table, tab, self._detail.has_focus_within, match, if_none=if_none))

    def _here(self) -> Place:
        detail = self._detail
        oid = detail.table.oid if detail.table else 0
        in_rows = detail.tab == "rows"
        match, key = (detail.rows.match, detail.rows.key) if in_rows else (None, ())
        return Place(oid, detail.tab, detail.has_focus_within, match, key, detail.lines.cursor)

    def _leave_mark(self) -> None:
        if self._detail.table is not None:
            self._trail.leave(self._here())

    def _step(self, place: Place | None, otherwise: str) -> None:
        if place is None:
            self.notify(otherwise, markup=False, timeout=2)
        else:
            self._arrive(place)

    def _arrive(self, place: Place) -> None:
        if self._catalog is None:
            return
        table = self._list.find(place.table) or self._catalog.tables.get(place.table)
        if table is None:
            self.notify("That table is gone.", markup=False)
            return
        self._list.go_to(place.table)
        self._detail.arrive(self._catalog, table, place)
        if self.display:  # another screen may be open while the catalog is read again
            (self._detail if place.in_detail else self._list).take_focus()
        self.refresh_bindings()
