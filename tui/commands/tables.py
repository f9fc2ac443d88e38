"""``pgtether tables``: what is there."""

from __future__ import annotations

from typing import Any

import click

from queries.catalog import catalog
from tui.connecting import reading_from
from tui.figures import count, counted, size
from tui.options import Target, connection_options, csv_option, json_option
from tui.output import narrate, print_csv, print_json, print_text, table_text
from tui.table_document import COLUMNS, table_document

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
    described = [table_document(table, found) for table in found.roots]
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
