"""Delete a real row and look what becomes of its children, in a transaction that is rolled back.

For databases of our own: it fires triggers and holds locks. ``queries.probe`` proves a key on any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Connection, IntegrityError, sql

from queries.catalog import Catalog, ForeignKey, Table
from queries.load import query, rows
from queries.models import OnDelete
from queries.orphans.condition import matches, source, verbatim
from queries.orphans.reference import Reference, declared
from queries.steps.compose import Name

_BLOCKING = (OnDelete.RESTRICT, OnDelete.NO_ACTION)


class Children(NamedTuple):
    """What became of one row's children through one key."""

    key: ForeignKey
    rows: int
    kept: int
    nulled: int

    @property
    def as_declared(self) -> bool:
        """Whether that is what the key says; a key that blocks has no children where the delete went on."""
        if self.key.on_delete is OnDelete.CASCADE:
            return self.kept == 0
        if self.key.on_delete is OnDelete.SET_NULL:
            return self.kept == self.nulled == self.rows
        return self.key.on_delete is OnDelete.SET_DEFAULT or self.rows == 0


@dataclass(frozen=True)
class Trial:
    """One row's delete; ``refused_by``: the constraint that refused it, empty where it went through."""

    table: str
    row: str  # its primary key
    children: tuple[Children, ...]
    refused_by: str = ""

    @property
    def as_declared(self) -> bool:
        """Whether every key did what it says: one that blocks has refused it, or all have acted."""
        if self.refused_by:
            return any(
                each.key.name == self.refused_by and each.key.on_delete in _BLOCKING and each.rows
                for each in self.children
            )
        return all(each.as_declared for each in self.children)


def trials(connection: Connection[Any], known: Catalog, keys: Sequence[ForeignKey]) -> Iterator[Trial]:
    """Delete rows, each in a transaction of its own, until every key has been seen at work.

    Keys are left out that have no children, or whose tables lack a primary key. The connection may write and
    has no transaction open.
    """
    seen: set[int] = set()
    for key in keys:
        tried = None if key.oid in seen else _trial(connection, known, key)
        if tried is not None:
            seen |= {each.key.oid for each in tried.children}
            yield tried


def _trial(connection: Connection[Any], known: Catalog, through: ForeignKey) -> Trial | None:
    parent = known.tables[through.parent_oid]
    with connection.transaction(force_rollback=True):
        keys = _keys(connection, known, parent)
        row = _row(connection, known, keys, through)
        if row is None:
            return None
        before = [_children(connection, known, key, row) for key in keys]
        refused_by = _delete(connection, known, parent, row)
        after = (
            _after(connection, key, children, refused=bool(refused_by))
            for key, children in zip(keys, before, strict=True)
        )
        return Trial(parent.text, row.strip("{}"), tuple(each for each in after if each.rows), refused_by)


class _Key(NamedTuple):
    key: ForeignKey
    reference: Reference
    matches: sql.Composable
    identity: sql.Composable  # of the child


def _keys(connection: Connection[Any], known: Catalog, parent: Table) -> list[_Key]:
    found = {(each.child.oid, each.constraint): each for each in declared(known)}
    keys = []
    for key in known.keys_in.get(parent.oid, ()):
        reference = found.get((key.child_oid, key.name))
        if reference is not None and reference.primary_key:
            same = verbatim(matches(connection, reference))
            keys.append(_Key(key, reference, same, _identity("c", reference.primary_key)))
    return keys


def _row(
    connection: Connection[Any], known: Catalog, keys: Sequence[_Key], through: ForeignKey
) -> str | None:
    """A row that has children through that key, and through as many others as may be."""
    parent = known.tables[through.parent_oid]
    exists = {key.key.oid: _exists(key) for key in keys}
    if through.oid not in exists or not _primary_key(known, parent):
        return None
    found = rows(
        connection,
        "trial/parent",
        str,
        identity=_identity("p", _primary_key(known, parent)),
        parent=verbatim(source(parent)),
        through=exists[through.oid],
        keys=sql.SQL(" + ").join(sql.SQL("({})::int4").format(each) for each in exists.values()),
    )
    return found[0] if found else None


def _exists(key: _Key) -> sql.Composable:
    exists = sql.SQL("exists (select from {} as c where {})")
    return exists.format(verbatim(source(key.reference.child)), key.matches)


def _children(connection: Connection[Any], known: Catalog, key: _Key, row: str) -> list[str]:
    return rows(
        connection,
        "trial/children",
        str,
        {"row": row},
        identity=key.identity,
        child=verbatim(source(key.reference.child)),
        parent=verbatim(source(key.reference.parent)),
        parent_identity=_identity("p", _primary_key(known, key.reference.parent)),
        matches=key.matches,
    )


def _delete(connection: Connection[Any], known: Catalog, parent: Table, row: str) -> str:
    composed = query(
        "trial/delete", parent=verbatim(source(parent)), identity=_identity("p", _primary_key(known, parent))
    )
    try:
        with connection.transaction():
            connection.execute(composed, {"row": row})
            connection.execute(query("apply/immediate"), {})
    except IntegrityError as error:  # from 18 RESTRICT raises 23001, before 23503
        return error.diag.constraint_name or error.diag.column_name or "a constraint"
    return ""


def _after(connection: Connection[Any], key: _Key, children: Sequence[str], *, refused: bool) -> Children:
    if refused:
        return Children(key.key, len(children), len(children), 0)
    nulls = (sql.SQL("{} is null").format(Name("c", name)) for name in key.key.set_columns or key.key.columns)
    kept, nulled = rows(
        connection,
        "trial/after",
        _pair,
        {"children": list(children)},
        identity=key.identity,
        child=verbatim(source(key.reference.child)),
        is_null=verbatim(sql.SQL(" and ").join(nulls)),
    )[0]
    return Children(key.key, len(children), kept, nulled)


def _pair(kept: int, nulled: int) -> tuple[int, int]:
    return kept, nulled


def _identity(alias: str, columns: Sequence[str]) -> sql.Composable:
    """The columns of a primary key as one text, on either side of a comparison the same."""
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(Name(alias, name)) for name in columns)
    return verbatim(sql.SQL("array[{}]::text").format(texts))


def _primary_key(known: Catalog, table: Table) -> tuple[str, ...]:
    names = {column.number: column.name for column in known.columns.get(table.oid, ())}
    primary = next((index for index in known.indexes.get(table.oid, ()) if index.is_primary), None)
    return tuple(names[number] for number in primary.column_numbers[: primary.key_count]) if primary else ()
