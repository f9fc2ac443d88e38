"""4 Impact: what would this delete really do?"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker

from queries.catalog import Catalog, Table
from queries.errors import PgtetherError
from queries.impact import Deletion, Impact
from queries.impact.saved import Saved
from tui.context import Context
from tui.dialogs.deletions import (
    ask_for_condition,
    ask_for_folder,
    ask_for_table,
    ask_to_rehearse,
    path_of,
)
from tui.dialogs.explain import Explain
from tui.dialogs.rules import change_rule
from tui.dialogs.sample import SampleDialog
from tui.figures import counted
from tui.impact_sentences import written
from tui.messages import OpenTable, PreviewDelete, Writing
from tui.preview import Preview
from tui.previewing import Rehearsing, previewed, saving
from tui.verbs import verb
from tui.widgets.impact_list import ImpactList
from tui.widgets.line_table import LineTable

_START = "No delete is looked at yet. Nothing is ever deleted here: this only reads."
_HOW = (
    "i  type one: a table, then its WHERE\n"
    "d  in 1 Tables on a table or on one of its rows, or in 3 Findings on a finding"
)


class ImpactScreen(Vertical):
    """The verdict above; below it what goes and why, blockers first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "where", "change WHERE", tooltip="Type the WHERE and read again"),
        Binding("R", "rehearse", "rehearse", tooltip="Really delete and roll back, to compare; asks first"),
        verb("plan", word="change rule"),
        Binding(
            "w", "write", "write rows", tooltip="Write the rows to files, with a script to put them back"
        ),
        verb("explain"),
        Binding("escape", "stop", "stop reading", tooltip="Stop reading; what was counted stays"),
        verb("copy", word="copy verdict"),
        verb("delete", show=False),
        verb("parent", show=False),
        verb("children", show=False),
        Binding("left,h", "close", "close branch", show=False, tooltip="Close the branch, or go above it"),
        Binding("right,l", "open_branch", "open branch", show=False, tooltip="Open the branch"),
        Binding("t", "table", "another table", show=False, tooltip="Type another table and its WHERE"),
    ]

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self._preview: Preview | None = None
        self._list = ImpactList(glyphs=context.glyphs, id="impact-list")

    def compose(self) -> ComposeResult:
        """Verdict and tree."""
        yield self._list

    # Load

    @work(exclusive=True, group="impact")
    async def load(self, preview: Preview) -> None:
        """Read; each table's number is shown as it comes in, the verdict at the end."""
        self._preview = preview
        preview.show(self._list)
        try:
            with self._given.telling():
                asked = self._given.session.stream(previewed, preview.deletion, catalog=preview.catalog)
                async with asked as stream:
                    async for each in stream:
                        preview.take(each)
                        preview.show(self._list)
        except PgtetherError as error:
            preview.fail(self._list, error)

    @work(exclusive=True, group="impact")
    async def load_rehearsal(self, preview: Preview) -> None:
        """Really delete, on a connection of its own, and roll back."""
        running = Rehearsing(self._given.session.conninfo, preview.deletion, catalog=preview.catalog)
        self.post_message(Writing("WRITING: rehearsing a DELETE"))
        preview.say(self._list, "Rehearsing: the rows are locked until it is rolled back. Esc stops it.")
        try:
            async with running.stream() as stream:
                async for found in stream:
                    preview.take_rehearsal(found)
        except PgtetherError as error:
            preview.say(self._list, "The rehearsal did not come to its end.", differs=True)
            self.notify(str(error), title="Not rehearsed", severity="error", markup=False)
        else:
            preview.show(self._list)
        finally:
            self.post_message(Writing(""))

    @work(exclusive=True, group="impact")
    async def load_rows(self, preview: Preview, folder: Path) -> None:
        """Write the rows that would go or change to files."""
        rows: dict[str, int] = {}
        try:
            with self._given.telling():
                asked = self._given.session.stream(
                    saving, preview.deletion, catalog=preview.catalog, folder=folder, notes=preview.doubts
                )
                async with asked as stream:
                    async for each in stream:
                        if isinstance(each, Saved):
                            rows[each.file] = each.rows
                            preview.say(self._list, f"Writing {each.file}: {counted(each.rows, 'row')}.")
                        else:
                            self.notify(each.text, title="Mind", severity="warning", markup=False)
        except PgtetherError as error:
            preview.show(self._list)
            self.notify(str(error), title="Not written", severity="error", markup=False)
        else:
            preview.say(self._list, written(rows, folder))

    # Show

    def show_catalog(self, catalog: Catalog) -> None:
        """What was read before stays as it was, with its time."""
        self._catalog = catalog
        if self._preview is None:
            self._list.explain_start(_START, do=_HOW)

    def take_focus(self) -> None:
        """Stand in the tree."""
        self._list.take_focus()

    @on(PreviewDelete)
    def come_to_delete(self, event: PreviewDelete) -> None:
        """Come from another screen with a row, or with a table alone."""
        event.stop()
        if self._catalog is None or event.oid not in self._catalog.tables:
            return
        table = self._catalog.tables[event.oid]
        if event.where:
            self._begin(table, event.where)
        else:
            self._ask(table)

    @on(LineTable.Moved)
    @on(Worker.StateChanged)
    def follow(self, event: Message) -> None:
        """Keys depend on the line, and on whether something is being read."""
        event.stop()
        self.refresh_bindings()

    @on(LineTable.Opened)
    def open_rows(self, event: LineTable.Opened) -> None:
        """The very rows behind the line."""
        event.stop()
        line, preview = self._list.line, self._preview
        if line is None or preview is None:
            return
        if line.caution is not None or line.kind == "table":
            self.action_explain()
            return
        dialog = SampleDialog(
            self._given, preview.deletion, line.path, catalog=preview.catalog, title=preview.title(line)
        )
        self.app.push_screen(dialog)

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where there is something for it."""
        line, busy = self._list.line, self._is_busy()
        there = dict.fromkeys(("explain", "children", "delete"), line is not None)
        there |= dict.fromkeys(("plan", "parent"), line is not None and line.key is not None)
        there |= dict.fromkeys(("rehearse", "write"), not busy and self._impact is not None)
        there |= {"stop": busy, "copy": self._preview is not None and not self._preview.failed}
        return there.get(action, True)

    @property
    def _impact(self) -> Impact | None:
        return self._preview.impact if self._preview else None

    def _is_busy(self) -> bool:
        return any(each.group == "impact" and each.is_running for each in self.workers)

    def action_where(self) -> None:
        """Change the WHERE, or begin with a table."""
        if self._preview is None:
            self.action_table()
        else:
            self._ask(self._preview.deletion.table, self._preview.deletion.where)

    def action_table(self) -> None:
        """Another table."""

        def named(text: str | None) -> None:
            if text is not None and self._catalog is not None:
                self._ask(self._catalog.tables[found[text]])

        if self._catalog is not None:
            dialog, found = ask_for_table(self._catalog)
            self.app.push_screen(dialog, named)

    def _ask(self, table: Table, where: str = "") -> None:
        def typed(text: str | None) -> None:
            if text is not None:
                self._begin(table, text)

        self.app.push_screen(ask_for_condition(table, where), typed)

    def _begin(self, table: Table, where: str) -> None:
        if self._catalog is not None:
            now = self._catalog.tables.get(table.oid, table)
            self._list.clear()
            self.load(Preview(self._catalog, Deletion(now, where), glyphs=self._given.glyphs))

    def action_stop(self) -> None:
        """Stop; what was counted stays, and it is said what is exact."""
        self.workers.cancel_group(self, "impact")
        if self._preview is not None:
            self._preview.stop()
            self._preview.show(self._list)

    def action_rehearse(self) -> None:
        """Ask, then rehearse."""
        if (preview := self._preview) is None:
            return

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.load_rehearsal(preview)

        self.app.push_screen(ask_to_rehearse(preview.deletion, self._given), confirmed)

    def action_write(self) -> None:
        """Ask where to, then write."""
        preview = self._preview

        def named(folder: str | None) -> None:
            if folder is not None and preview is not None:
                self.load_rows(preview, path_of(folder))

        self.app.push_screen(ask_for_folder(), named)

    def action_plan(self) -> None:
        """Choose another rule for the key of this line; the change goes into the plan."""
        line, preview = self._list.line, self._preview
        if line is None or line.key is None or preview is None:
            return
        why = f"So that rows of {preview.deletion.table.text} can be deleted as wanted."
        change_rule(self, self._given, line.key, catalog=preview.catalog, why=why)

    def action_explain(self) -> None:
        """The whole of the line in a window of its own."""
        if (line := self._list.line) is not None and self._preview is not None:
            self.app.push_screen(Explain(self._preview.title(line), self._list.text(line)))

    def action_copy(self) -> None:
        """Copy the statement with its verdict."""
        if self._preview is not None:
            self.app.copy_to_clipboard(self._preview.text)
            self.notify(f"Copied {self._preview.text[:60]}", markup=False, timeout=2)

    def action_delete(self) -> None:
        """What a delete in the table of this line would do."""
        if (line := self._list.line) is not None and line.table is not None:
            self._ask(line.table)

    def action_parent(self) -> None:
        """To the table that the line's key refers to."""
        if (line := self._list.line) is not None and line.key is not None:
            self.post_message(OpenTable(line.key.parent_oid, "keys"))

    def action_children(self) -> None:
        """To the line's own table."""
        if (line := self._list.line) is not None and line.table is not None:
            self.post_message(OpenTable(line.table.oid, "keys"))

    def action_close(self) -> None:
        """Close the branch."""
        self._list.close()

    def action_open_branch(self) -> None:
        """Open the branch."""
        self._list.open()
