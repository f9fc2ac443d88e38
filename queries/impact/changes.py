"""What an UPDATE by a referential action writes, and what of the table may refuse it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, DatabaseError, errors, sql

from queries.impact.lookups import chunks
from queries.impact.outcome import Outcome
from queries.impact.schema import Check, Column, Relation, Values
from queries.impact.state import State
from queries.impact.store import Lookup, Row, Store
from queries.load import query
from queries.orphans.condition import verbatim
from queries.steps.compose import Name, words


class Assigned(NamedTuple):
    """A value that an action writes; ``sqlstate`` where the server refuses it, ``doubt`` where unknown."""

    value: str | None
    sqlstate: str = ""
    doubt: str = ""


NULL = Assigned(None)
_BOUNDS = "The row would move to another partition: what the keys then do depends on the version."


class Changes:
    """Asks the server for defaults and for CHECK conditions, and remembers its answers."""

    def __init__(self, connection: Connection[Any], store: Store) -> None:
        self.connection = connection
        self.store = store
        self._assigned: dict[tuple[int, int, bool], Assigned] = {}
        self._failures: dict[tuple[Row, Values], tuple[Check, ...] | None] = {}

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
        self._judge_all(rows)
        wanted: defaultdict[Lookup, dict[tuple[str, ...], None]] = defaultdict(dict)
        for row, values in rows:
            for unique in row.relation.uniques:
                if unique.is_plain and set(unique.columns) <= set(row.relation.layout):
                    own = tuple(values[place] for place in row.relation.places(unique.columns))
                    text = tuple(value for value in own if value is not None)
                    if len(text) == len(own) and own != tuple(
                        row.values[place] for place in row.relation.places(unique.columns)
                    ):
                        wanted[Lookup("alike", unique.oid)][text] = None
        self.store.fetch(wanted)

    def judge(self, row: Row, old: Values, new: Values, *, state: State, outcome: Outcome) -> None:
        """Note what refuses the new version: NOT NULL, then CHECK, then unique indexes, as the server."""
        table = row.relation.root.text
        changed = {name for name, a, b in zip(row.relation.layout, old, new, strict=True) if a != b}
        for name, column in row.relation.columns.items():
            if name in changed and column.not_null and new[row.relation.layout.index(name)] is None:
                outcome.refuse(None, table, "23502", f"column {name} is NOT NULL", [row])
        self._judge_generated(row.relation, changed, outcome=outcome)
        for check in self._failed(row, new, outcome=outcome):
            if check.name is None:
                outcome.doubt("partition", row.relation.table.text, _BOUNDS)
            else:
                outcome.refuse(None, table, "23514", f"it violates CHECK {check.name}", [row])
        self._judge_uniques(row, new, changed, state=state, outcome=outcome)

    def _judge_uniques(
        self, row: Row, new: Values, changed: set[str], *, state: State, outcome: Outcome
    ) -> None:
        for unique in row.relation.uniques:
            if not changed & {*unique.columns, *unique.depends}:
                continue
            if not unique.is_plain:
                outcome.doubt("unique", unique.name, "Its predicate or expression decides what it refuses.")
            elif state.alike(unique, row, new):
                why = f"it violates unique index {unique.name}"
                outcome.refuse(None, row.relation.root.text, "23505", why, [row])
            if Lookup("alike", unique.oid) in state.strange:
                outcome.doubt("type", unique.name, "Values of its type compare on the server alone.")

    def _judge_generated(self, relation: Relation, changed: set[str], *, outcome: Outcome) -> None:
        """A generated column may follow a changed one into a constraint."""
        for name, column in relation.columns.items():
            watched = column.not_null or name in relation.layout or relation.checks or relation.uniques
            if column.generated and changed and watched:
                outcome.doubt("check", f"{relation.table.text}.{name}", "It is generated from other columns.")

    def _failed(self, row: Row, new: Values, *, outcome: Outcome) -> tuple[Check, ...]:
        if not row.relation.checks:
            return ()
        if (row, new) not in self._failures:
            self._judge_all([(row, new)])
        failed = self._failures[row, new]
        if failed is None:
            outcome.doubt(
                "check", row.relation.table.text, "Its CHECK constraints can't be tried by reading."
            )
        return failed or ()

    def _judge_all(self, rows: Iterable[tuple[Row, Values]]) -> None:
        """Try the CHECK conditions, one statement for rows of a table that change in the same way."""
        alike: defaultdict[tuple[int, tuple[tuple[str, str | None], ...]], list[tuple[Row, Values]]]
        alike = defaultdict(list)
        for row, values in rows:
            if row.relation.checks and (row, values) not in self._failures:
                pairs = zip(row.relation.layout, row.values, values, strict=True)
                changed = tuple((name, after) for name, before, after in pairs if before != after)
                alike[row.relation.table.oid, changed].append((row, values))
        for (_, changed), group in alike.items():
            for chunk in chunks(group):
                self._judge_alike(chunk[0][0].relation, dict(changed), chunk)

    def _judge_alike(
        self, relation: Relation, changed: dict[str, str | None], rows: Sequence[tuple[Row, Values]]
    ) -> None:
        new = {f"n{number}": value for number, value in enumerate(changed.values())}
        parameters = {**new, "rows": [row.tid for row, _ in rows]}
        answers: dict[str, list[bool]] | None = None
        try:
            with self.connection.transaction():
                cursor = self.connection.cursor(binary=True)
                cursor.execute(_judge_statement(relation, tuple(changed)), parameters, prepare=False)
                answers = dict(cursor.fetchall())
        except errors.QueryCanceled:
            raise
        except DatabaseError:
            pass  # a CHECK may call what can't be run read only
        for row, values in rows:
            self._failures[row, values] = (
                None
                if answers is None
                else tuple(
                    check for check, ok in zip(relation.checks, answers[row.tid], strict=True) if not ok
                )
            )

    def _evaluated(self, column: Column, *, is_default: bool) -> Assigned:
        if is_default and (column.identity or column.is_volatile):
            return Assigned(None, doubt="Its default gives another value every time.")
        written = column.default if is_default and column.default is not None else "null"
        if written == "null" and not column.is_domain:
            return NULL
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


def _judge_statement(relation: Relation, changed: Sequence[str]) -> sql.Composed:
    columns = (
        sql.SQL("({}::text)::{} as {}").format(
            sql.Placeholder(f"n{changed.index(name)}"), column.cast, verbatim(Name(name))
        )
        if name in changed
        else verbatim(Name("t", name))
        for name, column in relation.columns.items()
    )
    conditions = (
        sql.SQL("coalesce(({}), true)").format(verbatim(words(check.expression))) for check in relation.checks
    )
    return query(
        "impact/judge",
        table=verbatim(Name(relation.table.schema, relation.table.name)),
        columns=sql.SQL(", ").join([sql.SQL("t.ctid"), sql.SQL("t.tableoid"), *columns]),
        conditions=sql.SQL("array[{}]").format(sql.SQL(", ").join(conditions)),
        alias=relation.table.name,
    )
