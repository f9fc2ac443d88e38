"""Carry a run to where something breaks, break a session, and see what the run says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from queries.engine import Carried
from queries.errors import Failed
from queries.events import Answer, Event, Question
from tests.support.two_tables import INDEX, KEY, NULLABLE, REPAIR, VALID

STEPS = (NULLABLE, INDEX, KEY, REPAIR, VALID)


def to_question(carried: Carried) -> Question:
    """Iterate up to the question."""
    while not isinstance(came := next(carried), Question):
        pass
    return came


def soon(ask: Callable[[], object], *, seconds: float = 15) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def end_session(connection: psycopg.Connection, pid: int) -> None:
    """Have a session ended, and wait until it is."""
    connection.execute("select pg_terminate_backend(%s)", [pid])
    soon(lambda: not connection.execute("select from pg_stat_activity where pid = %s", [pid]).fetchone())


def answered(carried: Carried, answer: Answer = Answer.COMMIT, *, is_lost: bool) -> None:
    """Answer the question; the run ends, or the connection is lost and nothing has changed."""
    if not is_lost:
        assert [event.summary for event in carried_on(carried, answer)] == [(None, "ended")]
        return
    with pytest.raises(Failed, match="connection was lost") as caught:
        carried.send(answer)
    assert "nothing was changed" in caught.value.means


def carried_on(carried: Carried, answer: Answer) -> Iterator[Event]:
    """The events that come after an answer."""
    came = carried.send(answer)
    while True:
        assert isinstance(came, Event)
        yield came
        try:
            came = next(carried)
        except StopIteration:
            return
