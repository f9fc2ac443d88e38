"""7 History: what did we do here?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from queries import record as records
from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.history import Run, history
from tui.carry_out import take_run_back
from tui.context import Context
from tui.dialogs.explain import Explain
from tui.exporting import export
from tui.figures import counted
from tui.messages import ReadAgain
from tui.output import json_text
from tui.run_document import runs_document
from tui.run_outcome import RunOutcome
from tui.verbs import verb
from tui.widgets.line_table import LineTable
from tui.widgets.listing import Listing
from tui.widgets.run_cells import RUNS, STEPS, run_row, run_text, step_row
from tui.widgets.state_panel import State
from tui.widgets.step_cells import without_schema

_EMPTY = "No run is on record in this database."
_RECORDED = (
    "The first run makes schema pgtether here, append-only: each plan as it was run; when each step "
    "began and ended, the locks that it took, what it changed; and every row that a repair took away, "
    "to put it back."
)


class HistoryScreen(Vertical):
    """Runs, newest first, above; the steps of the one under the cursor and what came of them below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "take_back", "roll back", tooltip="Roll the run back; asks first"),
        Binding("right,l", "enter", "into the steps", show=False, tooltip="From the runs into the steps"),
        Binding("enter", "enter", "steps", tooltip="From the runs into the steps"),
        Binding("escape,left,h", "leave", "back", tooltip="Back to the runs"),
        verb("explain"),
        verb("copy"),
        verb("export"),
    ]

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self._runs: Sequence[Run] = ()
        self._title = Static(classes="panel-title")
        self._list = Listing(RUNS, glyphs=context.glyphs, opens=False, id="runs")
        self._steps = Listing(STEPS, glyphs=context.glyphs, opens=False, id="run-steps")
        self._text = Static(id="run-text")
        self._more = VerticalScroll(self._text, can_focus=False)
        self._below = Vertical(self._steps, self._more, id="run-below")

    def compose(self) -> ComposeResult:
        """Runs, steps, and the rest of what is on record."""
        yield self._title
        yield self._list
        yield self._below

    # Load

    @work(exclusive=True, group="history")
    async def load(self) -> None:
        """Read the record."""
        kept = self._run.run if self._run else None
        if not self._runs:
            self._list.reading("Reading the record")
        try:
            self._runs = await self._given.ask(history)
        except PgtetherError as error:
            self._runs = ()
            self._list.fail(error)
            self._show_run()
            return
        self._show(kept)

    # Show

    def show_catalog(self, catalog: Catalog) -> None:
        """Something may have been done meanwhile."""
        self._catalog = catalog
        self.load()

    def take_focus(self) -> None:
        """Stand in the runs."""
        self._list.lines.focus()

    def _show(self, kept: int | None) -> None:
        self._title.update(Content(counted(len(self._runs), "run") if self._runs else "Runs"))
        if not self._runs:
            self._list.say(State.EMPTY, _EMPTY, means=_RECORDED, do="5 Plans applies a plan.")
        else:
            self._list.show([run_row(run) for run in self._runs], empty=_EMPTY)
            at = next((at for at, run in enumerate(self._runs) if run.run == kept), 0)
            self._list.lines.go_to(at)
        self._show_run()

    def _show_run(self) -> None:
        run, catalog = self._run, self._catalog
        self._below.display = run is not None
        self.set_class(run is None, "-empty")
        if run is None or catalog is None:
            return
        rows = [
            step_row(at, step, without_schema(step.sentence or step.step, catalog), run=run)
            for at, step in enumerate(run.steps, 1)
        ]
        self._steps.show(rows, empty="No step was begun.")
        text = run_text(run)
        self._text.update(text)
        self._more.display = bool(text)
        self.refresh_bindings()

    @property
    def _run(self) -> Run | None:
        at = self._list.lines.row
        return self._runs[at] if at is not None and at < len(self._runs) else None

    @on(LineTable.Moved)
    def follow(self, event: LineTable.Moved) -> None:
        """Show the run under the cursor."""
        event.stop()
        if event.table is self._list.lines:
            self._show_run()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A run is rolled back only where it is applied."""
        run, in_steps = self._run, self._steps.lines.has_focus
        there = {
            "take_back": run is not None and run.state == "applied",
            "enter": run is not None and not in_steps,
            "leave": in_steps,
            "explain": run is not None,
            "copy": run is not None,
            "export": run is not None,
        }
        return there.get(action, True)

    def action_enter(self) -> None:
        """Into the steps."""
        self._steps.lines.focus()

    def action_leave(self) -> None:
        """Back to the runs."""
        self._list.lines.focus()

    @work(exclusive=True, group="take back")
    async def action_take_back(self) -> None:
        """Ask, then roll the run back, with the question at the end."""
        if (run := self._run) is None or self._catalog is None:
            return
        try:
            row = await self._given.ask(records.found, str(run.run))
            take_run_back(self, self._given, run, row, catalog=self._catalog, ended=self._ended)
        except PgtetherError as error:
            self.notify(str(error), title="Not rolled back", severity="error", markup=False)

    def _ended(self, outcome: RunOutcome) -> None:
        if outcome.has_changed:
            self.post_message(ReadAgain())
        else:
            self.load()

    def action_explain(self) -> None:
        """Everything else that is on record of the run."""
        if (run := self._run) is not None:
            text = run_text(run)
            self.app.push_screen(Explain(f"Run #{run.run}, {run.plan}", text or Content("Nothing else.")))

    def action_export(self) -> None:
        """Write the runs to a file, as ``pgtether history --json`` prints them."""
        runs = tuple(self._runs)
        question = f"Write {counted(len(runs), 'run')} to a file"
        shapes = {".json": lambda: json_text(runs_document(runs))}
        export(self, question, value="history.json", shapes=shapes)

    def action_copy(self) -> None:
        """Copy what is on record of the run."""
        if (run := self._run) is not None:
            self.app.copy_to_clipboard(f"run #{run.run}\n{run_text(run).plain}")
            self.notify(f"Copied run #{run.run}.", markup=False, timeout=2)
