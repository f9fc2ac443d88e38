"""The very rows that a DELETE would delete or change: where they lie, and what the changed ones become."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Connection

from queries.catalog import Catalog, Table
from queries.errors import Refused
from queries.impact.arrays import Passed, passing
from queries.impact.changes import Changes
from queries.impact.closure import Closure
from queries.impact.facts import facts, reached
from queries.impact.models import Deletion
from queries.impact.plain import is_plain
from queries.impact.queue import Queue
from queries.impact.schema import Key, Schema
from queries.impact.sets import Taken, read, taken
from queries.impact.store import MOST, Row, Store, TooMany
from queries.load import query
from queries.models import OnDelete

_CHANGES = (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


class Place(NamedTuple):
    """Where a row lies, and the values that the table's changing columns have afterwards."""

    leaf: int  # oid of the table or partition
    tid: str
    after: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Touched:
    """The rows of one table, partitions within theirs, that go or change; asked for anew each time."""

    table: Table
    deleted: Callable[[], Iterator[Place]]
    changed: Callable[[], Iterator[Place]]
    columns: tuple[str, ...] = ()  # those that may be others in changed rows
    key: tuple[str, ...] = ()  # the primary key, where no change touches it


@dataclass(frozen=True)
class Area:
    """All of it, with what the catalog says of the tables."""

    schema: Schema
    tables: tuple[Touched, ...]


def touched(connection: Connection[Any], deletion: Deletion, *, catalog: Catalog) -> Area:
    """The rows that ``impact`` counts, inside the caller's read-only transaction on one snapshot.

    Raises BadExpression, and Refused where they are too many to be followed one by one.
    """
    connection.execute(query("impact/settings"), {})
    schema = facts(connection, reached(connection, catalog, deletion.table))
    if is_plain(schema) and _are_keyed(catalog, schema):
        closure = _Located(connection, schema, deletion)
        *_, counted = closure.run()
        if not counted.in_doubt:
            return Area(schema, tuple(closure.found(catalog)))
    try:
        return Area(schema, tuple(_simulated(connection, deletion, schema, catalog)))
    except TooMany:
        raise Refused(
            f"More than {MOST:,} rows are concerned, and their fate must be followed row by row.",
            means="No row was saved.",
            do="Delete in smaller parts, each with a kit of its own.",
        ) from None


class _Located(Closure):
    """The closure, with the places of all rows."""

    def __init__(self, connection: Connection[Any], schema: Schema, deletion: Deletion) -> None:
        super().__init__(connection, schema, deletion)
        self.located = frozenset(schema.reach.deleted)
        self.nulled: dict[int, Taken] = {}

    def _follow_changes(self) -> None:
        super()._follow_changes()
        for oid in dict.fromkeys(key.child.root.oid for key in self._changing()):
            branches = self._into(oid, self.taken, *_CHANGES)
            if branches:
                statement = taken(branches, columns=(), located=True, beside=self.taken[oid])
                cursor = passing(self.connection)
                cursor.execute(statement.text, statement.parameters, prepare=False)
                self.nulled[oid] = read(cursor, (), located=True)

    def found(self, catalog: Catalog) -> Iterator[Touched]:
        """One entry a table; in plain cases what changes becomes null."""
        for oid in dict.fromkeys((*self.taken, *self.nulled)):
            gone = tuple(each for each in self.taken.get(oid, ()) if each.rows)
            nulled = self.nulled.get(oid)
            keys = self._keys_into(oid, _CHANGES) if nulled and nulled.rows else []
            columns = tuple(dict.fromkeys(name for key in self._hit(keys, nulled) for name in _set(key)))
            yield from _by_table(self.schema, catalog, gone, (nulled,) if nulled else (), columns)

    def _changing(self) -> list[Key]:
        return [key for key in self.keys if key.key.on_delete in _CHANGES]

    def _hit(self, keys: Sequence[Key], nulled: Taken | None) -> list[Key]:
        bits = nulled.keys if nulled else 0
        return [key for number, key in enumerate(keys) if bits >> number & 1]


def _by_table(
    schema: Schema, catalog: Catalog, gone: Sequence[Taken], nulled: Sequence[Taken], columns: tuple[str, ...]
) -> Iterator[Touched]:
    """Tables that inherit from the one named have their own entry."""
    roots = {schema.relations[place.leaf].root for place in _places((*gone, *nulled))}
    for root in sorted(roots):
        own = frozenset(oid for oid, relation in schema.relations.items() if relation.root == root)
        yield Touched(
            root,
            deleted=_only(own, gone),
            changed=_only(own, nulled),
            columns=columns,
            key=_untouched_key(catalog, root, columns),
        )


def _only(leaves: frozenset[int], some: Sequence[Taken]) -> Callable[[], Iterator[Place]]:
    return lambda: (place for place in _places(some) if place.leaf in leaves)


def _places(some: Iterable[Taken]) -> Iterator[Place]:
    """Out of the server's own arrays, one at a time: a header of 20 bytes, then lengths and values."""
    for each in some:
        if each.oids and each.tids:
            oids = struct.iter_unpack("!iI", _elements(each.oids))
            tids = struct.iter_unpack("!iIH", _elements(each.tids))
            for (_, leaf), (_, block, number) in zip(oids, tids, strict=True):
                yield Place(leaf, f"({block},{number})")


def _elements(array: Passed) -> bytes:
    return array.data[20:]


def _simulated(
    connection: Connection[Any], deletion: Deletion, schema: Schema, catalog: Catalog
) -> Iterator[Touched]:
    store = Store(connection, schema)
    queue = Queue(store, schema, Changes(connection, store, schema))
    for _ in queue.run(schema.relations[deletion.table.oid], store.seeds(deletion)):
        pass
    dead, now = queue.state.dead, queue.state.now
    gone, changed = _by_root(sorted(dead, key=_position)), _by_root(row for row in now if row not in dead)
    for root in dict.fromkeys((*gone, *changed)):
        stay = changed.get(root, [])
        differing = {
            name
            for row in stay
            for name, before, after in zip(row.relation.layout, row.values, now[row], strict=True)
            if before != after
        }
        layout = stay[0].relation.layout if stay else ()
        columns = tuple(name for name in layout if name in differing)
        places = [
            Place(
                row.relation.table.oid,
                row.tid,
                tuple(now[row][place] for place in row.relation.places(columns)),
            )
            for row in stay
            if columns
        ]
        deleted = [Place(row.relation.table.oid, row.tid) for row in gone.get(root, ())]
        yield Touched(
            root,
            deleted=_again(deleted),
            changed=_again(places),
            columns=columns,
            key=_untouched_key(catalog, root, columns),
        )


def _again(places: Sequence[Place]) -> Callable[[], Iterator[Place]]:
    return lambda: iter(places)


def _by_root(some: Iterable[Row]) -> dict[Table, list[Row]]:
    found: defaultdict[Table, list[Row]] = defaultdict(list)
    for row in some:
        found[row.relation.root].append(row)
    return found


def _position(row: Row) -> tuple[int, tuple[int, int]]:
    return row.relation.table.oid, row.place


def _set(key: Key) -> tuple[str, ...]:
    return key.key.set_columns or key.key.columns


def _are_keyed(catalog: Catalog, schema: Schema) -> bool:
    """Whether each row that may change can be told by its primary key afterwards."""
    return all(
        _untouched_key(catalog, catalog.tables[oid], tuple(columns))
        for oid, columns in schema.reach.changed.items()
    )


def _untouched_key(catalog: Catalog, table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The primary key, unless one of the columns is in it."""
    names = {column.number: column.name for column in catalog.columns.get(table.oid, ())}
    for index in catalog.indexes.get(table.oid, ()):
        if index.is_primary:
            key = tuple(names[number] for number in index.column_numbers[: index.key_count])
            return () if set(key) & set(columns) else key
    return ()
