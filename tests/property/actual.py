"""What a DELETE really does: done, looked at, and rolled back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.property.cases import Case

Rows = dict[tuple[str, int], tuple[list[str | None], bool]]

DECLARED = """
with recursive up as (
    select c.oid, c.conname, c.conparentid from pg_constraint as c
    join pg_class as t on t.oid = c.conrelid
    where c.conname = %s and t.relname = %s
    union all
    select c.oid, c.conname, c.conparentid from up join pg_constraint as c on c.oid = up.conparentid
)
select conname::text from up where conparentid = 0
"""
ROOT = """
with recursive up as (
    select %s::regclass::oid as oid, 0 as level
    union all
    select i.inhparent, level + 1 from up join pg_inherits as i on i.inhrelid = up.oid
)
select c.relname::text from up join pg_class as c on c.oid = up.oid order by level desc limit 1
"""


@dataclass(frozen=True)
class Refused:
    """The server's error."""

    constraint: str | None
    table: str
    sqlstate: str
    at: str
    message: str


@dataclass(frozen=True)
class Actual:
    """Counts by table: deleted, set null, otherwise changed."""

    rows: int
    refused: Refused | None
    effects: dict[str, tuple[int, int, int]]


def actual(connection: psycopg.Connection[Any], case: Case) -> Actual:
    """Do it in a transaction of its own."""
    with connection.transaction(force_rollback=True):
        before = _rows(connection, case)
        try:
            done = connection.execute(f"delete from {case.target} where {case.where}", prepare=False)
        except psycopg.Error as error:
            failed, at = error, "statement"
        else:
            try:
                connection.execute("set constraints all immediate")
            except psycopg.Error as error:
                failed, at = error, "commit"
            else:
                return Actual(done.rowcount, None, _effects(before, _rows(connection, case)))
    return Actual(0, _refused(connection, failed, at), {})


def _refused(connection: psycopg.Connection[Any], error: psycopg.Error, at: str) -> Refused:
    said = error.diag
    constraint = said.constraint_name if said.sqlstate in ("23503", "23001") else None
    if constraint:
        found = connection.execute(DECLARED, (constraint, said.table_name)).fetchone()
        constraint = found[0] if found else constraint
    root = connection.execute(ROOT, (said.table_name,)).fetchone()
    table = root[0] if root else said.table_name
    return Refused(constraint, str(table), str(said.sqlstate), at, str(said.message_primary))


def _rows(connection: psycopg.Connection[Any], case: Case) -> Rows:
    parts = (
        f"select '{table.name}', rid, array[{', '.join(f'{column.name}::text' for column in table.columns)}],"
        f" xmin = pg_current_xact_id_if_assigned()::xid from {table.name}"
        for table in case.tables
    )
    answer = connection.execute(" union all ".join(parts), prepare=False)
    return {(name, rid): (values, bool(ours)) for name, rid, values, ours in answer}


def _effects(before: Rows, after: Rows) -> dict[str, tuple[int, int, int]]:
    counts: dict[str, Counter[str]] = {}
    for (name, rid), (values, _) in before.items():
        count = counts.setdefault(name, Counter())
        now, ours = after.get((name, rid), (None, False))
        if now is None:
            count["deleted"] += 1
        elif ours:
            nulled = any(old is not None and new is None for old, new in zip(values, now, strict=True))
            count["set_null" if nulled else "changed"] += 1
    found = {name: (count["deleted"], count["set_null"], count["changed"]) for name, count in counts.items()}
    return {name: count for name, count in found.items() if any(count)}
