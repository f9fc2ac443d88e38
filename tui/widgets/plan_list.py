"""The plan being made: its name, what can be said of it as a whole, and its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.models import Repair
from queries.plan import undecided
from queries.rendered import Rendered
from queries.steps import RepairOrphans
from tui.draft import Draft
from tui.figures import counted
from tui.glyphs import Glyphs
from tui.run_words import strongest
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, Look
from tui.widgets.listing import Listing
from tui.widgets.step_cells import PLANNED, planned_row, sentence_of

_EMPTY = "No plan is being made."
_BEGIN = "P  plans all that the policy wants\np  in 3 Findings adds a change\nf  opens a plan file"


class PlanList(Vertical):
    """Shows a draft; ``states`` by step id are what a run or the catalog said of it."""

    def __init__(self, draft: Draft, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draft = draft
        self._glyphs = glyphs
        self._title = Static(classes="panel-title")
        self._note = Static(classes="plan-note")
        self._listing = Listing(PLANNED, glyphs=glyphs, opens=False)
        self.steps: Sequence[Rendered] = ()
        self.states: Mapping[str, Cell] = {}
        self.said = ""

    def compose(self) -> ComposeResult:
        """Name, standing, steps."""
        yield self._title
        yield self._note
        yield self._listing

    @property
    def step(self) -> Rendered | None:
        """The step under the cursor."""
        at = self._listing.lines.row
        return self.steps[at] if at is not None and at < len(self.steps) else None

    @property
    def at(self) -> int:
        """The place of the cursor."""
        return self._listing.lines.row or 0

    def go_to_undecided(self) -> None:
        """Stand on the first step that waits for a decision; the line above says what it holds up."""
        steps = [each.step for each in self.steps]
        at = next(at for at, step in enumerate(steps) if getattr(step, "by", "") == "undecided")
        self._listing.lines.go_to(at)

    def take_focus(self) -> None:
        """Stand in the steps."""
        self._listing.lines.focus()

    def reading(self, what: str) -> None:
        """Say what is being read or counted."""
        self._listing.reading(what)

    def fail(self, error: PgtetherError) -> None:
        """Say what went wrong."""
        self.steps = ()
        self._listing.fail(error)
        self._show_head()

    def show_stopped(self) -> None:
        """Say that counting was stopped."""
        self.steps = ()
        self._listing.show((), empty="Counting orphans was stopped.", do="Ctrl+R  counts again")
        self._show_head()

    def show(self, catalog: Catalog, *, keep: int = 0) -> None:
        """Show the steps, the cursor where it was."""
        if self._draft.is_empty:
            self._listing.show((), empty=_EMPTY, do=_BEGIN)
            self._show_head()
            return
        rows = [
            planned_row(at, each.step, sentence_of(each.step, catalog), each.locks, self._state(each))
            for at, each in enumerate(self.steps, 1)
        ]
        self._listing.show(rows, empty="Nothing to do: all of it is there already.", do=_BEGIN)
        self._listing.lines.go_to(min(keep, max(0, len(rows) - 1)))
        self._show_head()

    def _state(self, each: Rendered) -> Cell:
        step = each.step
        if step.id in self.states:
            return self.states[step.id]
        if not isinstance(step, RepairOrphans):
            return ""
        count = self._draft.orphans(step)
        orphans = counted(count.orphans, "orphan") if count and count.orphans else "orphans"
        if step.by == "undecided":
            return Look(f"{self._glyphs.wrong} {orphans}: undecided", "wrong")
        return Look(f"{orphans}: {step.by}", "warning" if step.by is Repair.LEAVE else "strong")

    def _show_head(self) -> None:
        if self._draft.is_empty:
            self._title.update(Content("The plan"))
            self._note.update(Content(""))
            return
        made = self._draft.made.plan
        open_keys = undecided(made)
        steps = counted(len(self.steps), "step")
        self._title.update(Content(safe(f"Plan {made.name}: {steps} in one transaction")))
        if open_keys:
            keys = counted(len(open_keys), "key")
            said = f"{keys} with undecided orphans: the plan can't be applied before. Enter decides."
        else:
            locks = [lock for each in self.steps for lock in each.locks]
            said = self.said or (strongest(locks) if self.steps else "")
        self._note.update(Content(safe(said)))
        self._note.set_class(bool(open_keys), "-wrong")
