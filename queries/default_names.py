"""The names that PostgreSQL would choose for a key or an index, and slugs for steps."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from hashlib import md5
from itertools import count

from queries.catalog import Catalog, Table

_LONGEST = 63  # bytes; NAMEDATALEN - 1
_SLUG = 100


def index_name(catalog: Catalog, table: Table, columns: Sequence[str]) -> str:
    """``<table>_<columns>_idx``, with a number behind it where that is taken."""
    return _free(table, columns, "idx", set(_relations(catalog, table.schema)))


def key_name(catalog: Catalog, table: Table, columns: Sequence[str]) -> str:
    """``<table>_<columns>_fkey``, with a number behind it where that is taken."""
    keys = (key for key in catalog.foreign_keys if catalog.tables[key.child_oid].schema == table.schema)
    return _free(table, columns, "fkey", {key.name for key in keys})


def slug(*parts: str) -> str:
    """Parts joined to an id of a step; where letters are lost, with a hash that keeps different ids apart."""
    joined = "-".join(parts)
    plain = re.sub("[^a-z0-9]+", "-", joined).strip("-")[:_SLUG]
    if plain and plain == joined.replace("_", "-"):
        return plain
    digest = md5(joined.encode(), usedforsecurity=False).hexdigest()[:6]
    return f"{plain}-{digest}" if plain else digest


def _free(table: Table, columns: Sequence[str], label: str, taken: Container[str]) -> str:
    """As ``ChooseRelationName`` and ``ChooseConstraintName`` of the server do it."""
    tries = (_cut(table.name, "_".join(columns), f"{label}{number or ''}") for number in count())
    return next(name for name in tries if name not in taken)


def _cut(table: str, columns: str, label: str) -> str:
    """As ``makeObjectName``: the longer of the two parts gives way, byte by byte, until both fit."""
    first, second = table.encode(), columns.encode()
    room = _LONGEST - len(label) - 2
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    return "_".join((first.decode(errors="ignore"), second.decode(errors="ignore"), label))


def _relations(catalog: Catalog, schema: str) -> Iterator[str]:
    """Names that an index can't have: those of tables and indexes (of views and sequences none is known)."""
    for table in catalog.tables.values():
        if table.schema == schema:
            yield table.name
            yield from (index.name for index in catalog.indexes.get(table.oid, ()))
