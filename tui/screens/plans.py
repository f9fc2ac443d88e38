"""5 Plans: what will happen, and how do I get back?"""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.plan import plan, undecided
from queries.steps import RepairOrphans
from queries.verify import verify
from tui.carry_out import apply_plan
from tui.context import Context
from tui.dialogs.confirm import Confirm
from tui.dialogs.explain import Explain
from tui.dialogs.repairs import choices, choose_repair
from tui.figures import counted
from tui.messages import ReadAgain
from tui.plan_files import ask_where_to_save, ask_which_to_open
from tui.plan_making import add_whole_policy, steps_of
from tui.run_outcome import RunOutcome
from tui.verbs import verb
from tui.widgets.columns import Look
from tui.widgets.line_table import LineTable
from tui.widgets.plan_detail import PlanDetail
from tui.widgets.plan_list import PlanList
from tui.widgets.step_cells import failed, in_one_cell


class PlansScreen(Vertical):
    """The plan being made: its steps above, the one under the cursor forward and back below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "decide", "decide orphans", tooltip="Decide what becomes of these orphans"),
        Binding("a", "apply", "apply", tooltip="Apply the plan in one transaction; asks first"),
        Binding("R", "rehearse", "rehearse", tooltip="Run every step and roll everything back; asks first"),
        Binding("v", "verify", "verify", tooltip="Ask the catalog whether each step is so"),
        verb("export", word="save"),
        Binding("f", "file", "open file", tooltip="Open a plan file"),
        Binding("P", "whole", "plan the policy", tooltip="Plan everything that the policy wants"),
        Binding("right,l", "read", "into the SQL", show=False, tooltip="From the steps into their SQL"),
        Binding("left,h", "back_to_steps", "to the steps", show=False, tooltip="From the SQL to the steps"),
        Binding("delete", "remove", "take out", show=False, tooltip="Take the change out of the plan"),
        Binding("N", "clear", "new plan", show=False, tooltip="Put this plan away and begin a new one"),
        Binding("escape", "leave", "stop counting", tooltip="Stop counting orphans"),
        verb("explain", show=False),
        verb("copy", show=False),
    ]

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._draft = context.draft
        self._catalog: Catalog | None = None
        self._is_just_applied = False
        self._list = PlanList(context.draft, glyphs=context.glyphs, id="plan-list")
        self._detail = PlanDetail(glyphs=context.glyphs, id="plan-detail")

    def compose(self) -> ComposeResult:
        """Steps above, SQL below."""
        yield self._list
        yield self._detail

    # Load

    @work(exclusive=True, group="plan")
    async def load(self, keep: int = 0) -> None:
        """Count the orphans of what is new in the plan, then write its SQL."""
        try:
            self._list.steps = await steps_of(self._given, self._draft, say=self._list.reading)
        except PgtetherError as error:
            self._list.fail(error)
            return
        self._show(keep)

    # Show

    def show_catalog(self, catalog: Catalog) -> None:
        """The plan over the catalog as it is now; one just applied stays as it was shown."""
        self._catalog = catalog
        if self._draft.is_empty or self._is_just_applied:
            self._is_just_applied = False
            self._show(self._list.at)
        else:
            self._begin_again(self._list.at)

    def take_focus(self) -> None:
        """Stand in the steps; what was added elsewhere is counted now."""
        self._list.take_focus()
        if self._draft.ground is None and self._draft.wanted:
            self._begin_again(self._list.at)

    def _show(self, keep: int = 0) -> None:
        if self._catalog is not None:
            self._list.show(self._catalog, keep=keep)
            self._detail.show(self._list.step)
            self.refresh_bindings()

    @on(LineTable.Moved)
    def follow(self, event: LineTable.Moved) -> None:
        """Show the step under the cursor."""
        event.stop()
        self._detail.show(self._list.step)
        self.refresh_bindings()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where there is something for it."""
        step = self._list.step
        names = ("apply", "rehearse", "verify", "export", "clear", "explain", "copy", "remove")
        there = dict.fromkeys(names, step is not None)
        there["decide"] = step is not None and isinstance(step.step, RepairOrphans)
        there["leave"] = any(each.group == "plan" and each.is_running for each in self.workers)
        return there.get(action, True)

    def action_read(self) -> None:
        """Into the SQL, to scroll it."""
        self._detail.take_focus()

    def action_back_to_steps(self) -> None:
        """Back to the steps."""
        self._list.take_focus()

    def action_leave(self) -> None:
        """Stop counting; what is in the plan stays."""
        self.workers.cancel_group(self, "plan")
        self._list.show_stopped()
        self._detail.show(None)

    def action_whole(self) -> None:
        """Plan everything that the policy wants."""
        if self._catalog is None:
            return
        try:
            add_whole_policy(self._given, self._catalog)
        except PgtetherError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self._begin_again()

    def action_decide(self) -> None:
        """Choose what becomes of the orphans of the step under the cursor."""
        step = self._list.step.step if self._list.step else None
        if not isinstance(step, RepairOrphans):
            return
        count, intended = self._draft.orphans(step), self._draft.intended(step)
        known = counted(count.orphans, "orphan") if count and count.orphans else "Orphans"

        def decided(at: int | None) -> None:
            if at is not None:
                self._draft.decide(step, choices(intended)[at])
                self.load(self._list.at)

        dialog = choose_repair(step, orphans=known, intended=intended, glyphs=self._given.glyphs)
        self.app.push_screen(dialog, decided)

    def action_apply(self) -> None:
        """Ask, then carry it out."""
        self._carry_out(rehearse=False)

    def action_rehearse(self) -> None:
        """Ask, then carry it out and roll it back."""
        self._carry_out(rehearse=True)

    def _carry_out(self, *, rehearse: bool) -> None:
        made = self._draft.made.plan
        if undecided(made):
            self._list.go_to_undecided()
        elif self._catalog is not None:
            locks = [lock for each in self._list.steps for lock in each.locks]
            apply_plan(
                self,
                self._given,
                made,
                catalog=self._catalog,
                locks=locks,
                rehearse=rehearse,
                ended=self._ended,
            )

    def _ended(self, outcome: RunOutcome) -> None:
        self._list.states = {step: in_one_cell(cells) for step, cells in outcome.states.items()}
        if outcome.has_changed:
            self._draft.is_applied = self._is_just_applied = True
            self._list.said = f"Applied as run #{outcome.run}. v verifies it, 7 History rolls it back."
            self.post_message(ReadAgain())
        else:
            ids = [each.step.id for each in self._list.steps]
            stopped = failed(outcome.states)
            at = ids.index(stopped) if stopped in ids else self._list.at
            why = f"Step {at + 1} failed. " if stopped else ""
            self._list.said = f"{why}Everything was rolled back: nothing was changed."
            self._show(at)

    @work(exclusive=True, group="verify")
    async def action_verify(self) -> None:
        """Ask the catalog whether each step is so."""
        try:
            found = await self._given.ask(verify, self._draft.made.plan)
        except PgtetherError as error:
            self.notify(str(error), title="Not verified", severity="error", markup=False)
            return
        self._list.states = {
            each.step: Look("is so", "good") if each.proven else Look(f"NOT SO: {each.why}", "wrong")
            for each in found
        }
        proven = sum(each.proven for each in found)
        self._list.said = f"The catalog shows {proven} of {counted(len(found), 'step')}."
        self._show(self._list.at)

    def action_export(self) -> None:
        """Save it to a file."""

        def saved(name: str | None) -> None:
            if name is not None:
                self.notify(f"Saved as {name}.", markup=False)

        self.app.push_screen(ask_where_to_save(self._draft.made), saved)

    def action_file(self) -> None:
        """Open a file's plan instead of this one."""

        def opened(name: str | None) -> None:
            if name is not None:
                self._draft.open(plan(name))
                self._begin_again()

        self.app.push_screen(ask_which_to_open(), opened)

    def action_remove(self) -> None:
        """Take a change out; the steps of a file are not ours to take out."""
        each = self._list.step
        if each is not None and self._draft.remove(each.step):
            self._begin_again(self._list.at)
        else:
            self.notify("It came from a file: take it out there.", markup=False)

    def action_clear(self) -> None:
        """Begin a new plan; what isn't saved is asked about."""

        def put_away(yes: bool | None) -> None:
            if yes:
                self._draft.clear()
                self._list.steps = ()
                self._show()

        steps = counted(len(self._list.steps), "step")
        question = f"Put the plan {self._draft.made.plan.name} away, {steps}?"
        means = "What isn't saved in a file (e) is gone. The database is left as it is."
        self.app.push_screen(Confirm(question, means=means, yes="Put away", no="Keep"), put_away)

    def action_explain(self) -> None:
        """Why the step, and all of its SQL, in a window of its own."""
        if (each := self._list.step) is not None:
            self.app.push_screen(Explain(each.step.sentence(), Content("\n\n").join(self._detail.text(each))))

    def action_copy(self) -> None:
        """Copy the statements of the step."""
        if (each := self._list.step) is not None:
            self.app.copy_to_clipboard("\n".join(f"{statement};" for statement in each.forward or ()))
            self.notify("Copied the step's SQL.", markup=False, timeout=2)

    def _begin_again(self, keep: int = 0) -> None:
        self._list.states, self._list.said = {}, ""
        self.load(keep)
