"""Carry plans out as the engine's own caller, to compare the faces by what happened."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from psycopg import Connection

from queries import record as records
from queries import writing
from queries.connection import connect_reading, reading
from queries.engine import Carried
from queries.events import Answer, Event, Question
from queries.orphans import Progress
from queries.plan_of_policy import PolicyPlan, plan_of_policy
from queries.policy import policy
from queries.systems import System

Summary = tuple[str | None, str]


@contextmanager
def reading_connection(conninfo: str) -> Iterator[Connection[Any]]:
    """A connection that reads."""
    with closing(connect_reading(conninfo)) as connection:
        yield connection


@contextmanager
def run_connections(conninfo: str) -> Iterator[tuple[Connection[Any], Connection[Any]]]:
    """The work's and the record's."""
    with closing(writing.work(conninfo)) as work, closing(writing.record(conninfo)) as record:
        yield work, record


def planned(conninfo: str, sample: System) -> PolicyPlan:
    """The plan of the system's own policy."""
    with reading_connection(conninfo) as connection:
        return returned(plan_of_policy(connection, policy(sample.policy), today=date(2026, 11, 1)))


def returned(asked: Generator[Progress, None, PolicyPlan]) -> PolicyPlan:
    """What the generator returns in the end."""
    while True:
        try:
            next(asked)
        except StopIteration as done:
            made: PolicyPlan = done.value
            return made


def carried(run: Carried, *, answer: Answer = Answer.COMMIT) -> list[Event]:
    """Iterate a run to its end, with one answer to every question; its events."""
    events: list[Event] = []
    given: Answer | None = None
    while True:
        try:
            each = run.send(given)
        except StopIteration:
            return events
        given = answer if isinstance(each, Question) else None
        if isinstance(each, Event):
            events.append(each)


def summaries(events: list[Event]) -> list[Summary]:
    """Step and kind of each: what is equal in every face and on every machine."""
    return [event.summary for event in events]


def recorded(conninfo: str) -> list[Summary]:
    """The same of all that is on record in the database."""
    with reading_connection(conninfo) as connection, reading(connection):
        return summaries(records.events(connection)) if records.is_there(connection) else []
