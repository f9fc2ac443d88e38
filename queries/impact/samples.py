"""Some of the rows that a DELETE would delete or change, to look at: sensitive values are masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from psycopg import Connection, sql

from queries.catalog import Catalog, Table
from queries.connection import reading
from queries.impact.lookups import identifier
from queries.impact.models import Deletion
from queries.impact.touched import Place, touched
from queries.load import query
from queries.masking import SENSITIVE, masked
from queries.orphans.condition import verbatim
from queries.steps.compose import Name


@dataclass(frozen=True)
class Sample:
    """A row as it is now, values as text, and what would become of it."""

    table: str
    fate: Literal["deleted", "changed"]
    row: dict[str, str | None]


def samples(
    connection: Connection[Any],
    deletion: Deletion,
    *,
    catalog: Catalog,
    limit: int,
    sensitive: Sequence[str] | None = SENSITIVE,
) -> tuple[Sample, ...]:
    """Up to ``limit`` rows a table and fate; joins an open transaction, which must be read only.

    ``sensitive`` are the patterns of column names whose values are masked, None: show them. Columns of the
    primary key and of foreign keys stay. Raises as ``touched`` does.
    """
    if not limit:
        return ()
    with reading(connection), connection.transaction(force_rollback=True):
        found: list[Sample] = []
        for each in touched(connection, deletion, catalog=catalog).tables:
            for fate, places in (("deleted", each.deleted()), ("changed", each.changed())):
                some = list(islice(places, limit))
                for row in _rows(connection, catalog, some, sensitive):
                    found.append(Sample(each.table.text, "deleted" if fate == "deleted" else "changed", row))
        return tuple(found)


def _rows(
    connection: Connection[Any], catalog: Catalog, places: Sequence[Place], sensitive: Sequence[str] | None
) -> Iterator[dict[str, str | None]]:
    by_leaf: defaultdict[int, list[str]] = defaultdict(list)
    for place in places:
        by_leaf[place.leaf].append(place.tid)
    for oid, tids in by_leaf.items():
        leaf = catalog.tables[oid]
        columns = catalog.columns.get(oid, ())
        texts = sql.SQL(", ").join(sql.SQL("{}::text").format(identifier("c", each.name)) for each in columns)
        statement = query(
            "impact/rows",
            table=verbatim(Name(leaf.schema, leaf.name)),
            texts=sql.SQL("array[{}]::text[]").format(texts),
        )
        cursor = connection.cursor(binary=True)
        kept = _keys(catalog, leaf)
        for _, _, values in cursor.execute(statement, {"rows": tids}, prepare=False).fetchall():
            yield {
                each.name: value
                if each.name in kept
                else masked(each.name, each.type, value, patterns=sensitive)
                for each, value in zip(columns, values, strict=True)
            }


def _keys(catalog: Catalog, leaf: Table) -> set[str]:
    """Columns that tell which row it is, and what it refers to."""
    names = {column.number: column.name for column in catalog.columns.get(leaf.oid, ())}
    found: set[str] = set()
    for index in catalog.indexes.get(leaf.oid, ()):
        if index.is_primary:
            found |= {names[number] for number in index.column_numbers[: index.key_count]}
    at: Table | None = leaf
    while at is not None:
        found |= {name for key in catalog.keys_out.get(at.oid, ()) for name in key.columns}
        at = catalog.tables.get(at.partition_of)
    return found
