"""Connections that read: made as psql makes them, and unable to write.

Every reading transaction begins READ ONLY, is asserted to be so, and ends in ROLLBACK. What a person typed
goes through ``typed`` alone, by the extended protocol, which takes one statement and no more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, Cursor, pq, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from queries.diagnosis import bad_conninfo, no_connection
from queries.errors import BadConninfo, BadExpression, CannotConnect, Refused, ServerTooOld
from queries.load import query

#: Seconds for each address that is tried where nobody says otherwise: psql would wait for ever.
CONNECT_TIMEOUT = 10

#: psycopg looks at these before libpq has read the service file: PGHOST would beat the service's own host.
_ASKED_BEFORE_LIBPQ = (
    "host",
    "hostaddr",
    "port",
    "connect_timeout",
    "target_session_attrs",
    "load_balance_hosts",
    "gssencmode",
)


def conninfo(
    text: str = "",
    *,
    host: str | None = None,
    port: str | int | None = None,
    user: str | None = None,
    password: str | None = None,
    dbname: str | None = None,
) -> str:
    """One string for libpq out of CONNECTION (or -d) and the options; the string wins over them, as in psql.

    ``text`` is a URI, a conninfo string (it holds "="), or the name of a database. Raises BadConninfo.
    """
    if text and dbname:
        raise BadConninfo(
            "The database is given twice, as CONNECTION and by -d.", do="Leave one of them out."
        )
    given = text or dbname or ""
    options = {"host": host, "port": port, "user": user, "password": password}
    try:
        merged = {name: value for name, value in options.items() if value is not None} | _read(given)
        return make_conninfo("", **_with_service(merged))
    except psycopg.ProgrammingError as error:
        raise bad_conninfo(str(error), given=given) from None


def _read(given: str) -> dict[str, Any]:
    is_uri = given.startswith(("postgresql://", "postgres://"))
    if not is_uri and "=" not in given:
        return {"dbname": given} if given else {}
    found = dict(conninfo_to_dict(given))
    if is_uri and any("@" in str(found.get(part, "")) for part in ("host", "port", "dbname")):
        raise bad_conninfo("in a URI, @ : / and % of a password are written %40 %3A %2F and %25", given=given)
    return found


def _with_service(merged: dict[str, Any]) -> dict[str, Any]:
    """Have libpq read the service (PGSERVICE is the way to ask); what was said outright stays above it."""
    before = os.environ.get("PGSERVICE")
    service = merged.get("service", before)
    if not service:
        return merged
    os.environ["PGSERVICE"] = service
    try:
        found = {option.keyword.decode(): option.val for option in pq.Conninfo.get_defaults()}
    finally:
        if before is None:
            del os.environ["PGSERVICE"]
        else:
            os.environ["PGSERVICE"] = before
    return {name: value.decode() for name in _ASKED_BEFORE_LIBPQ if (value := found.get(name))} | merged


def parameters(conninfo: str) -> dict[str, Any]:
    """What we add to the person's string, for ``psycopg.connect`` and the pool alike; their own words win.

    ``prepare_threshold=None``: a plan frozen at the sixth run is wrong for our data and breaks under poolers.
    """
    given = conninfo_to_dict(conninfo)
    ours: dict[str, Any] = {"fallback_application_name": "pgtether"}
    if "PGCONNECT_TIMEOUT" not in os.environ:
        ours["connect_timeout"] = CONNECT_TIMEOUT
    added = {name: value for name, value in ours.items() if name not in given}
    return added | {"autocommit": True, "prepare_threshold": None, "client_encoding": "UTF8"}


def connect(conninfo: str) -> Connection[TupleRow]:
    """A connection in autocommit that nobody has restricted yet.

    Raises CannotConnect, BadConninfo, and ServerTooOld below PostgreSQL 13.
    """
    try:
        connection = Connection.connect(conninfo, **parameters(conninfo))
    except psycopg.ProgrammingError as error:
        raise bad_conninfo(str(error), given=conninfo) from None
    except psycopg.OperationalError as error:
        raise no_connection(error) from None
    except UnicodeError:
        raise bad_conninfo("the host is no name that a network knows") from None
    try:
        _refuse_old(connection)
    except ServerTooOld:
        connection.close()
        raise
    return connection


def connect_reading(conninfo: str) -> Connection[TupleRow]:
    """A connection whose session is read only; raises as ``connect`` does."""
    connection = connect(conninfo)
    try:
        restrict(connection)
    except psycopg.OperationalError as error:
        connection.close()
        raise no_connection(error) from None
    return connection


def restrict(connection: Connection[Any]) -> None:
    """Make the session read only, unless a pooler would hand that setting on to somebody else's."""
    _refuse_old(connection)
    if is_pooled(connection):
        return
    answer = connection.execute(query("server/read_only_session"), {}).fetchone()
    if answer != ("on",):
        raise Refused("The server did not make the session read only.", means="Nothing was read.")


def is_pooled(connection: Connection[Any]) -> bool:
    """Whether a pooler stands between: the server process changes, or isn't the one the client was told of.

    A pooler in session mode looks the same from here, so it counts. Surest outside a transaction.
    """
    with connection.pipeline() as pipeline:
        one = connection.execute(query("server/backend_pid"), {})
        pipeline.sync()
        other = connection.execute(query("server/backend_pid"), {})
    return {one.fetchone(), other.fetchone()} != {(connection.info.backend_pid,)}


@contextmanager
def reading(connection: Connection[Any]) -> Iterator[Connection[Any]]:
    """One transaction, READ ONLY on one snapshot; joins an open one, which must be read only too.

    Ends in ROLLBACK: a notification, a large object or a setting of a typed expression goes with it.
    Raises CannotConnect where the connection is lost on the way.
    """
    joined = connection.info.transaction_status != TransactionStatus.IDLE
    try:
        if joined:
            assert_read_only(connection)
        else:
            _begin_reading(connection)
        yield connection
    except psycopg.OperationalError as error:
        if not connection.broken:
            raise
        raise CannotConnect(
            "The connection was lost while reading.",
            means="Reading changes nothing. It said: " + " ".join(str(error).split()),
            do="Try again.",
        ) from error
    finally:
        if not (joined or connection.closed):
            connection.rollback()


def _begin_reading(connection: Connection[Any]) -> None:
    with connection.pipeline():
        connection.execute(query("server/begin_reading"), {})
        answer = connection.execute(query("server/transaction_read_only"), {})
    _demand_read_only(answer.fetchone())


def assert_read_only(connection: Connection[Any]) -> None:
    """Ask the server whether the open transaction is READ ONLY; raises Refused where it is not."""
    _demand_read_only(connection.execute(query("server/transaction_read_only"), {}).fetchone())


def _demand_read_only(answer: TupleRow | None) -> None:
    if answer != (True,):
        raise Refused(
            "The transaction could write though a read-only one was asked for.",
            means="Nothing was read or changed.",
            do="Look for a pooler or proxy that rewrites transactions, and connect to the server itself.",
        )


def expression(text: str) -> sql.SQL:
    """What a person typed, in brackets and on lines of its own, so that a comment at its end ends with it."""
    return sql.SQL("(\n" + text.replace("%", "%%") + "\n)")


def typed(
    connection: Connection[Any], query: sql.SQL | sql.Composed, parameters: Mapping[str, Any] | None = None
) -> Cursor[TupleRow]:
    """Run a query that holds what a person typed, by the extended protocol: a second statement is 42601.

    Raises BadExpression with the server's words; what isn't the typed text's fault (42501, a timeout, a lost
    connection) stays as psycopg raises it.
    """
    cursor = connection.cursor(binary=True)
    try:
        return cursor.execute(query, parameters or {}, prepare=False)
    except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):
        raise
    except psycopg.DatabaseError as error:
        raise BadExpression(
            error.diag.message_primary or str(error),
            sqlstate=error.sqlstate or "",
            pointer=_pointer(str(error)),
            hint=error.diag.message_hint or "",
        ) from error


def _pointer(message: str) -> str:
    """The line at fault with a caret below it, as libpq draws them but without the line's number."""
    found = re.search(r"^(LINE \d+: )(.*)\n(.*\^)", message, re.MULTILINE)
    return f"{found[2]}\n{found[3][len(found[1]) :]}" if found else ""


def _refuse_old(connection: Connection[Any]) -> None:
    if connection.info.server_version < 130000:
        version = connection.info.parameter_status("server_version")
        raise ServerTooOld(
            f"The server is PostgreSQL {version}; pgtether needs 13 or newer.",
            means="Nothing was read or changed.",
        )
