"""Apply a plan in one transaction, on record; or rehearse it, which always rolls back and records nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel

from queries import record as records
from queries import scope
from queries.catalog import Catalog, catalog
from queries.engine import COUNTDOWN, REHEARSING, Carried, Carrier, Move
from queries.errors import Failed, Refused, Undecided
from queries.events import Detail, Ended, EventKind
from queries.fingerprint import fingerprints
from queries.names import table_name
from queries.outcome import APPLYING, committed, failed_step
from queries.plan import Plan, plan_text, resolved, undecided
from queries.record import Rehearsal


def apply(
    made: Plan,
    *,
    work: Connection[Any],
    record: Connection[Any],
    rehearse: bool = False,
    countdown: float = COUNTDOWN,
) -> Carried:
    """Carry the plan out on ``work``; yields events and, at the end, a Question to be answered by ``send``.

    Raises Refused (drift, another run, a table that isn't there), Undecided, StepFailed: nothing has changed
    then. ConnectionLost: the outcome isn't known, and ``history`` tells it.
    """
    if made.mode != "transaction":
        raise Refused(
            f"{made.name} is a plan for online mode, which isn't there yet.",
            means="Nothing was changed.",
            do='With `mode = "transaction"` it holds its locks until COMMIT.',
        )
    if missing := undecided(made):
        raise Undecided(missing)
    work.isolation_level = IsolationLevel.READ_COMMITTED
    made, area = prepared(made, work)
    moves = [Move(step) for step in made.step]
    if rehearse:
        yield from _rehearsed(made, moves, work, area)
        return
    records.ensure(record)
    records.lock(record)
    try:
        run = records.begin(record, plan=made.name, plan_text=plan_text(made), mode="transaction")
        yield run.write(None, EventKind.STARTED, Detail())
        carrier = Carrier(work, run, area, made, countdown, expected=dict(made.fingerprint))
        yield from committed(carrier, carrier.carry(moves), APPLYING)
    finally:
        with suppress(psycopg.Error):  # a lost session has given its lock back
            records.unlock(record)


def prepared(made: Plan, work: Connection[Any]) -> tuple[Plan, scope.Scope]:
    """The plan with qualified names and fingerprints, and its scope; raises Refused where one has drifted."""
    with work.transaction():
        known = catalog(work)
        made = resolved(made, known)
        area = scope.scope(known, made.step)
        now = _fingerprints(work, made, known)
    _refuse_elsewhere(made, known)
    if not all(step.is_done(known) for step in made.step):  # or the plan itself has changed them
        _refuse_drift(made, now)
    return made.model_copy(update={"fingerprint": now}), area


def _refuse_elsewhere(made: Plan, known: Catalog) -> None:
    absent = [table for table in made.fingerprint if known.find(table_name(table)) is None]
    if absent:
        raise Refused(
            f"{', '.join(absent)} is not in this database, and was in the one that the plan was made for.",
            means="Nothing was changed.",
            do="Connect to that database, or make the plan again here.",
        )


def _refuse_drift(made: Plan, now: dict[str, str]) -> None:
    drifted = [table for table, wanted in made.fingerprint.items() if now.get(table, wanted) != wanted]
    if drifted:
        raise Refused(
            f"{', '.join(drifted)} changed since the plan was made.",
            means="Nothing was changed.",
            do="Make the plan again, or look at what changed: `pgtether snapshot --fingerprint`.",
        )


def _fingerprints(work: Connection[Any], made: Plan, known: Catalog) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in made.step:
        found |= fingerprints(scope.read(work, step, known))
    return dict(sorted(found.items()))


def _rehearsed(made: Plan, moves: list[Move], work: Connection[Any], area: scope.Scope) -> Carried:
    run = Rehearsal(work, 0)
    yield run.write(None, EventKind.STARTED, Detail())
    carrier = Carrier(work, run, area, made, limits=REHEARSING, expected=dict(made.fingerprint))
    try:
        with work.transaction(force_rollback=True):
            records.rehearse(work, plan=made.name, plan_text=plan_text(made), mode="transaction")
            yield from carrier.carry(moves)
    except Failed as failure:
        yield from failed_step(carrier, failure)
        yield run.write(None, EventKind.ENDED, Ended(outcome="failed", why=failure.what))
        raise
    yield run.write(None, EventKind.ENDED, Ended(outcome="rolled back", why="a rehearsal"))
