"""A table as a line of JSON or CSV: what ``tables`` lists and the Tables screen writes to a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from queries.catalog import Catalog, Table

COLUMNS = (
    "table", "kind", "rows", "rows_are", "bytes", "columns", "keys_out", "keys_in", "indexes", "readable",
    "row_security", "partitions",
)  # fmt: skip


def table_document(table: Table, catalog: Catalog) -> dict[str, Any]:
    """The values under ``COLUMNS``, by name."""
    family = [part.oid for part in _family(table, catalog)]
    is_known = table.estimate >= 0
    return {
        "table": table.text,
        "kind": "partitioned" if table.kind == "p" else "table",
        "rows": round(table.estimate) if is_known else None,
        "rows_are": "estimate" if is_known else "unknown",
        "bytes": table.bytes,
        "columns": len(catalog.columns.get(table.oid, ())),
        "keys_out": sum(len(catalog.keys_out.get(oid, ())) for oid in family),
        "keys_in": sum(len(catalog.keys_in.get(oid, ())) for oid in family),
        "indexes": len(catalog.indexes.get(table.oid, ())),
        "readable": table.readable,
        "row_security": table.row_security,
        "partitions": len(family) - 1,
    }


def _family(table: Table, catalog: Catalog) -> Iterator[Table]:
    """The table and its partitions of every level: a partition may have keys of its own."""
    yield table
    for part in catalog.partitions.get(table.oid, ()):
        yield from _family(part, catalog)
