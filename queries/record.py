"""The record of runs in schema ``pgtether`` of the database that they change: append-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg import Connection, errors, sql
from psycopg.types.json import Jsonb

from queries.errors import Refused, UsageError
from queries.events import Detail, Event, EventKind, detail
from queries.load import query, read, rows
from queries.locks import Session
from queries.steps.compose import Name, text_of

VERSION = 1
PROGRAM = "pgtether 0.1.0"
_NOTHING = "Nothing was changed."
_TRIES = 5


class RunRow(NamedTuple):
    """A run with its state; ``finished`` is None where no end was written."""

    run: int
    plan: str
    state: str
    mode: str
    started: datetime
    finished: datetime | None
    by: str
    role: str
    client: str | None
    program: str
    plan_text: str


class Parked(NamedTuple):
    """Rows that a step of a run has taken from a table."""

    run: int
    step: str
    relation: str
    change: str
    rows: int


@dataclass(frozen=True)
class Record:
    """Writes the events of one run on a connection of its own, in autocommit."""

    connection: Connection[Any]
    run: int

    def write(
        self, step: str | None, kind: EventKind, what: Detail, *, on: Connection[Any] | None = None
    ) -> Event:
        """Enter an event, on the record's own connection unless it is to commit with the work's."""
        values = {
            "run": self.run,
            "step": step,
            "kind": str(kind),
            "detail": Jsonb(what.model_dump(mode="json")),
        }
        answer = (on or self.connection).execute(query("record/write"), values).fetchone()
        if answer is None:
            raise Refused("The record took no event.", means=_NOTHING)
        return Event(self.run, step, kind, answer[0], what)


@dataclass(frozen=True)
class Rehearsal(Record):
    """Writes nothing: what was written would be rolled back. Its run has the number 0."""

    def write(
        self, step: str | None, kind: EventKind, what: Detail, *, on: Connection[Any] | None = None
    ) -> Event:
        """The event alone."""
        del on
        return Event(self.run, step, kind, datetime.now(UTC), what)


def ensure(connection: Connection[Any]) -> None:
    """Make the record where it isn't, in a transaction of its own; raises Refused where that may not be."""
    is_there, may_use, publications = _state(connection)
    if not may_use:
        raise _may_not(connection)
    if not is_there:
        _refuse_published(publications)
        _retried(connection, lambda: _make(connection))
    elif not _may_write(connection):
        raise _may_not(connection)
    _check_version(connection)


def rehearse(connection: Connection[Any], *, plan: str, plan_text: str, mode: str) -> None:
    """Make the record and run 0 inside the caller's transaction, which a rehearsal rolls back."""
    is_there, may_use, _ = _state(connection)
    if not may_use:
        raise _may_not(connection)
    if not is_there:
        connection.execute(read("record/schema"))
    elif not _may_write(connection):
        raise _may_not(connection)
    connection.execute(query("record/rehearse"), {"plan": plan, "plan_text": plan_text, "mode": mode})


def is_there(connection: Connection[Any]) -> bool:
    """Whether this database has a record that the role can read; raises Refused where it may not."""
    there, may_use, _ = _state(connection)
    if there and not may_use:
        raise Refused(
            "This role may not read the record in schema pgtether.",
            means="Which runs there were isn't known.",
        )
    return there


def begin(connection: Connection[Any], *, plan: str, plan_text: str, mode: str) -> Record:
    """Enter a run; the lock must be held."""
    program = f"{PROGRAM}, PostgreSQL {connection.info.parameter_status('server_version')}"
    values = {"plan": plan, "plan_text": plan_text, "mode": mode, "program": program}
    answer = connection.execute(query("record/begin"), values).fetchone()
    if answer is None:
        raise Refused("The record took no run.", means=_NOTHING)
    return Record(connection, answer[0])


def lock(connection: Connection[Any]) -> None:
    """Keep other runs in this database out until ``unlock`` or the end of the session; raises Refused."""
    taken = connection.execute(query("record/lock"), {}).fetchone()
    if taken and taken[0]:
        return
    found = rows(connection, "record/lock_holder", Session)
    who = "; ".join(session.text for session in found) or "it has just ended"
    raise Refused(
        f"Another run of pgtether is at work in this database: {who}", means=_NOTHING, do="Wait for its end."
    )


def unlock(connection: Connection[Any]) -> None:
    """Let other runs in."""
    connection.execute(query("record/unlock"), {})


def runs(connection: Connection[Any], *, run: int = 0) -> list[RunRow]:
    """All runs, newest first, or the one."""
    return rows(connection, "record/runs", RunRow, {"run": run})


def events(connection: Connection[Any], *, run: int = 0) -> list[Event]:
    """Events of all runs or of one, in order."""
    found = rows(connection, "record/events", _event, {"run": run})
    return [
        Event(number, step, EventKind(kind), at, detail(kind, what)) for number, step, kind, at, what in found
    ]


def parked(connection: Connection[Any], *, run: int = 0) -> list[Parked]:
    """Parked rows by run, step and table."""
    return rows(connection, "record/parked", Parked, {"run": run})


def found(connection: Connection[Any], text: str) -> RunRow:
    """RUN as a person names it: ``7``, ``#7`` or ``last``; raises UsageError."""
    known = runs(connection) if is_there(connection) else []
    if not known:
        raise UsageError("No run is on record in this database.")
    if text == "last":
        return known[0]
    number = text.removeprefix("#")
    match = next((row for row in known if str(row.run) == number), None)
    if match is None:
        raise UsageError(
            f"There is no run {text}.", do=f"Runs on record: {known[-1].run} to {known[0].run}, or `last`."
        )
    return match


def _event(*values: Any) -> tuple[Any, ...]:
    return values


def _state(connection: Connection[Any]) -> tuple[bool, bool, list[str]]:
    answer = connection.execute(query("record/state"), {}).fetchone()
    return answer if answer else (False, False, [])


def _may_write(connection: Connection[Any]) -> bool:
    answer = connection.execute(query("record/may_write"), {}).fetchone()
    return bool(answer and answer[0])


def _make(connection: Connection[Any]) -> None:
    with connection.transaction():
        connection.execute(read("record/schema"))


def _retried(connection: Connection[Any], make: Callable[[], None]) -> None:
    """Two sessions that make the schema at once: one gets 23505 or XX000 (seen), and then it is there."""
    for _ in range(_TRIES):
        try:
            return make()
        except (errors.UniqueViolation, errors.DuplicateSchema, errors.InternalError_):
            if _state(connection)[0]:
                return None
        except errors.InsufficientPrivilege as error:
            raise _may_not(connection) from error
    raise Refused("The record could not be made: another session keeps making it too.", means=_NOTHING)


def _may_not(connection: Connection[Any]) -> Refused:
    return Refused(
        f"Role {connection.info.user} may not make or use schema pgtether, which keeps the record of runs.",
        means=_NOTHING,
        do=_grants(connection),
    )


def _grants(connection: Connection[Any]) -> str:
    """What to hand to the owner, to be run as it stands."""
    role, database = Name(connection.info.user), Name(connection.info.dbname)
    if _state(connection)[0]:
        grants = sql.SQL(
            "grant usage on schema pgtether to {role}; "
            "grant select, insert on all tables in schema pgtether to {role}"
        )
    else:
        grants = sql.SQL("grant create on database {database} to {role}")
    return f"Have its owner run: {text_of(grants.format(role=role, database=database))};"


def _refuse_published(publications: list[str]) -> None:
    if publications:
        raise Refused(
            f"Publication {', '.join(publications)} is FOR ALL TABLES: a record would stop its subscribers.",
            means=_NOTHING,
            do="Run queries/sql/record/schema.sql by psql, first on every subscriber, then here.",
        )


def _check_version(connection: Connection[Any]) -> None:
    answer = connection.execute(query("record/version"), {}).fetchone()
    if answer is None or answer[0] != VERSION:
        raise Refused(
            f"The record here has version {answer[0] if answer else '?'}, this program knows {VERSION}.",
            means=_NOTHING,
            do="Use the newer program.",
        )
