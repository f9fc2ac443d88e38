"""Runs and their steps as rows of line tables, and what else is on record of one as a text."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from queries.history import Run, StepRun
from queries.models import LockMode
from queries.steps import Lock
from tui.figures import count, counted
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, Column, Look, Row
from tui.widgets.sql_text import section
from tui.widgets.step_cells import duration, lock_cells

RUNS = (
    Column("run", right=True),
    Column("plan", flexible=True, least=8, most=40),
    Column("state"),
    Column("who", flexible=True, least=6),
    Column("when"),
    Column("took", right=True),
    Column("steps", right=True),
    Column("mode", optional=True),
)
STEPS = (
    Column("", right=True),
    Column("step", flexible=True, least=20, most=76),
    Column("state", flexible=True, least=8, most=40),
    Column("rows", right=True),
    Column("time", right=True),
    Column("lock", optional=True),
    Column("blocked", optional=True),
)
_LOOKS: dict[str, Cell] = {
    "applied": Look("applied", "good"),
    "rolled back": "rolled back",
    "failed": Look("failed", "wrong"),
    "half done": Look("half done", "wrong"),
    "running": Look("running", "strong"),
    "done": Look("done", "good"),
}


def run_row(run: Run) -> Row:
    """Number, plan, state, who, when to the second, how long, how many steps."""
    return (
        f"#{run.run}",
        run.plan,
        _LOOKS.get(run.state, run.state),
        run.by,
        f"{run.started:%Y-%m-%d %H:%M:%S}",
        _took(run),
        count(len(run.steps)),
        run.mode,
    )


def _took(run: Run) -> str:
    """From its begin to its end; a run taken back later has another end."""
    if run.finished is None or any(step.state == "undone" for step in run.steps):
        return ""
    return duration((run.finished - run.started).total_seconds() * 1000)


def step_row(number: int, step: StepRun, sentence: str, *, run: Run) -> Row:
    """A step with what came of it and the strongest lock that it took.

    What a transaction did that was rolled back has left no more on record than that it was begun.
    """
    locks = [Lock(table, LockMode(mode)) for table, mode in step.locks]
    lock, blocks = lock_cells(locks) if step.ms is not None else ("", "")
    is_gone = step.state == "started" and run.mode == "transaction" and run.state in ("rolled back", "failed")
    state = "rolled back" if is_gone else _LOOKS.get(step.state, step.state)
    if step.why:
        state = Look(f"{step.state}: {step.why}", "wrong" if step.state == "failed" else "warning")
    took = duration(step.ms) if step.ms is not None else ""
    return (f"{number}", sentence, state, count(step.rows) if step.rows else "", took, lock, blocks)


def run_text(run: Run) -> Content:
    """Why it ended so, conflicts, parked rows, what changed: each only where there is some."""
    parked = [f"{counted(each.rows, 'row')} of {each.relation}, {each.change}" for each in run.parked]
    parts = (
        ("Why it ended so", [run.why] if run.why else []),
        (f"Left as it is: {counted(len(run.conflicts), 'conflict')}", run.conflicts),
        ("Parked rows, kept on record", parked),
        (counted(len(_changes(run)), "change") + " to definitions", _changes(run)),
    )
    said = [
        section(title, Content("\n".join(f"  {safe(line)}" for line in lines)))
        for title, lines in parts
        if lines
    ]
    return Content("\n").join(said)


def _changes(run: Run) -> list[str]:
    def all_of() -> Iterator[str]:
        for step in run.steps:
            yield from step.difference

    return list(all_of())
