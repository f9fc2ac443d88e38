"""Take an applied run back: definitions, validity, comments, the order of triggers, and the parked rows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel

from queries import record as records
from queries import scope
from queries.catalog import catalog
from queries.definitions import TableDefinition
from queries.engine import COUNTDOWN, Carried, Carrier, Move
from queries.errors import Refused
from queries.events import Detail, Done, Event, EventKind, Started
from queries.fingerprint import fingerprints
from queries.outcome import UNDOING, committed
from queries.plan import Plan, parsed_plan
from queries.record import Record, RunRow


def rollback(
    run: RunRow, *, work: Connection[Any], record: Connection[Any], countdown: float = COUNTDOWN
) -> Carried:
    """Undo the run's steps in reverse order, in one transaction; yields events and a Question.

    What somebody has changed since is left alone and named as a conflict. Raises Refused, StepFailed.
    """
    work.isolation_level = IsolationLevel.READ_COMMITTED
    records.ensure(record)
    records.lock(record)
    try:
        made = parsed_plan(run.plan_text, path=f"the plan of run #{run.run}")
        moves = _moves(made, records.events(record, run=run.run))
        if not moves:
            raise _nothing(run)
        with work.transaction():
            area = scope.scope(catalog(work), made.step)
        ours = Record(record, run.run)
        yield ours.write(None, EventKind.UNDOING, Detail())
        carrier = Carrier(work, ours, area, made, countdown)
        yield from committed(carrier, _undone(carrier, moves, made), UNDOING)
    finally:
        with suppress(psycopg.Error):  # a lost session has given its lock back
            records.unlock(record)


def _moves(made: Plan, events: Sequence[Event]) -> list[Move]:
    """The steps that are done, last first, each with what it found."""
    steps = {step.id: step for step in made.step}
    started: dict[str, Event] = {}
    done: dict[str, Move] = {}
    for event in events:
        if event.step not in steps:
            continue
        if isinstance(event.detail, Started) and event.kind is EventKind.STARTED:
            started[event.step] = event
        if event.kind is EventKind.DONE and isinstance(event.detail, Done) and event.step in started:
            found = started[event.step].detail
            before = found.before if isinstance(found, Started) else Started().before
            done[event.step] = Move(steps[event.step], False, before, event.detail.stubs)
        if event.kind is EventKind.UNDONE:
            done.pop(event.step, None)
    return [done[step.id] for step in reversed(made.step) if step.id in done]


def _nothing(run: RunRow) -> Refused:
    return Refused(
        f"Run #{run.run} is {run.state}: there is nothing to roll back.", means="Nothing was changed."
    )


def _undone(carrier: Carrier, moves: Sequence[Move], made: Plan) -> Carried:
    yield from carrier.carry(moves)
    carrier.conflicts.extend(_not_as_before(carrier, made))


def _not_as_before(carrier: Carrier, made: Plan) -> list[str]:
    """Tables that differ from what they were before the run: somebody has changed them since."""
    known = carrier.area.catalog(carrier.work)
    now: dict[str, TableDefinition] = {}
    for step in made.step:
        now |= scope.read(carrier.work, step, known)
    found = fingerprints(now)
    return [
        f"{table} is not as it was before the run"
        for table, former in made.fingerprint.items()
        if table in found and found[table] != former
    ]
