"""The sample systems: databases as they stood before their migration, with every fault planted on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection, errors

from queries import load as files
from queries.errors import Refused, UsageError
from queries.names import TableName

SCALES = range(1, 10_001)
_HERE = Path(__file__).parent
_NO_PLACE = (errors.InsufficientPrivilege, errors.InvalidSchemaName, errors.ReadOnlySqlTransaction)

#: Every sample system there is, by name.
SYSTEMS: tuple[str, ...] = tuple(sorted(path.parent.name for path in _HERE.glob("*/schema.sql")))


@dataclass(frozen=True)
class System:
    """The files of one sample system."""

    name: str

    @property
    def schema(self) -> Path:
        """Tables as they stood before the migration."""
        return _HERE / self.name / "schema.sql"

    @property
    def rows(self) -> Path:
        """About 5,000 deterministic rows for each unit of psql's ``:scale``."""
        return _HERE / self.name / "rows.sql"

    @property
    def faults(self) -> Path:
        """What is wrong with it: findings, orphans and the steps that a plan needs besides."""
        return _HERE / self.name / "faults.toml"

    @property
    def policy(self) -> Path:
        """The rules that its owners want."""
        return _HERE / self.name / "policy.toml"

    @property
    def migration(self) -> Path:
        """The script of the document that the system comes from; fails while there are orphans."""
        return _HERE / self.name / "migration.sql"

    @property
    def sentence(self) -> str:
        """What it is, in one sentence."""
        return self.schema.read_text("utf-8").partition("\n")[0].removeprefix("--").strip()


def system(name: str) -> System:
    """The sample system of that name; raises UsageError."""
    if name not in SYSTEMS:
        raise UsageError(f"There is no sample system {name!r}.", do=f"There are: {', '.join(SYSTEMS)}.")
    return System(name)


def contents(connection: Connection[Any]) -> tuple[str, ...]:
    """What people have made in this database, such as ``table public.orders``; empty where nothing is."""
    return tuple(files.rows(connection, "systems/contents", _object))


def _object(kind: str, schema: str, name: str) -> str:
    return f"{kind} {TableName(schema, name)}"


def load(connection: Connection[Any], system: System, *, scale: int = 1) -> None:
    """Put the system into an empty database, in one transaction; raises Refused and UsageError."""
    if scale not in SCALES:
        raise UsageError(f"The scale is a whole number from {SCALES[0]} to {SCALES[-1]}, not {scale}.")
    with connection.transaction():
        _refuse_unless_empty(connection)
        try:
            connection.execute(system.schema.read_bytes())
            connection.execute(_scaled(system.rows.read_bytes(), scale))
        except _NO_PLACE as error:
            raise Refused(
                f"{system.name} can't be loaded here: {error.diag.message_primary}.",
                means="Nothing was made.",
                do="It takes a writable database with a schema public in which this role may create.",
            ) from error


def _refuse_unless_empty(connection: Connection[Any]) -> None:
    found = contents(connection)
    if not found:
        return
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    raise Refused(
        f"Database {connection.info.dbname} is not empty: {', '.join(found[:5])}{more}.",
        means="Nothing was loaded.",
        do="Name an empty database: createdb makes one.",
    )


def _scaled(script: bytes, scale: int) -> bytes:
    """As psql does it with ``-v scale=…``."""
    return re.sub(rb"(?<!:):scale\b", str(scale).encode(), script)
