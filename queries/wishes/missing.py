"""Wishes about tables and columns that aren't there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.names import ColumnsName, quoted
from queries.wishes.wish import Here, Wanted, Wish


def missing_tables(
    here: Here, wanted: Wanted, names: Sequence[ColumnsName], *, needed_by: str, is_skipped: bool = False
) -> Iterator[Wish]:
    """A wish for each table that isn't there, and for each column of one that is."""
    for name in names:
        table = here.subject(name.table)
        columns = here.missing(name)
        if columns is None:
            message = f"There is no table {table}, which the policy's {needed_by} needs."
            yield Wish("missing-table", str(table), str(table), (), message, wanted, is_skipped=is_skipped)
        elif columns:
            subject = ColumnsName(table, columns)
            listed = ", ".join(quoted(column) for column in columns)
            message = f"{table} has no column {listed}, which the policy's {needed_by} needs."
            yield Wish(
                "missing-table", str(subject), str(table), columns, message, wanted, is_skipped=is_skipped
            )
