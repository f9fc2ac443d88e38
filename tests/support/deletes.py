"""What reading says of a DELETE, what a rehearsal says, and what the DELETE does, side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from queries.catalog import catalog
from queries.connection import reading
from queries.impact import Deletion, Impact, impact, rehearsal
from queries.impact.read import Way
from queries.names import table_name


class Refusal(NamedTuple):
    """The server's own error."""

    sqlstate: str
    at: str


def make(connection: Connection[Any], script: str) -> None:
    """Run a script of statements."""
    connection.execute(script.encode())


def read(connection: Connection[Any], table: str, where: str = "true", *, way: Way = Way.BEST) -> Impact:
    """The preview by reading."""
    with reading(connection):
        known = catalog(connection)
        subject = known.find(table_name(table))
        assert subject is not None
        *_, found = impact(connection, Deletion(subject, where), catalog=known, way=way)
    assert isinstance(found, Impact)
    return found


def rehearse(connection: Connection[Any], table: str, where: str = "true") -> Impact:
    """The preview by a rehearsal."""
    known = catalog(connection)
    subject = known.find(table_name(table))
    assert subject is not None
    return rehearsal(connection, Deletion(subject, where), catalog=known)


def refusal(connection: Connection[Any], table: str, where: str = "true") -> Refusal | None:
    """What the DELETE itself answers; it is rolled back."""
    at = "statement"
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(" ".join(["delete from", table, "where", where]).encode())
            at = "commit"
            connection.execute("set constraints all immediate")
    except psycopg.DatabaseError as error:
        return Refusal(error.sqlstate or "", at)
    return None


def figures(found: Impact) -> dict[str, tuple[int, int, int, int]]:
    """Deleted, set null, set to default, updated, by table."""
    return {
        each.table.removeprefix("public."): (each.deleted, each.set_null, each.set_default, each.updated)
        for each in found.effects
        if each.deleted or each.changed
    }


def told(connection: Connection[Any], table: str, where: str = "true") -> Impact:
    """What reading says, held against the server's own answer and both ways against each other."""
    found = read(connection, table, where)
    real = refusal(connection, table, where)
    if found.outcome == "blocked":
        first = found.blocked_by[0]
        assert real == (first.sqlstate, first.at)
    elif found.outcome == "ok":
        assert real is None
        rehearsed = rehearse(connection, table, where)
        assert figures(rehearsed) == figures(found)
        assert rehearsed.rows == found.rows
    rows = read(connection, table, where, way=Way.ROWS)
    assert (rows.outcome, figures(rows)) == (found.outcome, figures(found))
    return found
