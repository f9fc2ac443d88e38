"""Which server is at the other end, as every screen's badge tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from queries.connection import is_pooled
from queries.load import query


@dataclass(frozen=True)
class Server:
    """What is connected to, as whom, and whether it may be written to."""

    version_num: int
    version: str  # "16.4"
    database: str
    role: str
    session_user: str
    superuser: bool
    host: str  # the one of several that answered; a directory for a unix socket
    port: int
    tls: str  # the protocol, "TLSv1.3"; "" without encryption
    standby: bool
    read_only: bool
    pooled: bool
    search_path: tuple[str, ...]
    pid: int

    @property
    def is_local(self) -> bool:
        """Whether a unix socket connects, which no network can read."""
        return self.host.startswith(("/", "@"))

    @property
    def place(self) -> str:
        """``db1.prod:5432``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def product(self) -> str:
        """``PostgreSQL 16.4``."""
        return f"PostgreSQL {self.version}"

    @property
    def standing(self) -> str:
        """``primary`` or ``standby``."""
        return "standby" if self.standby else "primary"

    @property
    def encryption(self) -> str:
        """``TLS``, ``no TLS``, or ``socket``."""
        if self.tls:
            return "TLS"
        return "socket" if self.is_local else "no TLS"

    @property
    def badge(self) -> str:
        """``gaztime · db1.prod:5432 · PostgreSQL 16.4 · primary · TLS``."""
        return " · ".join((self.database, self.place, self.product, self.standing, self.encryption))

    @property
    def access(self) -> str:
        """``READ ONLY · dba_ro``."""
        role = (
            self.role if self.role == self.session_user else f"{self.role} (logged in as {self.session_user})"
        )
        return f"{'READ ONLY' if self.read_only else 'WRITING'} · {role}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before they trust the connection; empty is best."""
        return (_POOLED,) if self.pooled else ()


_POOLED = (
    "A connection pooler stands between. Reading goes on, each transaction READ ONLY; changes are refused: "
    "under a pooler locks and timeouts may be another session's. Connect to the server itself to make them."
)


def server(connection: Connection[Any]) -> Server:
    """Ask the server about itself; ``read_only`` is the open transaction's, so ask inside ``reading``."""
    pooled = is_pooled(connection)
    with connection.cursor(row_factory=dict_row, binary=True) as cursor:
        row = cursor.execute(query("server/server"), {}).fetchone()
    assert row is not None
    info = connection.info
    row["version"] = row["version"].split()[0]
    row["tls"] = _tls(row["tls"], encrypted=connection.pgconn.ssl_in_use, pooled=pooled)
    row["search_path"] = tuple(row["search_path"])
    return Server(**row, host=info.host or info.hostaddr, port=info.port, pooled=pooled)


def _tls(told: str | None, *, encrypted: bool, pooled: bool) -> str:
    """The protocol of our own connection: behind a pooler the server tells that of the pooler's."""
    if not encrypted:
        return ""
    return told if told and not pooled else "TLS"
