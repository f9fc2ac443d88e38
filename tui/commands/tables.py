"""``pgtether tables``: what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from queries.catalog import Catalog, Table, catalog
from tui.connecting import reading_from
from tui.figures import count, counted, size
from tui.options import Target, connection_options, csv_option, json_option
from tui.output import narrate, print_csv, print_json, print_text, table_text

COLUMNS = (
    "table", "kind", "rows", "rows_are", "bytes", "columns", "keys_out", "keys_in", "indexes", "readable",
    "row_security", "partitions",
)  # fmt: skip
_HEADER = ("table", "rows (estimate)", "size", "columns", "keys out", "keys in", "indexes", "")


@click.command("tables")
@json_option
@csv_option
@connection_options
def command(target: Target, shape: str | None) -> int:
    """List the tables: rows, size, columns, keys out and in.

    A partitioned table stands for its partitions. Rows are the server's estimate of the last VACUUM or
    ANALYZE.
    """
    with reading_from(target) as connection:
        found, database = catalog(connection), connection.info.dbname
    described = [_described(table, found) for table in found.roots]
    not_readable = sum(not each["readable"] for each in described)
    if shape == "json":
        print_json({"database": database, "tables": described, "not_readable": not_readable})
    elif shape == "csv":
        print_csv(COLUMNS, [list(each.values()) for each in described])
    else:
        print_text(table_text(_HEADER, map(_row, described), right=range(1, 7)))
        narrate(f"{counted(len(described), 'table')} in {database}.")
    if not_readable:
        narrate(f"This role may not read the rows of {counted(not_readable, 'table')}.")
    return 0


def _described(table: Table, catalog: Catalog) -> dict[str, Any]:
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


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    notes = (
        (each["partitions"], counted(each["partitions"], "partition")),
        (not each["readable"], "not readable"),
        (each["row_security"], "row security hides rows"),
    )
    counts = (count(each[name]) for name in ("columns", "keys_out", "keys_in", "indexes"))
    note = ", ".join(text for holds, text in notes if holds)
    rows = "unknown" if each["rows"] is None else count(each["rows"])
    return (each["table"], rows, size(each["bytes"]), *counts, note)
