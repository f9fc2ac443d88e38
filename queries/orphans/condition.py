"""What an orphan is, as SQL: one set of fragments for counting, sampling and repairing.

They say what the server's own check says (``RI_Initial_Check`` in ri_triggers.c): the key's operators by
name, columns cast where the operator takes another type, the parent's collation, ONLY except for partitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection, sql

from queries.catalog import Table
from queries.errors import Refused
from queries.load import rows
from queries.names import ColumnsName
from queries.orphans.reference import Reference
from queries.steps.compose import Name, words


class CannotCompare(Refused):
    """The columns of a key can't be compared; the message says why."""


class _Choice(NamedTuple):
    column: str
    ref_column: str
    type: str
    ref_type: str
    has_target: bool
    operator: int | None


class Comparison(NamedTuple):
    """How a key compares one pair of columns, all by name."""

    column: str
    ref_column: str
    operator_schema: str
    operator: str
    ref_cast_schema: str | None
    ref_cast: str | None  # None: the parent's column has the type that the operator takes
    cast_schema: str | None
    cast: str | None
    collation_schema: str | None
    collation: str | None  # None: both have the same


def orphan_condition(connection: Connection[Any], reference: Reference) -> sql.Composed:
    """The condition on alias ``c`` that is true for rows whose parent is missing; no parameters in it.

    Under MATCH FULL that includes rows of which only some columns are null. Raises CannotCompare where the
    columns can't be compared.
    """
    return orphan(reference, matches=matches(connection, reference))


def orphan(reference: Reference, *, matches: sql.Composable) -> sql.Composed:
    """The same for who already has ``matches``."""
    if reference.period:
        return sql.SQL("{} and not {}").format(keyed(reference), _covered(reference, matches))
    return sql.SQL("{} and not exists (select from {} as p where {})").format(
        keyed(reference), source(reference.parent), matches
    )


def matches(connection: Connection[Any], reference: Reference) -> sql.Composed:
    """Parent row (alias ``p``) equals child row (alias ``c``), as the key compares; raises CannotCompare."""
    operators = reference.operators or _chosen(connection, reference)
    compared = rows(
        connection,
        "orphans/comparisons",
        Comparison,
        _parameters(reference) | {"operators": list(operators)},
    )
    _demand_all(reference, compared)
    return sql.SQL(" and ").join(equals(each) for each in compared)


def keyed(reference: Reference) -> sql.Composed:
    """The child's row (alias ``c``) takes part in the key: nulls don't keep it out."""
    if reference.match_full and len(reference.columns) > 1:
        return sql.SQL("({})").format(_not_null(reference.columns, " or "))
    return _not_null(reference.columns, " and ")


def source(table: Table) -> sql.Composable:
    """Its own rows: those of all its partitions, but not those of children by plain inheritance."""
    name = Name(table.schema, table.name)
    return name if table.kind == "p" else sql.SQL("only {}").format(name)


def verbatim(part: sql.Composable) -> sql.SQL:
    """For a query that runs with parameters: a ``%`` in a name is no placeholder."""
    return words(part.as_string(None).replace("%", "%%"))


def _covered(reference: Reference, matches: sql.Composable) -> sql.Composed:
    """A temporal child needs parents that together cover its whole time; ``matches`` overlap it in part."""
    return sql.SQL(
        "exists (select from {} as p where {} having {} operator(pg_catalog.<@) pg_catalog.range_agg({}))"
    ).format(
        source(reference.parent),
        matches,
        Name("c", reference.columns[-1]),
        Name("p", reference.ref_columns[-1]),
    )


def _not_null(columns: Sequence[str], between: str) -> sql.Composed:
    return words(between).join(sql.SQL("{} is not null").format(Name("c", column)) for column in columns)


def equals(each: Comparison) -> sql.Composed:
    """The parent's column (alias ``p``) equals the child's (alias ``c``)."""
    comparison = sql.SQL("{} operator({}.{}) {}").format(
        _cast(Name("p", each.ref_column), each.ref_cast_schema, each.ref_cast),
        Name(each.operator_schema),
        words(each.operator),
        _cast(Name("c", each.column), each.cast_schema, each.cast),
    )
    if each.collation is None:
        return comparison
    return sql.SQL("{} collate {}").format(comparison, Name(each.collation_schema or "", each.collation))


def _cast(column: Name, schema: str | None, name: str | None) -> sql.Composable:
    return column if name is None else sql.SQL("{}::{}").format(column, Name(schema or "", name))


def _chosen(connection: Connection[Any], reference: Reference) -> tuple[int, ...]:
    """The operators that ADD FOREIGN KEY would store; raises CannotCompare, as it would fail."""
    choices = rows(connection, "orphans/operators", _Choice, _parameters(reference))
    _demand_all(reference, choices)
    if not choices[0].has_target:
        parent = reference.key.parent
        raise CannotCompare(f"{parent} can't be referenced: it has no unique index on just these columns.")
    for choice in choices:
        if choice.operator is None:
            pair = ColumnsName(reference.key.child.table, (choice.column,))
            raise CannotCompare(f"{pair}: no equality operator between {choice.ref_type} and {choice.type}.")
    return tuple(choice.operator or 0 for choice in choices)


def _demand_all(reference: Reference, found: Sequence[object]) -> None:
    if len(found) != len(reference.columns):
        raise CannotCompare(f"A table or column of {reference.key} has gone since the catalog was read.")


def _parameters(reference: Reference) -> dict[str, object]:
    return {
        "child": reference.child.oid,
        "columns": list(reference.columns),
        "parent": reference.parent.oid,
        "ref_columns": list(reference.ref_columns),
    }
