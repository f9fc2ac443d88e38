"""How a transaction of steps ends, and that its end is on record in any case.

``done`` events commit together with what they tell of, so they decide where a connection is lost at COMMIT.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg

from queries import record as records
from queries.engine import NOTHING, Carried, Carrier
from queries.errors import ConnectionLost, Failed, StepFailed
from queries.events import Answer, Ended, Event, EventKind, FailedStep, Question
from queries.load import query
from queries.record import Record
from queries.statements import TransactionEnded

#: Seconds after which a session whose client has gone is ended, and after which that is given up.
PATIENCE = 2.0
LONG_PATIENCE = 20.0
_LASTING = (EventKind.DONE, EventKind.UNDONE, EventKind.ALREADY, EventKind.SKIPPED)


class Outcomes(NamedTuple):
    """What the run is after COMMIT, after ROLLBACK, and after a failure."""

    done: str
    undone: str
    failed: str


APPLYING = Outcomes("applied", "rolled back", "failed")
UNDOING = Outcomes("rolled back", "applied", "applied")  # a run that could not be rolled back stays applied


def committed(carrier: Carrier, carried: Carried, outcomes: Outcomes) -> Carried:
    """One transaction of ``carried`` with the question at its end, and its outcome on record in any case."""
    try:
        answer = yield from _asked(carrier, carried)
    except Failed as failure:
        yield from _failure(carrier, failure, outcomes)
        raise
    except psycopg.Error as error:
        yield _after(carrier, error, outcomes)
        return
    except BaseException as stop:  # a person stopped it, or the face is gone, or the transaction is
        is_gone = isinstance(stop, TransactionEnded)
        why = stop.what if isinstance(stop, TransactionEnded) else "stopped"
        with suppress(psycopg.Error):  # then the record's views tell it: the lock is no longer held
            is_done = (is_gone or carrier.is_ending) and _is_committed(carrier)
            _ended(carrier, outcomes.done if is_done else outcomes.undone, why)
        raise
    yield _ended(carrier, outcomes.done if answer is Answer.COMMIT else outcomes.undone)


def _asked(carrier: Carrier, carried: Carried) -> Generator[Event | Question, Answer | None, Answer]:
    answer = Answer.ROLLBACK
    with suppress(psycopg.Rollback), carrier.work.transaction():  # it passes where the session is gone
        yield from carried
        answer = yield from carrier.ask()
        if answer is not Answer.COMMIT:
            raise psycopg.Rollback
        carrier.record.connection.execute(query("apply/still_here"), {})  # it holds the lock of this run
        carrier.is_ending = True
    return answer


def _failure(carrier: Carrier, failure: Failed, outcomes: Outcomes) -> Carried:
    with suppress(psycopg.Error):
        yield from failed_step(carrier, failure)
    yield _ended(carrier, outcomes.failed, failure.what)


def failed_step(carrier: Carrier, failure: Failed) -> Iterator[Event]:
    """Enter the failure of the step that was at work, if one was."""
    state = failure.sqlstate if isinstance(failure, StepFailed) else ""
    said = failure.message if isinstance(failure, StepFailed) else failure.what
    if carrier.step:
        what = FailedStep(sqlstate=state, message=said)
        yield carrier.record.write(carrier.step, EventKind.FAILED, what)


def _after(carrier: Carrier, error: psycopg.Error, outcomes: Outcomes) -> Event:
    """The server refused COMMIT, or a connection broke; raises Failed unless the work was committed."""
    said = " ".join(str(error).split())
    if carrier.is_ending and (carrier.work.closed or not error.sqlstate):
        try:
            if _is_committed(carrier):
                return _ended(carrier, outcomes.done, said)
        except psycopg.Error:
            raise _unknown(said) from error
    is_lost = carrier.work.closed or carrier.record.connection.closed
    happened = "COMMIT failed" if carrier.is_ending else "The server refused"
    what = f"{'The connection was lost' if is_lost else happened}: {said}"
    _ended(carrier, outcomes.failed, what)
    raise Failed(what, means=NOTHING) from error


def _unknown(said: str) -> ConnectionLost:
    return ConnectionLost(
        f"The connection was lost: {said}",
        means="Whether the transaction was committed isn't known from here.",
        do="`pgtether history` tells it once the server can be reached.",
    )


def _is_committed(carrier: Carrier) -> bool:
    """By the record, once the work's session has ended: it may still be at its COMMIT, or wait for it.

    Raises ConnectionLost where it does not end, psycopg.Error where the record can't be asked.
    """
    carrier.work.close()
    began = time.monotonic()
    while _is_there(carrier):
        if time.monotonic() - began > PATIENCE:
            carrier.record.connection.execute(query("record/end_session"), {"pid": carrier.pid})
        if time.monotonic() - began > LONG_PATIENCE:
            raise _unknown(f"session {carrier.pid} is still at work")
        time.sleep(0.05)
    return any(event.kind in _LASTING for event in _since(carrier.record))


def _is_there(carrier: Carrier) -> bool:
    connection = carrier.record.connection
    return bool(connection.execute(query("record/session"), {"pid": carrier.pid}).fetchone())


def _ended(carrier: Carrier, outcome: str, why: str = "") -> Event:
    """Entered on either connection; where both are lost, the record's views say the same."""
    end = Ended(outcome=outcome, why=why, conflicts=tuple(carrier.conflicts))
    for on in (carrier.record.connection, carrier.work):
        with suppress(psycopg.Error):
            return carrier.record.write(None, EventKind.ENDED, end, on=on)
    return Event(carrier.record.run, None, EventKind.ENDED, datetime.now(UTC), end)


def _since(run: Record) -> Iterator[Event]:
    """What is on record of the run since it was begun, or begun to be rolled back."""
    for event in reversed(records.events(run.connection, run=run.run)):
        if event.step is None:
            return
        yield event
