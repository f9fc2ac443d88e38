"""What was done here: runs with their steps, from the record, or from the events of a run that left none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from queries import record
from queries.errors import BadFile
from queries.events import Done, Ended, Event, EventKind, FailedStep, Skipped
from queries.plan import Plan, parsed_plan
from queries.record import Parked, RunRow


@dataclass(frozen=True)
class StepRun:
    """A step's last state (``pending``: never begun) and what came of it."""

    step: str
    kind: str
    sentence: str
    state: str
    at: datetime | None = None
    ms: float | None = None
    rows: int | None = None
    locks: tuple[tuple[str, str], ...] = ()
    difference: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Run:
    """A run as ``history`` prints it; ``run`` is None for a rehearsal, which leaves no record."""

    run: int | None
    plan: str
    state: str
    mode: str
    started: datetime
    finished: datetime | None
    by: str
    steps: tuple[StepRun, ...]
    parked: tuple[Parked, ...] = ()
    conflicts: tuple[str, ...] = ()
    why: str = ""


def history(connection: Connection[Any], *, run: int = 0) -> tuple[Run, ...]:
    """Runs on record, newest first, or the one; inside a transaction. None where there is no record."""
    if not record.is_there(connection):
        return ()
    events = record.events(connection, run=run)
    parked = record.parked(connection, run=run)
    return tuple(
        _run(row, [event for event in events if event.run == row.run], parked)
        for row in record.runs(connection, run=run)
    )


def rehearsed(made: Plan, events: Sequence[Event], *, by: str) -> Run:
    """A rehearsal from its events."""
    end = next((event.detail for event in reversed(events) if isinstance(event.detail, Ended)), None)
    state, why = (end.outcome, end.why) if end else ("failed", "")
    return Run(
        None,
        made.name,
        state,
        "transaction",
        events[0].at,
        events[-1].at,
        by,
        _steps(made, events, state=state),
        why=why,
    )


def _run(row: RunRow, events: Sequence[Event], parked: Sequence[Parked]) -> Run:
    end = next((event.detail for event in reversed(events) if isinstance(event.detail, Ended)), None)
    return Run(
        row.run,
        row.plan,
        row.state,
        row.mode,
        row.started,
        row.finished,
        row.by,
        _steps(_plan(row), events, state=row.state),
        tuple(each for each in parked if each.run == row.run),
        tuple(dict.fromkeys(_conflicts(events))),
        end.why if end else "",
    )


def _plan(row: RunRow) -> Plan:
    """As it was run; where another version of the program wrote it in its own way, its name alone."""
    try:
        return parsed_plan(row.plan_text)
    except BadFile:
        return Plan(schema_version=1, name=row.plan)


def _steps(made: Plan, events: Sequence[Event], *, state: str) -> tuple[StepRun, ...]:
    """Each step's last state; a way back that was given up has left an applied run as it was."""
    passing = {EventKind.CONFIRMED} | ({EventKind.UNDOING, EventKind.FAILED} if state == "applied" else set())
    last: dict[str, Event] = {}
    for event in events:
        if event.step is not None and event.kind not in passing:
            last[event.step] = event
    known = {step.id: (step.kind, step.sentence()) for step in made.step}
    unknown = {step: ("", "") for step in last if step not in known}
    return tuple(
        _step(step, kind, sentence, last.get(step)) for step, (kind, sentence) in (known | unknown).items()
    )


def _step(step: str, kind: str, sentence: str, event: Event | None) -> StepRun:
    if event is None:
        return StepRun(step, kind, sentence, "pending")
    what = event.detail
    if isinstance(what, Done):
        locks = tuple((lock.table, str(lock.mode)) for lock in what.locks)
        return StepRun(
            step, kind, sentence, str(event.kind), event.at, what.ms, what.rows, locks, what.difference
        )
    why = what.message if isinstance(what, FailedStep) else what.why if isinstance(what, Skipped) else ""
    return StepRun(step, kind, sentence, str(event.kind), event.at, why=why)


def _conflicts(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        if isinstance(event.detail, Done | Ended):
            yield from event.detail.conflicts
        if isinstance(event.detail, Skipped) and event.detail.conflict:
            yield event.detail.why
