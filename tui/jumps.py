"""Where a table, or one of its rows, leads along its foreign keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from queries.catalog import Catalog, Column, ForeignKey, Table
from queries.rows import Match

Values = Mapping[str, str | None]


@dataclass(frozen=True)
class Jump:
    """One key followed: to the table at its other end, and to which of its rows (None: the table itself)."""

    key: ForeignKey
    table: int  # oid
    match: Match | None = None
    missing: str = ""  # why no row can be there
    if_none: str = ""  # what it means where no row is there


def parents(catalog: Catalog, table: Table, *, row: Values | None = None) -> list[Jump]:
    """Along each key of the table, to its parent."""
    return [_up(catalog, key, row) for key in catalog.keys_out.get(table.oid, ())]


def children(catalog: Catalog, table: Table, *, row: Values | None = None) -> list[Jump]:
    """Back along each key that refers to the table, to its children."""
    return [_down(catalog, key, row) for key in catalog.keys_in.get(table.oid, ())]


def _up(catalog: Catalog, key: ForeignKey, row: Values | None) -> Jump:
    found = _along(catalog, key, (key.child_oid, key.columns), (key.parent_oid, key.ref_columns), row)
    return replace(found, if_none="The row that you came from is an orphan: its parent is gone.")


def _down(catalog: Catalog, key: ForeignKey, row: Values | None) -> Jump:
    return _along(catalog, key, (key.parent_oid, key.ref_columns), (key.child_oid, key.columns), row)


def _along(
    catalog: Catalog,
    key: ForeignKey,
    here: tuple[int, tuple[str, ...]],
    there: tuple[int, tuple[str, ...]],
    row: Values | None,
) -> Jump:
    if row is None:
        return Jump(key, there[0])
    values = [row.get(name) for name in here[1]]
    nulls = [name for name, value in zip(here[1], values, strict=True) if value is None]
    if nulls:
        return Jump(
            key, there[0], missing=f"{', '.join(nulls)} is NULL, so this row refers to nothing by this key."
        )
    types = _types(catalog, here[0], here[1])
    return Jump(key, there[0], Match(there[1], tuple(str(value) for value in values), types))


def _types(catalog: Catalog, oid: int, names: tuple[str, ...]) -> tuple[str, ...]:
    columns: dict[str, Column] = {column.name: column for column in catalog.columns.get(oid, ())}
    return tuple(columns[name].type for name in names)


def needed_whole(catalog: Catalog, table: Table) -> frozenset[str]:
    """The columns by which a row leads elsewhere: their values must not be cut."""
    out = [name for key in catalog.keys_out.get(table.oid, ()) for name in key.columns]
    into = [name for key in catalog.keys_in.get(table.oid, ()) for name in key.ref_columns]
    return frozenset([*out, *into])
