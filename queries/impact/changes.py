"""What an UPDATE by a referential action writes, where the row then lies, and what may refuse it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from psycopg import Connection, DatabaseError, errors, sql

from queries.impact.conditions import Condition, Conditions
from queries.impact.events import whole
from queries.impact.outcome import Outcome
from queries.impact.schema import Column, Relation, Schema, Values
from queries.impact.state import State
from queries.impact.store import Lookup, Row, Store
from queries.load import query
from queries.orphans.condition import verbatim
from queries.steps.compose import words


class Assigned(NamedTuple):
    """A value that an action writes; ``sqlstate`` where the server refuses it, ``doubt`` where unknown."""

    value: str | None
    sqlstate: str = ""
    doubt: str = ""


class Changes:
    """Asks the server for defaults and for conditions, and remembers its answers."""

    def __init__(self, connection: Connection[Any], store: Store, schema: Schema) -> None:
        self.connection = connection
        self.store = store
        self.schema = schema
        self.conditions = Conditions(connection, schema)
        self._assigned: dict[tuple[int, int, bool], Assigned] = {}

    def assigned(self, relation: Relation, place: int, *, is_default: bool) -> Assigned:
        """What SET NULL or SET DEFAULT writes to a column of the table that the statement names."""
        wanted = (relation.table.oid, place, is_default)
        if wanted not in self._assigned:
            column = relation.columns[relation.layout[place]]
            self._assigned[wanted] = self._evaluated(column, is_default=is_default)
        return self._assigned[wanted]

    def prepare(self, coming: Iterable[tuple[Row, Values]]) -> None:
        """Have the answers at hand for rows that are about to be changed."""
        rows = list(coming)
        self.conditions.prepare(rows)
        wanted: defaultdict[Lookup, dict[tuple[str, ...], None]] = defaultdict(dict)
        for row, values in rows:
            for unique in row.relation.uniques:
                if unique.is_plain and set(unique.columns) <= set(row.relation.layout):
                    places = row.relation.places(unique.columns)
                    own = whole(values, places)
                    if own is not None and own != whole(row.values, places):
                        wanted[Lookup("alike", unique.oid)][own] = None
        self.store.fetch(wanted)

    def destination(
        self, row: Row, new: Values, *, named: Relation, state: State, outcome: Outcome
    ) -> Relation:
        """The partition that takes the row's new version; where none does, that is noted and it stays."""
        own = state.relation(row)
        if not own.table.partition_of:
            return own
        outside = {each.table for each in self._failed(row, new, outcome) if each.check.name is None}
        if own.table.oid not in outside:
            return own
        for leaf in self.schema.leaves(own):
            if leaf.table.oid not in outside and self.schema.is_below(leaf, named):
                return leaf
        why = f"no partition of {named.table.text} takes the new value"
        outcome.refuse(None, own.name, "23514", why, [row])
        return own

    def judge(
        self, row: Row, old: Values, new: Values, relation: Relation, *, state: State, outcome: Outcome
    ) -> None:
        """Note what refuses the new version: NOT NULL, then CHECK, then unique indexes, as the server."""
        table = relation.name
        changed = {name for name, a, b in zip(relation.layout, old, new, strict=True) if a != b}
        for name, column in relation.columns.items():
            if name in changed and column.not_null and new[relation.layout.index(name)] is None:
                outcome.refuse(None, table, "23502", f"column {name} is NOT NULL", [row])
        _doubt_generated(relation, changed, outcome)
        failed = self._failed(row, new, outcome)
        for check in relation.checks:
            if check.name is not None and Condition(relation.table.oid, check) in failed:
                outcome.refuse(None, table, "23514", f"it violates CHECK {check.name}", [row])
        if relation is not state.relation(row):
            changed = set(relation.columns)
        self._judge_uniques(row, new, changed, relation, state=state, outcome=outcome)

    def _judge_uniques(
        self,
        row: Row,
        new: Values,
        changed: set[str],
        relation: Relation,
        *,
        state: State,
        outcome: Outcome,
    ) -> None:
        for unique in relation.uniques:
            if not changed & {*unique.columns, *unique.depends}:
                continue
            if not unique.is_plain or not set(unique.columns) <= set(relation.layout):
                outcome.doubt("unique", unique.name, "Its predicate or expression decides what it refuses.")
            elif state.alike(relation, unique, row, new):
                why = f"it violates unique index {unique.name}"
                outcome.refuse(None, relation.name, "23505", why, [row])
            if Lookup("alike", unique.oid) in state.strange:
                outcome.doubt("type", unique.name, "Values of its type compare on the server alone.")

    def _failed(self, row: Row, new: Values, outcome: Outcome) -> frozenset[Condition]:
        failed = self.conditions.failed(row, new)
        if failed is None:
            outcome.doubt(
                "check", row.relation.table.text, "Its CHECK constraints can't be tried by reading."
            )
            return frozenset()
        return failed

    def _evaluated(self, column: Column, *, is_default: bool) -> Assigned:
        if is_default and (column.identity or column.is_volatile):
            return Assigned(None, doubt="Its default gives another value every time.")
        written = column.default if is_default and column.default is not None else "null"
        if written == "null" and not column.is_domain:
            return Assigned(None)
        value = sql.SQL("({})::{}").format(verbatim(words(written)), column.cast)
        try:
            with self.connection.transaction():
                answer = self.connection.execute(query("impact/value", value=value), {}).fetchone()
        except errors.IntegrityError as error:
            return Assigned(None, sqlstate=error.sqlstate or "23514")
        except errors.QueryCanceled:
            raise
        except DatabaseError as error:
            return Assigned(None, doubt=f"Its default can't be read: {error.diag.message_primary}.")
        return Assigned(answer[0] if answer else None)


def _doubt_generated(relation: Relation, changed: set[str], outcome: Outcome) -> None:
    """A generated column may follow a changed one into a constraint."""
    for name, column in relation.columns.items():
        is_watched = column.not_null or name in relation.layout or relation.checks or relation.uniques
        if column.generated and changed and is_watched:
            outcome.doubt("check", f"{relation.table.text}.{name}", "It is generated from other columns.")
