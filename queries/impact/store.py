"""Rows as they lie in the tables, fetched once and kept; what is asked in one go comes in one pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from queries.impact.lookups import (
    Answer,
    alike_statement,
    children_statement,
    chunks,
    parents_statement,
    rows_statement,
)
from queries.impact.models import Deletion
from queries.impact.schema import Key, Relation, Schema, Unique, Values
from queries.impact.seeds import seeds

#: Rows that the exact simulation takes in before it gives up: about a kilobyte each.
MOST = 200_000


class TooMany(Exception):
    """More rows are concerned than the simulation takes in."""


class Row:
    """A row as it is; ``place`` orders the rows of a table as a scan of it finds them."""

    __slots__ = ("place", "relation", "tid", "values")

    def __init__(self, relation: Relation, tid: str, values: Values) -> None:
        self.relation = relation
        self.tid = tid
        block, _, number = tid[1:-1].partition(",")
        self.place = (int(block), int(number))
        self.values = values


class Lookup(NamedTuple):
    """``side``: children of a key, parents of a key, or rows alike under a unique index."""

    side: str  # children, parents, alike
    oid: int  # of the key or index


Wanted = Mapping[Lookup, Iterable[tuple[str, ...]]]


class Store:
    """Finds rows by value; everything that the server was asked is remembered."""

    def __init__(self, connection: Connection[Any], schema: Schema, *, most: int = MOST) -> None:
        self.connection = connection
        self.schema = schema
        self.most = most
        self.rows: dict[tuple[int, str], Row] = {}
        self._found: defaultdict[Lookup, dict[tuple[str, ...], tuple[Row, ...]]] = defaultdict(dict)
        self._statements: dict[Lookup, bytes] = {}
        self._uniques: dict[int, tuple[Relation, Unique]] = {
            unique.oid: (relation, unique)
            for relation in schema.relations.values()
            for unique in relation.uniques
        }

    def seeds(self, deletion: Deletion) -> list[Row]:
        """The rows that the statement itself deletes; raises BadExpression as ``typed`` does."""
        target = self.schema.relations[deletion.table.oid]
        found = [self._row(*row) for row in seeds(self.connection, deletion, target)]
        strange = [row for row in found if row.relation.layout != target.layout]
        for relation in {row.relation.table.oid: row.relation for row in strange}.values():
            self._reread(relation, [row for row in strange if row.relation is relation])
        return found

    def find(self, lookup: Lookup, values: tuple[str, ...]) -> tuple[Row, ...]:
        """Rows that held these values at the start, in their order."""
        if values not in self._found[lookup]:
            self.fetch({lookup: [values]})
        return self._found[lookup][values]

    def fetch(self, wanted: Wanted) -> None:
        """Have the answers at hand; what is known already is not asked again."""
        missing = {
            lookup: fresh
            for lookup, values in wanted.items()
            if self._is_readable(lookup, values)
            and (fresh := [each for each in dict.fromkeys(values) if each not in self._found[lookup]])
        }
        if not missing:
            return
        asked = []
        with self.connection.pipeline():
            for lookup, values in missing.items():
                for chunk in chunks(values):
                    cursor = self.connection.cursor(binary=True)
                    cursor.execute(self._statement(lookup), _columns(chunk), prepare=False)
                    asked.append((lookup, chunk, cursor))
        for lookup, chunk, cursor in asked:
            self._remember(lookup, chunk, cursor.fetchall())

    def _is_readable(self, lookup: Lookup, values: Iterable[tuple[str, ...]]) -> bool:
        """What this role may not read holds nothing for us; the verdict names the table."""
        if lookup.side == "alike":
            table = self._uniques[lookup.oid][0].root
        else:
            key = self.schema.keys[lookup.oid]
            table = (key.child if lookup.side == "children" else key.parent).root
        if not table.readable:
            self._found[lookup].update(dict.fromkeys(values, ()))
        return table.readable

    def _remember(self, lookup: Lookup, values: Sequence[tuple[str, ...]], answers: Sequence[Answer]) -> None:
        found: dict[int, list[Row]] = defaultdict(list)
        for place, oid, tid, texts in answers:
            found[place].append(self._row(oid, tid, texts))
        for place, each in enumerate(values, 1):
            self._found[lookup][each] = tuple(found.get(place, ()))

    def _row(self, oid: int, tid: str, texts: Sequence[str | None]) -> Row:
        known = self.rows.get((oid, tid))
        if known is None:
            if len(self.rows) >= self.most:
                raise TooMany
            known = self.rows[oid, tid] = Row(self.schema.relations[oid], tid, tuple(texts))
        return known

    def _reread(self, relation: Relation, rows: Sequence[Row]) -> None:
        """Rows of a table that inherits: they have columns, and keys, of their own."""
        cursor = self.connection.cursor(binary=True)
        cursor.execute(rows_statement(relation), {"rows": [row.tid for row in rows]}, prepare=False)
        texts = {tid: values for _, tid, values in cursor.fetchall()}
        for row in rows:
            row.values = tuple(texts[row.tid])

    def _statement(self, lookup: Lookup) -> bytes:
        if lookup not in self._statements:
            if lookup.side == "alike":
                statement = alike_statement(*self._uniques[lookup.oid])
            else:
                key: Key = self.schema.keys[lookup.oid]
                statement = children_statement(key) if lookup.side == "children" else parents_statement(key)
            self._statements[lookup] = statement.as_bytes(self.connection)
        return self._statements[lookup]


def _columns(values: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    """The values column by column, as the statement's parameters."""
    return {f"v{number}": list(column) for number, column in enumerate(zip(*values, strict=True))}
