"""CHECK constraints and the bounds of partitions, tried by the server on rows as they would be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, DatabaseError, errors, sql

from queries.impact.lookups import chunks
from queries.impact.schema import Check, Relation, Schema, Values
from queries.impact.store import Row
from queries.load import query
from queries.orphans.condition import verbatim
from queries.steps.compose import Name, words


class Condition(NamedTuple):
    """What rows of a table or partition must satisfy."""

    table: int
    check: Check


class Conditions:
    """Tries them, one statement for rows of a table that change in the same way, and remembers."""

    def __init__(self, connection: Connection[Any], schema: Schema) -> None:
        self.connection = connection
        self.schema = schema
        self._failed: dict[tuple[Row, Values], frozenset[Condition] | None] = {}

    def failed(self, row: Row, new: Values) -> frozenset[Condition] | None:
        """Those that the row would not satisfy with these values; None where they can't be tried."""
        if not self._conditions(row.relation):
            return frozenset()
        if (row, new) not in self._failed:
            self.prepare([(row, new)])
        return self._failed[row, new]

    def prepare(self, rows: Iterable[tuple[Row, Values]]) -> None:
        """Have the answers at hand."""
        alike: defaultdict[tuple[int, tuple[tuple[str, str | None], ...]], list[tuple[Row, Values]]]
        alike = defaultdict(list)
        for row, values in rows:
            if (row, values) not in self._failed and self._conditions(row.relation):
                pairs = zip(row.relation.layout, row.values, values, strict=True)
                changed = tuple((name, after) for name, before, after in pairs if before != after)
                alike[row.relation.table.oid, changed].append((row, values))
        for (oid, changed), group in alike.items():
            for chunk in chunks(group):
                self._try(self.schema.relations[oid], dict(changed), chunk)

    def _try(
        self, relation: Relation, changed: dict[str, str | None], rows: Sequence[tuple[Row, Values]]
    ) -> None:
        conditions = self._conditions(relation)
        statement = _statement(relation, tuple(changed), conditions)
        new = {f"n{number}": value for number, value in enumerate(changed.values())}
        answers: dict[str, list[bool]] | None
        try:
            with self.connection.transaction():
                cursor = self.connection.cursor(binary=True)
                cursor.execute(statement, {**new, "rows": [row.tid for row, _ in rows]}, prepare=False)
                answers = dict(cursor.fetchall())
        except errors.QueryCanceled:
            raise
        except DatabaseError:
            answers = None  # a CHECK may call what can't be run read only
        for row, values in rows:
            self._failed[row, values] = None if answers is None else _refusing(conditions, answers[row.tid])

    def _conditions(self, relation: Relation) -> tuple[Condition, ...]:
        """Those of its table, or of every partition to which its rows may move."""
        leaves = self.schema.leaves(relation)
        return tuple(Condition(leaf.table.oid, check) for leaf in leaves for check in leaf.checks)


def _refusing(conditions: Sequence[Condition], passes: Sequence[bool]) -> frozenset[Condition]:
    return frozenset(each for each, ok in zip(conditions, passes, strict=True) if not ok)


def _statement(relation: Relation, changed: Sequence[str], conditions: Sequence[Condition]) -> sql.Composed:
    columns = (
        sql.SQL("({}::text)::{} as {}").format(
            sql.Placeholder(f"n{changed.index(name)}"), column.cast, verbatim(Name(name))
        )
        if name in changed
        else verbatim(Name("t", name))
        for name, column in relation.columns.items()
    )
    tried = (
        sql.SQL("coalesce(({}), true)").format(verbatim(words(each.check.expression))) for each in conditions
    )
    return query(
        "impact/judge",
        table=verbatim(Name(relation.table.schema, relation.table.name)),
        columns=sql.SQL(", ").join([sql.SQL("t.ctid"), sql.SQL("t.tableoid"), *columns]),
        conditions=sql.SQL("array[{}]").format(sql.SQL(", ").join(tried)),
        alias=relation.table.name,
    )
