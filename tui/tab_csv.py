"""The tabs of a table as CSV; a row's values as COPY writes them, so that NULL is no empty text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from queries.catalog import Catalog
from queries.names import column_list
from queries.orphans import OrphanCount
from queries.rows import Page
from queries.usable_index import Cover, key_coverage
from tui.output import csv_text
from tui.table_keys import TableKey
from tui.widgets.columns import text_of
from tui.widgets.line_table import LineTable

KEYS = (
    "table", "columns", "ref_table", "ref_columns", "constraint", "on_delete", "wanted", "validated",
    "enforced", "indexed", "orphans",
)  # fmt: skip
Counted = Callable[[TableKey], OrphanCount | None]


def lines_csv(lines: LineTable) -> str:
    """The lines in the order in which they are seen, none of them cut."""
    rows = [[text_of(cell) for cell in lines.rows[at]] for at in lines.index]
    return csv_text([column.title for column in lines.columns], rows)


def keys_csv(catalog: Catalog, keys: Sequence[TableKey], count: Counted) -> str:
    """Keys out and in; empty is what isn't there, or isn't counted."""
    return csv_text(KEYS, [list(_key(catalog, key, count(key))) for key in keys])


def _key(catalog: Catalog, key: TableKey, count: OrphanCount | None) -> Iterator[object]:
    yield from (catalog.tables[key.child].text, column_list(key.columns))
    yield from (catalog.tables[key.parent].text, column_list(key.ref_columns))
    own = key.key
    yield from (own.name, str(own.on_delete)) if own else (None, None)
    yield str(key.wanted.wanted.on_delete) if key.wanted else None
    indexed = key_coverage(catalog, own).cover is Cover.FULL if own else None
    yield from (own.validated, own.enforced, indexed) if own else (None, None, None)
    yield count.orphans if count else None


def rows_csv(page: Page) -> str:
    """NULL is empty, every other value in quotes."""
    rows = [[column.name for column in page.asked.columns], *page.rows]
    return "".join(",".join(map(_value, row)) + "\n" for row in rows)


def _value(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'
