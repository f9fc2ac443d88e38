"""From the options of the command line to a connection."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from queries.connection import connect_reading, conninfo, reading
from queries.errors import CannotConnect, NotConfirmed
from queries.writing import record, work
from tui.failures import failure
from tui.options import Target


@contextmanager
def reader(target: Target) -> Iterator[Connection[Any]]:
    """A connection that reads; what the server refuses is raised as a PgtetherError."""
    try:
        with closing(_connection(target, connect_reading)) as connection:
            yield connection
    except psycopg.Error as error:
        raise failure(error, reads=True) from error


@contextmanager
def reading_from(target: Target) -> Iterator[Connection[Any]]:
    """The same inside one reading transaction, for what is read at once."""
    with reader(target) as connection, reading(connection):
        yield connection


@contextmanager
def writing_to(target: Target) -> Iterator[Connection[Any]]:
    """A connection that may write, in autocommit; a person or ``--yes`` has agreed before."""
    try:
        with closing(_connection(target, work)) as connection:
            yield connection
    except psycopg.Error as error:
        raise failure(error, reads=False) from error


@contextmanager
def run_on(target: Target, *, countdown: float) -> Iterator[tuple[Connection[Any], Connection[Any]]]:
    """The two connections of a run, *work* and *record*, to the same server; a password is asked for once.

    A person or ``--yes`` has agreed before.
    """
    try:
        with (
            closing(_connection(target, partial(work, countdown=countdown))) as working,
            closing(record(same_server(working))) as recording,
        ):
            yield working, recording
    except psycopg.Error as error:
        raise failure(error, reads=False) from error


def same_server(connection: Connection[Any]) -> str:
    """Where that connection has led to, though its string may name several hosts."""
    info = connection.info
    return make_conninfo(
        info.dsn, host=info.host, hostaddr=info.hostaddr, port=info.port, password=info.password
    )


def target_conninfo(target: Target, *, connection: str = "") -> str:
    """The string for libpq, with the password where ``-W`` asks for it; raises BadConninfo, NotConfirmed."""
    return conninfo(
        connection or target.dbname or "",
        host=target.host,
        port=target.port,
        user=target.username,
        password=_asked_password() if target.password == "ask" else None,
    )


def _connection(target: Target, connect: Callable[[str], Connection[Any]]) -> Connection[Any]:
    """Connect; as psql does, ask for a password that the server turns out to want."""
    given = target_conninfo(target)
    try:
        return connect(given)
    except CannotConnect as error:
        if target.password or not sys.stdin.isatty() or not _wants_password(error):
            raise
    return connect(make_conninfo(given, password=_asked_password()))


def _wants_password(error: CannotConnect) -> bool:
    """Whether libpq says that it was asked for a password and had none."""
    cause = error.__context__
    return isinstance(cause, psycopg.OperationalError) and bool(cause.pgconn and cause.pgconn.needs_password)


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise NotConfirmed(
            "There is no terminal to ask for the password on.",
            means="Nothing was connected to.",
            do="Leave -W out and give it in PGPASSWORD or ~/.pgpass.",
        )
    return getpass.getpass("Password: ", stream=sys.stderr)
