"""A catalog as it will be when columns have their new names, so that the rest of a policy can use these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from queries.catalog import Catalog, ForeignKey, Table
from queries.names import ColumnsName, KeyName, TableName

Renames = Mapping[tuple[int, str], str]


def renamed(catalog: Catalog, renames: Renames) -> Catalog:
    """The catalog after the renames, which are given by oid of the table and raw name of the column."""
    if not renames:
        return catalog
    every = {
        (table.oid, old): new
        for (oid, old), new in renames.items()
        for table in _with_partitions(catalog, catalog.tables[oid])
    }
    columns = {
        oid: tuple(
            each._replace(name=every.get((oid, each.name), each.name)) for each in catalog.columns[oid]
        )
        for oid, _ in every
    }
    keys = tuple(_renamed_key(catalog, key, every) for key in catalog.foreign_keys)
    return replace(catalog, columns={**catalog.columns, **columns}, foreign_keys=keys)


def _with_partitions(catalog: Catalog, table: Table) -> list[Table]:
    found = [table]
    for each in found:
        found.extend(catalog.partitions.get(each.oid, ()))
    return found


def _renamed_key(catalog: Catalog, key: ForeignKey, renames: Renames) -> ForeignKey:
    columns = tuple(renames.get((key.child_oid, name), name) for name in key.columns)
    ref_columns = tuple(renames.get((key.parent_oid, name), name) for name in key.ref_columns)
    if (columns, ref_columns) == (key.columns, key.ref_columns):
        return key
    set_columns = tuple(renames.get((key.child_oid, name), name) for name in key.set_columns)
    child, parent = catalog.tables[key.child_oid], catalog.tables[key.parent_oid]
    text = KeyName(
        ColumnsName(TableName(child.schema, child.name), columns),
        ColumnsName(TableName(parent.schema, parent.name), ref_columns),
    )
    return key._replace(columns=columns, ref_columns=ref_columns, set_columns=set_columns, text=str(text))
