"""The rehearsal: the real DELETE with all that it sets off, looked at, and rolled back.

While it runs it holds its rows' locks; it writes WAL and leaves dead rows behind; sequences and what
triggers do outside the database stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import psycopg
from psycopg import Connection, errors, sql

from queries.catalog import Catalog, ForeignKey, Table
from queries.connection import expression, typed
from queries.errors import BadExpression, Failed, Refused
from queries.impact.facts import reached
from queries.impact.lookups import identifier
from queries.impact.models import Blocker, Caution, Deletion, Effect, Impact
from queries.impact.reach import Reach
from queries.load import query, rows
from queries.models import OnDelete
from queries.orphans.condition import verbatim
from queries.steps.compose import Name

At = Literal["statement", "commit"]
_SETS = (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


class _Count(NamedTuple):
    table: int
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


class _Stopped(Exception):
    """The server refused the DELETE, or would refuse its commit."""

    def __init__(self, error: psycopg.Error, at: At) -> None:
        super().__init__(str(error))
        self.error = error
        self.at = at


def rehearsal(
    connection: Connection[Any],
    deletion: Deletion,
    *,
    catalog: Catalog,
    lock_timeout: str = "1s",
    statement_timeout: str = "30s",
) -> Impact:
    """Do it on a connection that may write, with no transaction open, and take it back.

    The server stops at the first blocker, so ``blocked_by`` holds one, of one row or more, and there are no
    effects. Raises BadExpression; Refused where the server does not count what it does; Failed where a lock
    or a limit ended it: nothing has changed then either.
    """
    connection.execute(query("impact/begin_rehearsal"), {})
    try:
        limits = {"lock_timeout": lock_timeout, "statement_timeout": statement_timeout}
        answer = connection.execute(query("impact/limits"), limits).fetchone()
        if not (answer and answer[-1]):
            raise Refused("The server counts no changes: track_counts is off.", means="Nothing was tried.")
        return _rehearsed(connection, deletion, catalog)
    except (errors.LockNotAvailable, errors.QueryCanceled, errors.TransactionRollback) as error:
        raise Failed(
            f"The rehearsal did not get through: {error.diag.message_primary}.",
            means="All of it was rolled back.",
            do="Try again when it is quieter, or give it more time.",
        ) from error
    finally:
        if not connection.closed:
            connection.rollback()


def _rehearsed(connection: Connection[Any], deletion: Deletion, catalog: Catalog) -> Impact:
    area = reached(connection, catalog, deletion.table)
    known = Impact(deletion.table.text, deletion.where, "rehearsal", "ok", 0, ())
    before = _counters(connection)
    try:
        count = _delete(connection, deletion)
    except _Stopped as stopped:
        connection.rollback()
        blocker = _blocker(connection, catalog, stopped)
        return replace(known, outcome="blocked", blocked_by=(blocker,))
    touched = _difference(before, _counters(connection))
    doubts = tuple(_swallowing(connection, catalog, touched))
    return replace(
        known,
        rows=count,
        outcome="uncertain" if doubts else "ok",
        effects=_effects(connection, catalog, area, touched),
        warnings=doubts,
    )


def _delete(connection: Connection[Any], deletion: Deletion) -> int:
    table = verbatim(Name(deletion.table.schema, deletion.table.name))
    statement = query("impact/delete", table=table, condition=expression(deletion.where))
    at: At = "statement"
    try:
        cursor = typed(connection, statement)
        at = "commit"
        connection.execute(query("apply/immediate"), {})
    except BadExpression as error:
        if isinstance(error.__cause__, errors.IntegrityError | errors.FeatureNotSupported):
            raise _Stopped(error.__cause__, at) from error
        raise
    except errors.IntegrityError as error:
        raise _Stopped(error, at) from error
    return cursor.rowcount


def _counters(connection: Connection[Any]) -> dict[int, _Count]:
    return {each.table: each for each in rows(connection, "impact/counters", _Count)}


def _difference(before: Mapping[int, _Count], after: Mapping[int, _Count]) -> dict[int, _Count]:
    """Tables that were touched in between: the counters may hold earlier transactions."""
    found = {}
    for oid, now in after.items():
        then = before.get(oid, _Count(oid))
        if now != then:
            found[oid] = _Count(oid, *(b - a for a, b in zip(then[1:], now[1:], strict=True)))
    return found


def _swallowing(
    connection: Connection[Any], catalog: Catalog, touched: Mapping[int, _Count]
) -> list[Caution]:
    found = rows(connection, "impact/swallowing", lambda *row: row, {"tables": list(touched)})
    return [
        Caution(
            "trigger",
            f"{name} on {catalog.tables[oid].text if oid in catalog.tables else oid}",
            "It catches errors: what it wrote on the way can't be told from what it took back.",
        )
        for oid, name in found
    ]


def _effects(
    connection: Connection[Any], catalog: Catalog, area: Reach, touched: Mapping[int, _Count]
) -> tuple[Effect, ...]:
    """Deleted: what the leaves of a table lost in all; changed: rows that are there and are ours."""
    target = _root(catalog, area.target)
    found: dict[str, Effect] = {target.text: Effect(target.text)}
    for oid, count in touched.items():
        leaf = catalog.tables.get(oid)
        if leaf is None:
            continue  # the server's own, a temporary table, or an extension's
        root = _root(catalog, leaf)
        keys = [key for key in area.keys if key.actions_fire and _child_root(catalog, key) == root]
        changed, nulled = _changed(connection, leaf, keys) if count.updated or count.inserted else (0, 0)
        is_default = any(key.on_delete is OnDelete.SET_DEFAULT for key in keys)
        effect = found.get(root.text, Effect(root.text, via=_via(keys)))
        found[root.text] = replace(
            effect,
            deleted=effect.deleted + count.deleted - count.inserted,
            set_null=effect.set_null + nulled,
            set_default=effect.set_default + (changed - nulled if is_default else 0),
            updated=effect.updated + (0 if is_default else changed - nulled),
        )
    return tuple(found.values())


def _via(keys: list[ForeignKey]) -> tuple[str, ...]:
    return tuple(key.name for key in keys if key.on_delete in (OnDelete.CASCADE, *_SETS))


def _changed(connection: Connection[Any], leaf: Table, keys: list[ForeignKey]) -> tuple[int, int]:
    """Rows that are ours, and those of them in which all that a key sets is null."""
    sets = [
        sql.SQL(" and ").join(
            sql.SQL("{} is null").format(identifier("t", name)) for name in key.set_columns or key.columns
        )
        for key in keys
        if key.on_delete in _SETS
    ]
    nulled = sql.SQL(" or ").join(sets) if sets else sql.SQL("false")
    table = identifier(leaf.schema, leaf.name)
    (answer,) = rows(connection, "impact/changed", lambda *row: row, table=table, nulled=nulled)
    return answer[0], answer[1]


def _root(catalog: Catalog, table: Table) -> Table:
    while table.partition_of in catalog.tables:
        table = catalog.tables[table.partition_of]
    return table


def _child_root(catalog: Catalog, key: ForeignKey) -> Table:
    return _root(catalog, catalog.tables[key.child_oid])


def _blocker(connection: Connection[Any], catalog: Catalog, stopped: _Stopped) -> Blocker:
    said = stopped.error.diag
    named = {"schema": said.schema_name, "table": said.table_name, "constraint": said.constraint_name}
    oids = rows(connection, "impact/declared", int, named) if said.constraint_name else []
    key = next((key for key in catalog.foreign_keys if key.oid in oids), None)
    leaf = catalog.by_name.get((said.schema_name or "", said.table_name or ""))
    return Blocker(
        constraint=key.name if key else None,
        table=_root(catalog, leaf).text if leaf else "",
        rows=1,
        sqlstate=stopped.error.sqlstate or "",
        at=stopped.at,
        why=said.message_primary or str(stopped.error),
    )
