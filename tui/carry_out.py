"""Confirm, carry out, give back what came of it: the same for a plan and for a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.widget import Widget

from queries.catalog import Catalog
from queries.history import Run
from queries.plan import Plan, parsed_plan
from queries.record import RunRow
from queries.server import Server
from queries.steps import Lock
from tui import run_words
from tui.context import Context
from tui.dialogs.confirm import Confirm
from tui.dialogs.run import RunDialog
from tui.run_outcome import RunOutcome
from tui.running import applying, taking_back
from tui.widgets.step_cells import sentence_of

Ended = Callable[[RunOutcome], None]


def apply_plan(
    near: Widget,
    context: Context,
    made: Plan,
    *,
    catalog: Catalog,
    locks: Sequence[Lock],
    rehearse: bool,
    ended: Ended,
) -> None:
    """Ask, then apply or rehearse the plan; ``ended`` is told once the person has seen the outcome."""
    here, production = _here(context)
    confirm = run_words.ask_to_apply(made, locks, here=here, production=production, rehearse=rehearse)

    def dialog() -> RunDialog:
        return RunDialog(
            context,
            applying(context.session.conninfo, made, rehearse=rehearse),
            steps=[(step.id, sentence_of(step, catalog)) for step in made.step],
            words=run_words.applying(made, here=here, rehearse=rehearse),
        )

    _ask(near, confirm, dialog, ended)


def take_run_back(
    near: Widget, context: Context, run: Run, row: RunRow, *, catalog: Catalog, ended: Ended
) -> None:
    """Ask, then roll the run back; raises BadFile where another version wrote its plan."""
    here, production = _here(context)
    made = parsed_plan(row.plan_text, path=f"the plan of run #{row.run}")
    lost = run_words.not_restored(made.step)
    confirm = run_words.ask_to_take_back(run, here=here, production=production, lost=lost)
    done = {each.step for each in run.steps if each.state == "done"}

    def dialog() -> RunDialog:
        return RunDialog(
            context,
            taking_back(context.session.conninfo, row),
            steps=[(step.id, sentence_of(step, catalog)) for step in reversed(made.step) if step.id in done],
            words=run_words.taking_back(run, here=here),
        )

    _ask(near, confirm, dialog, ended)


def _ask(near: Widget, confirm: Confirm, dialog: Callable[[], RunDialog], ended: Ended) -> None:
    def confirmed(yes: bool | None) -> None:
        if yes:
            near.app.push_screen(dialog(), lambda outcome: ended(outcome) if outcome else None)

    near.app.push_screen(confirm, confirmed)


def _here(context: Context) -> tuple[Server, bool]:
    """The server, known since the connection was made, and whether mistakes are dear there."""
    here = context.session.server
    assert here is not None
    known = context.config.known(here.host)
    return here, bool(known and known.production)
