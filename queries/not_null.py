"""NOT NULL in the way of a key that sets null: legal to declare, and every delete fails."""

from __future__ import annotations

from collections.abc import Sequence

from queries.catalog import Catalog, Column, Table
from queries.default_names import slug
from queries.steps import DropNotNull


def not_null_columns(catalog: Catalog, table: Table, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that can't be null, in the table itself or in any of its partitions."""
    return tuple(name for name in columns if _tables(catalog, table, name))


def is_droppable(catalog: Catalog, table: Table, name: str) -> bool:
    """Whether DROP NOT NULL is allowed: not in a primary key, nor for an identity column."""
    column = catalog.column(table, name)
    return column is not None and not column.identity and column.number not in _primary(catalog, table)


def drop_not_null(
    catalog: Catalog, table: Table, columns: Sequence[str], *, why: str = ""
) -> tuple[DropNotNull, ...]:
    """The steps that let the columns be null; a root's step reaches its partitions."""
    return tuple(
        DropNotNull(
            id=slug(_short(each), name, "null"), table=each.text, column=name, why=why or _why(each, name)
        )
        for name in columns
        if is_droppable(catalog, table, name)
        for each in _tables(catalog, table, name)
    )


def _tables(catalog: Catalog, table: Table, name: str) -> list[Table]:
    """Where NOT NULL is to be dropped: the table, otherwise those of its leaves that have it alone."""
    if _is_not_null(catalog.column(table, name)):
        return [table]
    leaves = catalog.leaves(table) if table.kind == "p" else ()
    return [leaf for leaf in leaves if _is_not_null(catalog.column(leaf, name))]


def _is_not_null(column: Column | None) -> bool:
    return column is not None and column.not_null


def _primary(catalog: Catalog, table: Table) -> tuple[int, ...]:
    indexes = catalog.indexes.get(table.oid, ())
    return next((index.column_numbers[: index.key_count] for index in indexes if index.is_primary), ())


def _short(table: Table) -> str:
    return table.text.removeprefix("public.")


def _why(table: Table, name: str) -> str:
    return f"On delete set null needs {table.name}.{name} to take null."
