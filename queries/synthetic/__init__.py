"""Rows made up so that a table takes them: for probing keys, and as parents of orphans that are to be kept.

Every value is tried out by the server before it is inserted; no row that is there is changed. Sequences move,
as they do for any row that is inserted and rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, ForeignKey, Table
from queries.synthetic.errors import CannotMakeRow
from queries.synthetic.making import Making
from queries.synthetic.statements import Row

__all__ = ["CannotMakeRow", "Row", "insert_family", "insert_row", "insert_unparented", "stub_parents"]


def insert_row(
    connection: Connection[Any], catalog: Catalog, table: Table, *, given: Mapping[str, object] = {}
) -> Row:
    """Insert a made-up row with the given values, its parents first; its values as text, without the nulls.

    Runs in the caller's transaction, behind savepoints. Raises CannotMakeRow.
    """
    making = Making(connection, catalog)
    return making.row(table, making.texts(table, given))


def stub_parents(
    connection: Connection[Any],
    catalog: Catalog,
    parent: Table,
    *,
    columns: Sequence[str],
    values: Iterable[Sequence[object]],
) -> tuple[tuple[Table, Row], ...]:
    """Insert a made-up parent for each tuple of key values; what they need themselves is shared.

    Gives every row that was inserted with its table, tables that others need first. Runs in the caller's
    transaction, behind savepoints. Raises CannotMakeRow.
    """
    making = Making(connection, catalog)
    for each in values:
        making.row(parent, making.texts(parent, dict(zip(columns, each, strict=True))))
    return tuple((catalog.tables[oid], row) for oid, rows in making.made.items() for row in rows)


def insert_family(connection: Connection[Any], catalog: Catalog, key: ForeignKey) -> tuple[Row, Row]:
    """Insert a made-up parent and a made-up child that refers to it by this key. Raises CannotMakeRow.

    The parent comes first and has no other children; where no child can be made for it, as in a circle of one
    to one, the child comes first and brings its parent along.
    """
    child = catalog.tables[key.child_oid]
    try:
        with connection.transaction():
            return _parent_first(Making(connection, catalog), key, child)
    except CannotMakeRow as error:
        if key.parent_oid == key.child_oid:
            raise
        with connection.transaction():
            made = Making(connection, catalog)
            row = made.row(child, {}, dict.fromkeys(key.columns))
            parent = made.parent_of(key, row)
            if parent is None:
                raise error from None
            return parent, row


def _parent_first(making: Making, key: ForeignKey, child: Table) -> tuple[Row, Row]:
    demands = making.demands(child, child)
    parent = making.parent(key, {}, demands)
    referring = making.key_values(key, parent, demands)
    making.made.clear()
    row = making.row(child, dict(referring))
    if not referring.items() <= row.items():
        columns = ", ".join(key.columns)
        raise CannotMakeRow(child.text, f"a trigger or rule gave it another value of {columns}")
    return parent, row


def insert_unparented(
    connection: Connection[Any], catalog: Catalog, key: ForeignKey, *, given: Mapping[str, object]
) -> Row:
    """Insert a made-up child without making this key's parent, which the server should refuse.

    Raises CannotMakeRow.
    """
    making, child = Making(connection, catalog, without=key), catalog.tables[key.child_oid]
    return making.row(child, making.texts(child, given))
