"""Which tables a pattern finds: by their own name, by a column, by an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import translate
from re import compile as compiled
from typing import NamedTuple

from queries.catalog import Catalog, Table


class Found(NamedTuple):
    """A table's place in the list, and the column or index that matched where its name did not."""

    at: int
    column: str = ""
    by_index: str = ""

    @property
    def reason(self) -> str:
        """What matched, where it wasn't the table's own name."""
        return f".{self.column}" if self.column else f"index {self.by_index}" if self.by_index else ""


def found(catalog: Catalog, tables: Sequence[Table], pattern: str) -> list[Found]:
    """The tables that match: by a part of a name, or where it has ``*`` or ``?`` by all of it."""
    matches = _matcher(pattern.strip().lower())
    hits = (_hit(catalog, at, table, matches) for at, table in enumerate(tables))
    return [hit for hit in hits if hit is not None]


def _hit(catalog: Catalog, at: int, table: Table, matches: Callable[[str], bool]) -> Found | None:
    if matches(table.name.lower()) or matches(f"{table.schema}.{table.name}".lower()):
        return Found(at)
    for column in catalog.columns.get(table.oid, ()):
        if matches(column.name.lower()):
            return Found(at, column=column.name)
    for index in catalog.indexes.get(table.oid, ()):
        if matches(index.name.lower()):
            return Found(at, by_index=index.name)
    return None


def _matcher(pattern: str) -> Callable[[str], bool]:
    if "*" in pattern or "?" in pattern:
        whole = compiled(translate(pattern)).match
        return lambda name: whole(name) is not None
    return lambda name: pattern in name
