"""Locks as the server holds them: what a step took, who waits behind us, who stands in the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from queries.load import rows
from queries.models import LockMode
from queries.names import TableName
from queries.steps.step import Lock


class Session(NamedTuple):
    """A session; ``seconds`` since it waits, or since its transaction began. None: not visible."""

    pid: int
    role: str | None
    application: str | None
    query: str | None
    seconds: float | None

    @property
    def text(self) -> str:
        """``pid 4211 (app, maria): update orders …``"""
        who = ", ".join(part for part in (self.application, self.role) if part)
        query = " ".join((self.query or "query not visible to this role").split())
        age = f", {self.seconds:.0f} s" if self.seconds is not None else ""
        return f"pid {self.pid} ({who}{age}): {query[:80]}{'…' * (len(query) > 80)}"


def held(connection: Connection[Any]) -> frozenset[Lock]:
    """The locks on tables that this session holds, measured."""
    return frozenset(rows(connection, "locks/held", _lock))


def waiting(connection: Connection[Any], *, pid: int) -> list[Session]:
    """Who waits behind the session, longest first."""
    return rows(connection, "locks/waiting", Session, {"pid": pid})


def holders(
    connection: Connection[Any], *, tables: Sequence[int], pid: int, readers_too: bool = True
) -> list[Session]:
    """Who else holds locks on the tables, oldest transaction first; also, if wanted, those who only read."""
    wanted = {"tables": list(tables), "pid": pid, "readers_too": readers_too}
    return rows(connection, "locks/holders", Session, wanted)


def strongest(locks: Sequence[Lock]) -> tuple[Lock, ...]:
    """One lock a table, by table."""
    best: dict[str, Lock] = {}
    for lock in locks:
        if lock.table not in best or best[lock.table].mode.rank < lock.mode.rank:
            best[lock.table] = lock
    return tuple(best[table] for table in sorted(best))


def _lock(schema: str, name: str, mode: str) -> Lock:
    words = re.findall("[A-Z][a-z]*", mode.removesuffix("Lock"))
    return Lock(str(TableName(schema, name)), LockMode(" ".join(words).upper()))
