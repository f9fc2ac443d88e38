"""Carry plans out in tests as a face does, and compare what a database was with what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from queries import record, writing
from queries.apply import apply
from queries.catalog import catalog
from queries.checksums import Checksum, checksums
from queries.definitions import definitions
from queries.engine import Carried
from queries.events import Answer, Done, Event, EventKind, Question
from queries.fingerprint import fingerprint_text
from queries.history import Run, history
from queries.plan import Plan
from queries.rollback import rollback
from queries.steps import AnyStep, Step


class State(NamedTuple):
    """All of a database that a run may change: definitions with trigger order, and rows."""

    definitions: str
    rows: dict[str, Checksum]


def state(connection: Connection[Any]) -> State:
    """As it is now."""
    with connection.transaction():
        known = catalog(connection)
        return State(
            fingerprint_text(definitions(connection, list(known.tables))), checksums(connection, known)
        )


def plan_of(*steps: AnyStep | Step, **fields: Any) -> Plan:
    """A plan of these steps."""
    return Plan(schema_version=1, name="test", step=steps, **fields)


@dataclass
class Seen:
    """What a face saw of a run."""

    events: list[Event] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """Step and kind of each event."""
        return [event.summary for event in self.events]

    def done(self, step: str, kind: EventKind = EventKind.DONE) -> Done:
        """What came of a step."""
        found = [event.detail for event in self.events if event.summary == (step, str(kind))]
        (what,) = found
        assert isinstance(what, Done)
        return what


def driven(carried: Carried, *answers: Answer, seen: Seen | None = None) -> Seen:
    """Iterate as a face does; the last answer is given again where more is asked."""
    seen = seen if seen is not None else Seen()
    given = list(answers or (Answer.COMMIT,))
    answer: Answer | None = None
    while True:
        try:
            came = carried.send(answer)
        except StopIteration:
            return seen
        answer = None
        if isinstance(came, Question):
            seen.questions.append(came)
            answer = given.pop(0) if len(given) > 1 else given[0]
        else:
            seen.events.append(came)


@dataclass
class Desk:
    """The two writing connections of a face on one database."""

    conninfo: str
    work: Connection[Any]
    record: Connection[Any]

    def apply(self, *steps: Step, answers: Sequence[Answer] = (), **fields: Any) -> Seen:
        """Apply a plan of these steps."""
        return driven(apply(plan_of(*steps, **fields), work=self.work, record=self.record), *answers)

    def rehearse(self, *steps: Step, **fields: Any) -> Seen:
        """Rehearse it."""
        return driven(apply(plan_of(*steps, **fields), work=self.work, record=self.record, rehearse=True))

    def rollback(self, run: str = "last", *, answers: Sequence[Answer] = ()) -> Seen:
        """Roll a run back."""
        found = record.found(self.record, run)
        return driven(rollback(found, work=self.work, record=self.record), *answers)

    @property
    def last(self) -> Run:
        """The newest run."""
        return history(self.record)[0]

    @property
    def states(self) -> list[str]:
        """Of all runs, newest first."""
        return [run.state for run in history(self.record)]


def there_and_back(at: Desk, connection: psycopg.Connection, *steps: Step) -> None:
    """Apply and roll back: all is as before, and nobody is named in a conflict."""
    before = state(connection)
    at.apply(*steps)
    assert state(connection) != before
    seen = at.rollback()
    assert not seen.questions[0].conflicts
    after = state(connection)
    assert after.definitions.splitlines() == before.definitions.splitlines()
    assert after.rows == before.rows
    assert at.last.state == "rolled back"


@contextmanager
def desk(conninfo: str, *, countdown: float = 60) -> Iterator[Desk]:
    """Open the two connections of one run after another."""
    with (
        writing.work(conninfo, countdown=countdown) as work,
        writing.record(conninfo) as recording,
    ):
        yield Desk(conninfo, work, recording)
