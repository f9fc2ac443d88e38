"""Apply a plan in one transaction, on record; or rehearse it, which always rolls back and records nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel

from queries import record as records
from queries import scope
from queries.catalog import Catalog, catalog
from queries.engine import COUNTDOWN, NOTHING, Carried, Carrier, Move
from queries.errors import ConnectionLost, Failed, Refused, StepFailed, Undecided
from queries.events import Answer, Detail, Ended, Event, EventKind, FailedStep
from queries.fingerprint import fingerprints
from queries.plan import Plan, plan_text, resolved, undecided
from queries.record import Record, Rehearsal


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
        carrier = Carrier(work, run, area, made.settings, made.search_path, countdown)
        yield from committed(carrier, carrier.carry(moves), done="applied", undone="rolled back")
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
    drifted = [table for table, wanted in made.fingerprint.items() if now.get(table, wanted) != wanted]
    if drifted:
        raise Refused(
            f"{', '.join(drifted)} changed since the plan was made.",
            means="Nothing was changed.",
            do="Make the plan again, or look at what changed: `pgtether snapshot --fingerprint`.",
        )
    return made.model_copy(update={"fingerprint": now}), area


def _fingerprints(work: Connection[Any], made: Plan, known: Catalog) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in made.step:
        found |= fingerprints(scope.read(work, step, known))
    return dict(sorted(found.items()))


def _rehearsed(made: Plan, moves: list[Move], work: Connection[Any], area: scope.Scope) -> Carried:
    run = Rehearsal(work, 0)
    yield run.write(None, EventKind.STARTED, Detail())
    carrier = Carrier(work, run, area, made.settings, made.search_path)
    try:
        with work.transaction(force_rollback=True):
            records.rehearse(work, plan=made.name, plan_text=plan_text(made), mode="transaction")
            yield from carrier.carry(moves)
    except Failed as failure:
        yield run.write(None, EventKind.ENDED, Ended(outcome="failed", why=failure.what))
        raise
    yield run.write(None, EventKind.ENDED, Ended(outcome="rolled back", why="a rehearsal"))


def committed(carrier: Carrier, carried: Carried, *, done: str, undone: str) -> Carried:
    """One transaction of ``carried`` with the question at its end, and its outcome on record in any case."""
    run, ended = carrier.record, False
    try:
        answer = yield from _asked(carrier, carried)
        yield run.write(None, EventKind.ENDED, Ended(outcome=done if answer is Answer.COMMIT else undone))
        ended = True
    except StepFailed as failure:
        ended = True
        yield from _failure(run, failure)
        raise
    except Failed as failure:
        ended = True
        yield run.write(None, EventKind.ENDED, Ended(outcome="failed", why=failure.what))
        raise
    except psycopg.OperationalError as error:
        ended = True
        yield from _lost(run, error, done=done)
    finally:
        if not ended:  # a person stopped it, or the face is gone
            with suppress(psycopg.Error):  # then the record's views tell it: the lock is no longer held
                run.write(None, EventKind.ENDED, Ended(outcome=undone, why="stopped"))


def _asked(carrier: Carrier, carried: Carried) -> Generator[Any, Answer | None, Answer]:
    answer = Answer.ROLLBACK
    with carrier.work.transaction():
        yield from carried
        answer = yield from carrier.ask()
        if answer is not Answer.COMMIT:
            raise psycopg.Rollback
    return answer


def _failure(run: Record, failure: StepFailed) -> Carried:
    what = FailedStep(sqlstate=failure.sqlstate, message=failure.message)
    yield run.write(failure.step, EventKind.FAILED, what)
    yield run.write(None, EventKind.ENDED, Ended(outcome="failed", why=failure.what))


def _lost(run: Record, error: psycopg.OperationalError, *, done: str) -> Carried:
    """The work's connection broke at COMMIT or between statements: ``done`` events tell what came of it."""
    said = " ".join(str(error).split())
    try:
        is_committed = any(event.kind in (EventKind.DONE, EventKind.UNDONE) for event in _since(run))
        yield run.write(None, EventKind.ENDED, Ended(outcome=done if is_committed else "failed", why=said))
    except psycopg.Error:
        raise ConnectionLost(
            f"The connection was lost: {said}",
            means="Whether the transaction was committed isn't known from here.",
            do="`pgtether history` tells it once the server can be reached.",
        ) from error
    if not is_committed:
        raise Refused(f"The connection was lost: {said}", means=NOTHING) from error


def _since(run: Record) -> Iterator[Event]:
    """What is on record of the run since it was begun, or begun to be rolled back."""
    for event in reversed(records.events(run.connection, run=run.run)):
        if event.step is None:
            return
        yield event
