"""The very rows behind a number of the preview: those to which one path of keys leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import Connection, sql

from queries.catalog import Catalog, ForeignKey, Table
from queries.connection import expression, reading, typed
from queries.errors import Refused
from queries.impact.lookups import identifier
from queries.impact.models import Deletion
from queries.load import query
from queries.masking import SENSITIVE, masked
from queries.orphans import Reference
from queries.orphans.condition import matches, source, verbatim
from queries.rows import order_key
from queries.steps.compose import Name

CUT = 300  # characters of a value


@dataclass(frozen=True)
class Sample:
    """Rows with every value as text, long ones cut, None for NULL; ``is_all``: there are no others."""

    table: Table
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    is_all: bool


def rows_along(
    connection: Connection[Any],
    deletion: Deletion,
    keys: Sequence[ForeignKey],
    *,
    catalog: Catalog,
    most: int = 200,
    sensitive: Sequence[str] | None = SENSITIVE,
) -> Sample:
    """The rows that the condition names, or that refer to those along these keys, from parent to child.

    ``sensitive`` are the patterns of columns whose values are masked, None: show them; those of keys stay.
    Raises BadExpression, and Refused where a key on the way compares ranges of time.
    """
    table, found = deletion.table, _named(deletion, only=bool(keys))
    with reading(connection):
        for key in keys:
            table = catalog.tables[key.child_oid]
            found = _referring(connection, catalog, key, found)
        sample = _sample(connection, catalog, table, found, most=most)
    return _masked(sample, catalog, sensitive)


def _named(deletion: Deletion, *, only: bool) -> sql.Composed:
    """What the DELETE itself names; rows of tables that inherit are in it, but no key refers to them."""
    table = deletion.table
    rows = source(table) if only else Name(table.schema, table.name)
    return sql.SQL("(select * from {} where {})").format(verbatim(rows), expression(deletion.where))


def _referring(
    connection: Connection[Any], catalog: Catalog, key: ForeignKey, found: sql.Composable
) -> sql.Composed:
    if key.period:
        raise Refused(f"Rows along {key.name} can't be shown: it compares ranges of time.")
    child, parent = catalog.tables[key.child_oid], catalog.tables[key.parent_oid]
    reference = Reference(child, key.columns, parent, key.ref_columns, operators=key.operators)
    return sql.SQL("(select c.* from {} as c where exists (select from {} as p where {}))").format(
        verbatim(source(child)), found, verbatim(matches(connection, reference))
    )


def _sample(
    connection: Connection[Any], catalog: Catalog, table: Table, found: sql.Composable, *, most: int
) -> Sample:
    columns = tuple(column.name for column in catalog.columns.get(table.oid, ()))
    texts = (
        sql.SQL("pg_catalog.left({}::text, {})").format(identifier("c", name), sql.Literal(CUT))
        for name in columns
    )
    sorting = [identifier("c", name) for name in order_key(catalog, table)]
    statement = query(
        "impact/along",
        columns=sql.SQL(",\n    ").join(texts) if columns else sql.SQL("null"),
        found=found,
        sorting=sql.SQL(", ").join(sorting) if sorting else sql.SQL("1"),
    )
    rows = typed(connection, statement, {"most": most + 1}).fetchall()
    return Sample(table, columns, tuple(rows[:most]), is_all=len(rows) <= most)


def _masked(sample: Sample, catalog: Catalog, sensitive: Sequence[str] | None) -> Sample:
    table = sample.table
    keys = catalog.keys_out.get(table.oid, ())
    kept = {*order_key(catalog, table), *(name for key in keys for name in key.columns)}
    patterns = [None if column.name in kept else sensitive for column in catalog.columns.get(table.oid, ())]
    columns = list(zip(catalog.columns.get(table.oid, ()), patterns, strict=True))
    rows = (
        tuple(
            masked(column.name, column.type, value, patterns=names)
            for (column, names), value in zip(columns, row, strict=True)
        )
        for row in sample.rows
    )
    return replace(sample, rows=tuple(rows) if columns else sample.rows)
