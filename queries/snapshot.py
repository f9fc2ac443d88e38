"""A catalog as JSON and back: what a report, a diff or a check without a server starts from.

One row a line and no oids left out, so that ``catalog_of(snapshot(c)) == c``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from queries.catalog import Catalog, Column, ForeignKey, Index, Table
from queries.errors import BadFile

Row = TypeVar("Row")


class _Snapshot(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int
    database: str
    server_version: str
    search_path: tuple[str, ...]
    tables: tuple[Table, ...]
    columns: tuple[Column, ...]
    foreign_keys: tuple[ForeignKey, ...]
    indexes: tuple[Index, ...]
    operators: dict[int, tuple[int, ...]]


def snapshot(catalog: Catalog, *, database: str, server_version: str) -> str:
    """The catalog as a JSON document of schema version 1."""
    head = {
        "schema_version": 1,
        "database": database,
        "server_version": server_version,
        "search_path": catalog.search_path,
        "operators": catalog.operators,
    }
    parts = {
        "tables": catalog.tables.values(),
        "columns": _flat(catalog.columns.values()),
        "foreign_keys": catalog.foreign_keys,
        "indexes": _flat(catalog.indexes.values()),
    }
    lines = [f'  "{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in head.items()]
    lines += [f'  "{name}": [\n{_rows(rows)}\n  ]' for name, rows in parts.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def catalog_of(text: str, *, path: str) -> Catalog:
    """The catalog of a snapshot that was read from ``path``; raises BadFile."""
    try:
        found = TypeAdapter(_Snapshot).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise BadFile(path, 0, f"not a snapshot of pgtether: {place}: {first['msg']}") from error
    if found.schema_version != 1:
        raise BadFile(path, 0, f"a snapshot of schema version {found.schema_version}; this pgtether reads 1")
    return Catalog(
        tables={table.oid: table for table in found.tables},
        columns=_by_table(found.columns),
        foreign_keys=found.foreign_keys,
        indexes=_by_table(found.indexes),
        search_path=found.search_path,
        operators=found.operators,
    )


def _flat(groups: Iterable[tuple[Row, ...]]) -> Iterator[Row]:
    return (row for group in groups for row in group)


def _rows(rows: Iterable[Any]) -> str:
    return ",\n".join("    " + json.dumps(row._asdict(), ensure_ascii=False) for row in rows)


def _by_table(rows: Iterable[Any]) -> dict[int, tuple[Any, ...]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.table_oid, []).append(row)
    return {oid: tuple(group) for oid, group in groups.items()}
