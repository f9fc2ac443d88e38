"""What the rows of a table come to, so that two states of a database can be compared."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import Connection

from queries.catalog import Catalog
from queries.load import rows
from queries.orphans.condition import verbatim
from queries.steps.compose import Name


class Checksum(NamedTuple):
    """Equal where the rows are equal, with their columns in the same order."""

    rows: int
    checksum: str


def checksums(connection: Connection[Any], known: Catalog) -> dict[str, Checksum]:
    """By table, partitions within theirs; inside a transaction. Reads every row."""
    return {
        table.text: rows(
            connection, "checksums/rows", Checksum, table=verbatim(Name(table.schema, table.name))
        )[0]
        for table in known.roots
    }
