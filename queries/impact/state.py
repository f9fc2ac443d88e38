"""What has become of the rows so far: the tables as they are, with what the simulation did laid over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from queries.impact.schema import Key, Relation, Schema, Unique, Values
from queries.impact.store import Lookup, Row, Store
from queries.impact.values import normal

Normal = Callable[[tuple[str, ...]], tuple[str, ...] | None]


class View(NamedTuple):
    """By which of their values rows of these tables can be found."""

    lookup: Lookup
    tables: frozenset[int]
    places: tuple[int, ...]
    normal: Normal


class State:
    """Rows are found as the server would find them at this moment of the statement."""

    def __init__(
        self, store: Store, schema: Schema, *, backwards: bool = False, ahead: Collection[Row] = ()
    ) -> None:
        self.store = store
        self.backwards = backwards
        self.ahead = frozenset(ahead)  # rows that every scan comes upon before all others
        self.dead: set[Row] = set()
        self.now: dict[Row, Values] = {}
        self.versions: dict[Row, int] = {}
        self.moved_to: dict[Row, Relation] = {}
        self.strange: set[Lookup] = set()  # lookups that texts can't answer, of rows that were changed
        self._written = 0
        self._views: defaultdict[int, list[View]] = defaultdict(list)
        self._moved: defaultdict[Lookup, dict[tuple[str, ...], dict[Row, None]]] = defaultdict(dict)
        for view in _views(schema):
            for oid in view.tables:
                self._views[oid].append(view)

    def values(self, row: Row) -> Values:
        """As they are now."""
        return self.now.get(row, row.values)

    def is_alive(self, row: Row) -> bool:
        """Whether the row is still there."""
        return row not in self.dead

    def relation(self, row: Row) -> Relation:
        """The table or partition in which the row lies now."""
        return self.moved_to.get(row, row.relation)

    def delete(self, row: Row) -> None:
        """The row goes."""
        self.dead.add(row)

    def write(self, row: Row, values: Values, relation: Relation) -> None:
        """The row gets a new version, at the end of its table, or of another partition."""
        before = self.values(row)
        for view in self._views[self.relation(row).table.oid]:
            self._forget(view, row, before)
        self.moved_to[row] = relation
        self._written += 1
        self.now[row] = values
        self.versions[row] = self._written
        for view in self._views[relation.table.oid]:
            self._note(view, row, values)

    def children(self, key: Key, values: tuple[str, ...]) -> list[Row]:
        """Rows that refer to these values of the parent, in the order in which a scan finds them."""
        found = self._found(Lookup("children", key.key.oid), key.places, values, key.normal)
        if len(found) > 1:
            found.sort(key=self._position, reverse=self.backwards)
        return self.ordered(found)

    def ordered(self, rows: Sequence[Row]) -> list[Row]:
        """Rows in an order of their own, but for those ahead."""
        if not self.ahead:
            return list(rows)
        return sorted(rows, key=lambda row: row not in self.ahead)

    def parents(self, key: Key, values: tuple[str, ...]) -> list[Row]:
        """Rows that these values of the child refer to."""
        return self._found(Lookup("parents", key.key.oid), key.ref_places, values, key.normal)

    def substitutes(self, key: Key, values: tuple[str, ...], relation: Relation) -> list[Row]:
        """Changed rows of a parent table that have taken over these values: no others can have them."""
        same = key.normal(values)
        moved = self._moved[Lookup("parents", key.key.oid)].get(same or (), {})
        below = self.store.schema.is_below
        return [row for row in moved if row not in self.dead and below(self.relation(row), relation)]

    def alike(self, relation: Relation, unique: Unique, row: Row, values: Values) -> list[Row]:
        """Other rows with the same values under a unique index."""
        places = relation.places(unique.columns)
        own = tuple(values[place] for place in places)
        if None in own:
            return []
        text = tuple(value for value in own if value is not None)
        lookup = Lookup("alike", unique.oid)
        found = self._found(lookup, places, text, _unique_normal(relation, unique))
        return [other for other in found if other is not row]

    def _found(
        self, lookup: Lookup, places: Sequence[int], values: tuple[str, ...], normal: Normal
    ) -> list[Row]:
        there = [
            row
            for row in self.store.find(lookup, values)
            if row not in self.dead and (row not in self.now or self._stands(row, places))
        ]
        moved = self._moved.get(lookup)
        if moved:
            same = normal(values)
            there += [row for row in moved.get(same or (), ()) if row not in self.dead]
        return there

    def _stands(self, row: Row, places: Sequence[int]) -> bool:
        """Whether a changed row still has its first values there, and lies where it did."""
        now = self.now[row]
        if self.moved_to[row] is not row.relation:
            return False
        return all(now[place] == row.values[place] for place in places)

    def _position(self, row: Row) -> tuple[int, int, tuple[int, int]]:
        return self.relation(row).table.oid, self.versions.get(row, 0), row.place

    def _forget(self, view: View, row: Row, values: Values) -> None:
        key = _key(view, values)
        if key is not None and key in self._moved[view.lookup]:
            self._moved[view.lookup][key].pop(row, None)

    def _note(self, view: View, row: Row, values: Values) -> None:
        if self._stands(row, view.places):
            return  # found where it was
        if any(values[place] is None for place in view.places):
            return
        key = _key(view, values)
        if key is None:
            self.strange.add(view.lookup)
        else:
            self._moved[view.lookup].setdefault(key, {})[row] = None


def _key(view: View, values: Values) -> tuple[str, ...] | None:
    own = tuple(value for place in view.places if (value := values[place]) is not None)
    return view.normal(own) if len(own) == len(view.places) else None


def _views(schema: Schema) -> Iterator[View]:
    below = {oid: frozenset(_below(schema, oid)) for oid in schema.relations}
    for oid, key in schema.keys.items():
        yield View(Lookup("children", oid), below[key.child.table.oid], key.places, key.normal)
        yield View(Lookup("parents", oid), below[key.parent.table.oid], key.ref_places, key.normal)
    for relation in schema.relations.values():
        for unique in relation.uniques:
            if unique.is_plain and set(unique.columns) <= set(relation.layout):
                yield View(
                    Lookup("alike", unique.oid),
                    frozenset({relation.table.oid}),
                    relation.places(unique.columns),
                    _unique_normal(relation, unique),
                )


def _below(schema: Schema, oid: int) -> Iterator[int]:
    """The table with its partitions, at any depth."""
    yield oid
    for other, relation in schema.relations.items():
        if relation.table.partition_of == oid:
            yield from _below(schema, other)


def _unique_normal(relation: Relation, unique: Unique) -> Normal:
    columns = [relation.columns[name] for name in unique.columns]
    normals = [
        normal(column.type, column.type, is_deterministic=column.is_deterministic) for column in columns
    ]

    def same(values: tuple[str, ...]) -> tuple[str, ...] | None:
        if None in normals:
            return None
        return tuple(each(value) for each, value in zip(normals, values, strict=True) if each)

    return same
