"""The condition that names one row, as a person would write it: ``id = 42 and region = 'eu'``."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from queries.catalog import Catalog, Table
from queries.names import quoted
from queries.rows import order_key

_NUMBERS = ("smallint", "integer", "bigint")


def row_condition(catalog: Catalog, table: Table, key: Sequence[str]) -> str:
    """The condition for the row with this key (``queries.rows.Page.keys``); literals are the driver's own.

    A literal takes the type of the column that it is compared with, so that no cast is needed.
    """
    names = order_key(catalog, table)
    return " and ".join(
        f"{quoted(name)} = {_literal(catalog, table, name, value)}"
        for name, value in zip(names, key, strict=True)
    )


def _literal(catalog: Catalog, table: Table, name: str, value: str) -> str:
    column = catalog.column(table, name)
    is_number = column is not None and column.type in _NUMBERS
    return sql.Literal(int(value) if is_number else value).as_string(None).strip()
