"""Which key to look at: one that is declared, or one that is only intended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.catalog import Catalog, ForeignKey, Table
from queries.errors import UsageError
from queries.masking import SENSITIVE, sensitive
from queries.names import ColumnsName, KeyName, TableName


@dataclass(frozen=True)
class Reference:
    """Child columns that refer, or should refer, to parent columns; all names raw, columns in key order."""

    child: Table
    columns: tuple[str, ...]
    parent: Table
    ref_columns: tuple[str, ...]
    constraint: str | None = None  # None: only intended
    valid: bool = False
    match_full: bool = False
    period: bool = False  # a temporal key
    operators: tuple[int, ...] | None = None  # conpfeqop: parent = child; None: to be found
    primary_key: tuple[str, ...] = ()  # the child's, to name an orphan by
    hidden: tuple[str, ...] = ()  # those of the primary key whose values a sample masks

    @property
    def declared(self) -> bool:
        """Whether there is a constraint."""
        return self.constraint is not None

    @property
    def key(self) -> KeyName:
        """Its identity, whose text is the same everywhere."""
        child, parent = (TableName(table.schema, table.name) for table in (self.child, self.parent))
        return KeyName(ColumnsName(child, self.columns), ColumnsName(parent, self.ref_columns))


def declared(catalog: Catalog, *, patterns: Sequence[str] | None = SENSITIVE) -> tuple[Reference, ...]:
    """Every foreign key of the catalog, the valid too: ``convalidated`` doesn't rule orphans out.

    ``patterns`` are those of names whose values samples mask, None: of none. The key's own columns stay.
    """
    roots = {root.oid: root for root in catalog.roots}
    return tuple(_declared(catalog, key, roots, patterns) for key in catalog.foreign_keys)


def _declared(
    catalog: Catalog, key: ForeignKey, roots: dict[int, Table], patterns: Sequence[str] | None
) -> Reference:
    return Reference(
        child=roots.get(key.child_oid, catalog.tables[key.child_oid]),
        columns=key.columns,
        parent=roots.get(key.parent_oid, catalog.tables[key.parent_oid]),
        ref_columns=key.ref_columns,
        constraint=key.name,
        valid=key.validated,
        match_full=key.match_full,
        period=key.period,
        operators=key.operators,
        primary_key=_primary_key(catalog, key.child_oid),
        hidden=_hidden(catalog, key.child_oid, key.columns, patterns),
    )


def intended(
    catalog: Catalog,
    child: ColumnsName,
    parent: ColumnsName,
    *,
    patterns: Sequence[str] | None = SENSITIVE,
) -> Reference:
    """A key that somebody wants, MATCH SIMPLE, over columns by the names that they have now.

    Raises UsageError where a table or column isn't in the catalog, or the columns can't make a key.
    """
    if len(child.columns) != len(parent.columns):
        raise UsageError(f"{child} can't reference {parent}: a key needs as many columns on either side.")
    found = _found(catalog, child)
    return Reference(
        child=found,
        columns=child.columns,
        parent=_found(catalog, parent),
        ref_columns=parent.columns,
        primary_key=_primary_key(catalog, found.oid),
        hidden=_hidden(catalog, found.oid, child.columns, patterns),
    )


def _found(catalog: Catalog, name: ColumnsName) -> Table:
    table = catalog.find(name.table)
    if table is None:
        raise UsageError(f"There is no table {name.table} that could have a foreign key.")
    missing = [column for column in name.columns if catalog.column(table, column) is None]
    if missing:
        raise UsageError(f"There is no column {ColumnsName(name.table, tuple(missing))}.")
    if len(set(name.columns)) != len(name.columns):
        raise UsageError(f"{name} names a column twice.")
    if table.kind == "p":
        return next((root for root in catalog.roots if root.oid == table.oid), table)
    return table


def _hidden(
    catalog: Catalog, oid: int, columns: Sequence[str], patterns: Sequence[str] | None
) -> tuple[str, ...]:
    primary = _primary_key(catalog, oid)
    own = [
        (column.name, column.type)
        for column in catalog.columns.get(oid, ())
        if column.name in primary and column.name not in columns
    ]
    return sensitive(own, patterns=patterns)


def _primary_key(catalog: Catalog, oid: int) -> tuple[str, ...]:
    names = {column.number: column.name for column in catalog.columns.get(oid, ())}
    primary = next((index for index in catalog.indexes.get(oid, ()) if index.is_primary), None)
    return tuple(names[number] for number in primary.column_numbers[: primary.key_count]) if primary else ()
