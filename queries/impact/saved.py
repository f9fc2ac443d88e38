"""The undo kit of a DELETE: the rows that it would take or change, and a script that puts them back."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from psycopg import Connection, sql

from queries.catalog import Catalog, Table
from queries.connection import reading
from queries.errors import UsageError
from queries.impact.models import Deletion
from queries.impact.restore import Part, cautions, script
from queries.impact.touched import Place, Touched, touched
from queries.load import query
from queries.orphans.condition import verbatim
from queries.steps.compose import Name

#: Rows that one COPY is asked for.
_CHUNK = 10_000
SCRIPT = "restore.sql"


class Saved(NamedTuple):
    """On the way: the file that is being written, and its rows so far."""

    file: str
    rows: int


class Noted(NamedTuple):
    """Something that may keep rows from coming back; it stands in the script, too."""

    text: str


def demand_empty(folder: Path) -> None:
    """Raise UsageError where a kit can't be put, before anything is connected to."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no directory.", means="Nothing was saved.")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty.", means="Nothing was saved.", do="Name a new directory.")


def save_rows(
    connection: Connection[Any],
    deletion: Deletion,
    *,
    catalog: Catalog,
    folder: Path,
    notes: Sequence[str] = (),
) -> Generator[Saved | Noted, None, None]:
    """Write the kit, row by row; the script comes last, so that a kit with a script is whole.

    Joins an open transaction, on whose snapshot the rows are read. Values are exact and not masked: only the
    owner may read the files. ``notes`` go into the script's head. What was written is removed again where
    it can't be finished. Raises UsageError where the folder isn't empty, Refused, BadExpression, OSError.
    """
    demand_empty(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kit = _Kit(connection, catalog, folder)
    try:
        with reading(connection), connection.transaction(force_rollback=True):
            area = touched(connection, deletion, catalog=catalog)
            connection.execute(query("impact/exact"), {})
            for each in area.tables:
                yield from kit.save(each, each.deleted(), "deleted")
                yield from kit.save(each, each.changed(), "changed", sets=each.columns, key=each.key)
        own = tuple(cautions(area.schema, kit.parts))
        yield from map(Noted, own)
        place = str(folder.resolve())
        text = script(deletion, kit.parts, schema=area.schema, notes=(*notes, *own), folder=place)
        with kit.opened(SCRIPT) as file:
            file.write(text.encode())
    except BaseException:
        kit.remove()
        raise


class _Kit:
    """The files so far."""

    def __init__(self, connection: Connection[Any], catalog: Catalog, folder: Path) -> None:
        self.connection = connection
        self.catalog = catalog
        self.folder = folder
        self.parts: list[Part] = []
        self._written: list[Path] = []

    def save(
        self,
        own: Touched,
        places: Iterator[Place],
        what: str,
        *,
        sets: tuple[str, ...] = (),
        key: tuple[str, ...] = (),
    ) -> Iterator[Saved]:
        """One file, unless there are no rows."""
        number = len(self.parts) + 1
        file = _file_name(number, own.table, what)
        part = Part(number, file, own.table, 0, _stored(self.catalog, own.table), sets, key)
        first = next(places, None)
        if first is None:
            return
        rows = 0
        with self.opened(file) as opened:
            for leaf, chunk in _chunks(chain([first], places)):
                rows += self._copy(self.catalog.tables[leaf], part, chunk, opened)
                yield Saved(file, rows)
        self.parts.append(replace(part, rows=rows))

    def opened(self, name: str) -> IO[bytes]:
        """A new file that its owner alone may read."""
        path = self.folder / name
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._written.append(path)
        return os.fdopen(made, "wb")

    def remove(self) -> None:
        """Half a kit helps nobody."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def _copy(self, leaf: Table, part: Part, chunk: Sequence[Place], file: IO[bytes]) -> int:
        became = ["a" + str(number) for number, _ in enumerate(part.after, 1)]
        arrays = [sql.SQL("pg_catalog.unnest({}::tid[])").format(sql.Placeholder("place"))]
        arrays += [sql.SQL("pg_catalog.unnest({}::text[])").format(sql.Placeholder(name)) for name in became]
        own = [verbatim(Name("c", name)) for name in part.stored]
        statement = query(
            "impact/saved",
            columns=sql.SQL(", ").join([*own, *(Name("k", name) for name in became)]),
            arrays=sql.SQL(", ").join(arrays),
            names=sql.SQL(", ").join(Name(name) for name in ("place", *became)),
            table=verbatim(Name(leaf.schema, leaf.name)),
        )
        values: dict[str, object] = {"place": [place.tid for place in chunk]}
        values |= {name: [place.after[at] for place in chunk] for at, name in enumerate(became)}
        with self.connection.cursor() as cursor:
            with cursor.copy(statement, values) as copy:
                for data in copy:
                    file.write(data)
            return cursor.rowcount


def _chunks(places: Iterable[Place]) -> Iterator[tuple[int, list[Place]]]:
    """By table or partition, as many as one statement takes."""
    waiting: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        waiting[place.leaf].append(place)
        if len(waiting[place.leaf]) == _CHUNK:
            yield place.leaf, waiting.pop(place.leaf)
    yield from waiting.items()


def _stored(catalog: Catalog, table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in catalog.columns.get(table.oid, ()) if not column.generated)


def _file_name(number: int, table: Table, what: str) -> str:
    """Plain on every system, and told apart by its number."""
    name = re.sub(r"[^A-Za-z0-9_.]+", "_", table.text)[:80]
    return f"{number:03}-{name}.{what}.copy"
