"""What a plan of given steps stands on: the orphans in its way, and what its tables are now."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, catalog
from queries.connection import reading
from queries.orphans import OrphanCount, Progress
from queries.plan_of_policy import counted, touched
from queries.planning import references
from queries.steps import Step


@dataclass(frozen=True)
class Groundwork:
    """What ``queries.planning.planned`` asks for, by step id and by table."""

    counts: Mapping[str, OrphanCount]
    fingerprint: Mapping[str, str]
    catalog: Catalog
    server_version: int


def groundwork(
    connection: Connection[Any], steps: Sequence[Step]
) -> Generator[Progress | Groundwork, None, None]:
    """A Progress before each key whose orphans are counted, the Groundwork at the end."""
    with reading(connection):
        known = catalog(connection)
        fingerprint = touched(connection, tuple(steps), known)
    counts = yield from counted(connection, references(steps, known))
    yield Groundwork(counts, fingerprint, known, connection.info.server_version)
