"""Definitions of tables as PostgreSQL would write them: what a way back replays and a fingerprint holds.

Read with an empty search path, so that every name in a definition is qualified, and replayed the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from queries.load import query, rows
from queries.models import ON_DELETE_BY_CODE, OnDelete
from queries.names import TableName


@dataclass(frozen=True)
class ColumnDefinition:
    """A column; ``identity`` and ``generated`` are PostgreSQL's letters, '' for none."""

    name: str
    type: str
    not_null: bool
    default: str | None
    identity: str
    generated: str
    collation: str | None
    comment: str | None


@dataclass(frozen=True)
class ConstraintDefinition:
    """A constraint; the fields from ``parent`` on are empty but for foreign keys (``kind`` f)."""

    table: str
    name: str
    kind: str
    definition: str
    validated: bool
    enforced: bool
    comment: str | None
    columns: tuple[str, ...]
    parent: str = ""
    ref_columns: tuple[str, ...] = ()
    on_delete: OnDelete | None = None
    operators: tuple[str, ...] = ()  # operator(schema.=): parent's column first
    match_full: bool = False


@dataclass(frozen=True)
class IndexDefinition:
    """An index with the marks that its definition does not hold."""

    name: str
    definition: str
    valid: bool
    clustered: bool
    replica_identity: bool
    comment: str | None


@dataclass(frozen=True)
class KeyTrigger:
    """A trigger by which a key of ``child`` acts or checks; they fire in the text order of their names."""

    name: str
    event: str  # delete or update of a parent; check insert, check update of a child
    enabled: str  # O origin, D disabled, R replica, A always
    cloned: bool  # a leaf's, which is renamed with its root's (15 and later)
    child: str
    constraint: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What stays when its key is made again."""
        return (self.child, self.constraint, self.event)


@dataclass(frozen=True)
class TableDefinition:
    """All of a table that a plan may touch."""

    table: str
    partitioned: bool = False
    columns: tuple[ColumnDefinition, ...] = ()
    constraints: tuple[ConstraintDefinition, ...] = ()
    referenced_by: tuple[ConstraintDefinition, ...] = ()
    indexes: tuple[IndexDefinition, ...] = ()
    triggers: tuple[KeyTrigger, ...] = ()

    def column(self, name: str) -> ColumnDefinition | None:
        """The column of that raw name."""
        return next((column for column in self.columns if column.name == name), None)

    def constraint(self, name: str) -> ConstraintDefinition | None:
        """The constraint of that raw name."""
        return next((constraint for constraint in self.constraints if constraint.name == name), None)

    def index(self, name: str) -> IndexDefinition | None:
        """The index of that raw name."""
        return next((index for index in self.indexes if index.name == name), None)

    def acting(self, event: str) -> tuple[KeyTrigger, ...]:
        """The triggers of that event in the order in which they fire."""
        own = (trigger for trigger in self.triggers if trigger.event == event)
        return tuple(sorted(own, key=lambda trigger: trigger.name))


Definitions = Mapping[str, TableDefinition]


def definitions(connection: Connection[Any], tables: Sequence[int]) -> dict[str, TableDefinition]:
    """The definitions of the tables of the given oids, by ``schema.table``, sorted; inside a transaction."""
    wanted = {"tables": list(tables)}
    with empty_search_path(connection):
        known = rows(connection, "definitions/tables", _tuple, wanted)
        answers = {
            part: rows(connection, f"definitions/{part}", _tuple, wanted)
            for part in ("columns", "constraints", "indexes", "triggers")
        }
    names = {oid: str(TableName(schema, name)) for oid, schema, name, _ in known}
    parts = _parts(answers, names)
    found = (
        TableDefinition(names[oid], partitioned, **parts[oid])
        for oid, _, _, partitioned in known
        if oid in wanted["tables"]
    )
    return {definition.table: definition for definition in found}


@contextmanager
def empty_search_path(connection: Connection[Any]) -> Iterator[None]:
    """Have every name in a definition qualified, inside the caller's transaction."""
    former = _set_search_path(connection, "")
    yield
    _set_search_path(connection, former)


def _set_search_path(connection: Connection[Any], path: str) -> str:
    answer = connection.execute(query("definitions/search_path"), {"path": path}).fetchone()
    return str(answer[0]) if answer else ""


def _tuple(*values: Any) -> tuple[Any, ...]:
    return values


def _parts(answers: dict[str, list[tuple[Any, ...]]], names: dict[int, str]) -> dict[int, dict[str, Any]]:
    parts: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(tuple))
    for oid, *row in answers["columns"]:
        parts[oid]["columns"] += (ColumnDefinition(*row),)
    for oid, parent_oid, *row in answers["constraints"]:
        constraint = _constraint(names.get(oid, ""), names.get(parent_oid, ""), row)
        parts[oid]["constraints"] += (constraint,)
        if constraint.kind == "f":
            parts[parent_oid]["referenced_by"] += (constraint,)
    for oid, *row in answers["indexes"]:
        parts[oid]["indexes"] += (IndexDefinition(*row),)
    for oid, name, event, enabled, cloned, child_oid, constraint_name in answers["triggers"]:
        trigger = KeyTrigger(name, event, enabled, cloned, names.get(child_oid, ""), constraint_name)
        parts[oid]["triggers"] += (trigger,)
    return parts


def _constraint(table: str, parent: str, row: Sequence[Any]) -> ConstraintDefinition:
    name, kind, definition, validated, enforced, comment, on_delete, columns, ref_columns, operators, full = (
        row
    )
    if kind != "f":
        return ConstraintDefinition(
            table, name, kind, definition, validated, enforced, comment, tuple(columns)
        )
    return ConstraintDefinition(
        table, name, kind, definition, validated, enforced, comment, tuple(columns),
        parent, tuple(ref_columns), ON_DELETE_BY_CODE[on_delete], tuple(operators), full,
    )  # fmt: skip
