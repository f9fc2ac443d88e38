"""What is asked before a run, and what it and its outcomes are called."""

from __future__ import annotations

from collections.abc import Sequence

from queries.history import Run
from queries.plan import Plan
from queries.server import Server
from queries.steps import Lock, Step
from tui.dialogs.confirm import Confirm
from tui.figures import counted
from tui.run_outcome import RunWords
from tui.widgets.step_cells import blocked

_NOT_YET = "You are asked once more at the end; nothing is committed before."


def place(here: Server) -> str:
    """``database gaztime on db1.prod:5432``."""
    return f"database {here.database} on {here.place}"


def ask_to_apply(
    made: Plan, locks: Sequence[Lock], *, here: Server, production: bool, rehearse: bool
) -> Confirm:
    """Yes or no, with the strongest lock; on a production server the database's name must be typed."""
    verb = "Rehearse" if rehearse else "Apply"
    ends = "Everything is rolled back at the end." if rehearse else _NOT_YET
    where = f"PRODUCTION {place(here)}" if production else place(here)
    return Confirm(
        f"{verb} {counted(len(made.step), 'step')} in {where}?",
        means=f"{strongest(locks)} Locks are held until the end.\n{ends}",
        yes=verb,
        no="Cancel",
        typed=here.database if production else "",
    )


def ask_to_take_back(run: Run, *, here: Server, production: bool, lost: Sequence[str]) -> Confirm:
    """Yes or no, with what can't be restored."""
    undone = [step for step in run.steps if step.state == "done"]
    where = f"PRODUCTION {place(here)}" if production else place(here)
    parked = sum(each.rows for each in run.parked)
    means = [f"Restores definitions, the order in which keys act, and {counted(parked, 'parked row')}."]
    means += [f"Mind: {warning}" for warning in lost]
    return Confirm(
        f"Roll back run #{run.run} ({run.plan}), {counted(len(undone), 'step')}, in {where}?",
        means="\n".join([*means, _NOT_YET]),
        yes="Roll back",
        no="Cancel",
        typed=here.database if production else "",
    )


def strongest(locks: Sequence[Lock]) -> str:
    """The strongest lock in words, held until the end."""
    if not locks:
        return "No locks on tables are known beforehand."
    mode = max((lock.mode for lock in locks), key=lambda mode: mode.rank)
    tables = sorted({lock.table for lock in locks if lock.mode is mode})
    where = tables[0] if len(tables) == 1 else counted(len(tables), "table")
    return f"Strongest lock: {mode.value} on {where}, blocks {blocked(mode)}."


def applying(made: Plan, *, here: Server, rehearse: bool) -> RunWords:
    """The words of an apply or a rehearsal."""
    kept = "Everything was rolled back: nothing was changed."
    outcomes = {
        "applied": "Run #{run} is applied: everything is committed. 7 History takes it back.",
        "rolled back": f"ROLLED BACK. {kept} Run #{{run}} is on record as rolled back.",
        "stopped": f"STOPPED. {kept}",
        "failed": f"FAILED. {kept}",
    }
    if rehearse:
        outcomes["rolled back"] = (
            "The rehearsal went through. Everything was rolled back, and nothing is on record."
        )
    verb = "Rehearse" if rehearse else "Apply"
    return RunWords(
        f"{verb} {made.name}: {counted(len(made.step), 'step')}, {place(here)}",
        "COMMIT keeps all of it, on record with a way back. ROLLBACK undoes it.",
        outcomes,
        None if rehearse else "applied",
        "rolled back",
    )


def taking_back(run: Run, *, here: Server) -> RunWords:
    """The words of a way back."""
    stays = "Run #{run} stays applied, as it was."
    return RunWords(
        f"Roll back run #{run.run}, {run.plan}: {place(here)}",
        "COMMIT takes the run back for good. ROLLBACK leaves it applied, as it was.",
        {
            "rolled back": "Run #{run} is rolled back: all is as it was before, and that is committed.",
            "applied": stays,
            "stopped": f"STOPPED. {stays}",
            "failed": f"FAILED. {stays}",
        },
        "rolled back",
        "not undone",
    )


def not_restored(steps: Sequence[Step]) -> list[str]:
    """What the way back of these steps can't do, a sentence each."""
    return [step.back_warning for step in steps if step.back_warning]
