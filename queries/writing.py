"""The one module that opens connections which may write: to be asked for after a person has confirmed.

*work* carries a step's statements and its ``done`` event in one transaction; *record* writes everything else
that happens, and watches. Both are in autocommit: transactions are begun outright.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from queries.connection import connect
from queries.diagnosis import no_connection
from queries.errors import Refused
from queries.load import query
from queries.server import Server, server

#: Seconds without a sign of life after which either end gives the connection up.
SILENCE = 25
#: Milliseconds between the server's looks at its client while a statement runs.
CHECK_INTERVAL = 5_000

_NOTHING = "Nothing was changed."


def work(conninfo: str, *, countdown: float = 60) -> Connection[TupleRow]:
    """The connection for steps; the server ends it ``countdown`` + 5 seconds after the last statement of a
    transaction, and soon after its client has vanished. Raises Refused, CannotConnect.
    """

    def watch(connection: Connection[Any]) -> None:
        milliseconds = {"idle": str(round((countdown + 5) * 1000)), "silent": str(SILENCE * 1000)}
        connection.execute(query("server/watch_client"), milliseconds)
        _check_client(connection)

    return _connect_writing(conninfo, watch)


def record(conninfo: str) -> Connection[TupleRow]:
    """The connection for the record and for looking at locks. Raises Refused, CannotConnect."""
    return _connect_writing(conninfo)


def _connect_writing(
    conninfo: str, prepare: Callable[[Connection[Any]], None] | None = None
) -> Connection[TupleRow]:
    connection = connect(_with_keepalives(conninfo))
    try:
        _refuse_where_unsafe(connection, server(connection))
        if connection.info.server_version >= 140000:
            connection.execute(query("server/stay_connected"), {})
        if prepare is not None:
            prepare(connection)
    except Refused:
        connection.close()
        raise
    except psycopg.OperationalError as error:
        connection.close()
        raise no_connection(error) from None
    return connection


def _with_keepalives(conninfo: str) -> str:
    """Notice on our side, too, that the server has vanished; what the person's own string says stays."""
    ours = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": SILENCE * 1000,
    }
    given = conninfo_to_dict(conninfo)
    return make_conninfo(conninfo, **{name: value for name, value in ours.items() if name not in given})


def _refuse_where_unsafe(connection: Connection[Any], facts: Server) -> None:
    if facts.standby:
        raise Refused(f"{facts.place} is a standby.", means=_NOTHING, do="Connect to its primary.")
    if facts.pooled:
        raise Refused(
            f"A connection pooler stands between here and {facts.database}.",
            means=f"{_NOTHING} Under a pooler a lock or a timeout may be another session's.",
            do="Connect to the server itself.",
        )
    read_only, source = connection.execute(query("server/read_only_default"), {}).fetchone() or (False, "")
    if read_only:
        raise Refused(
            f"Transactions of {facts.role} in {facts.database} are read only: "
            f"default_transaction_read_only is on, set by: {source}.",
            means=_NOTHING,
            do="Somebody wanted it so. Connect as a role that may write, or have the setting changed.",
        )


def _check_client(connection: Connection[Any]) -> None:
    if connection.info.server_version < 140000:
        return
    try:
        connection.execute(query("server/check_client"), {"milliseconds": str(CHECK_INTERVAL)})
    except psycopg.errors.InvalidParameterValue:
        return  # the server's system can't see a closed socket; the keepalives must do
