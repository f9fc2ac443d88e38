"""What the Impact screen asks: the preview as a stream, and the rehearsal on a connection that may write."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queries.catalog import Catalog
from queries.errors import Failed, Refused
from queries.impact import Deletion, Impact, Progress, impact, rehearsal
from queries.impact.saved import Noted, Saved, save_rows
from queries.writing import work
from tui.failures import failure, server_errors
from tui.stream import Stream, stream

if TYPE_CHECKING:
    from psycopg import Connection

_NO_PRIVILEGE = "42501"


def previewed(
    connection: Connection[Any], deletion: Deletion, *, catalog: Catalog
) -> Generator[Progress | Impact, None, None]:
    """Numbers as they come in, at last the whole; raises Refused where the role may not read it all."""
    try:
        yield from impact(connection, deletion, catalog=catalog)
    except server_errors() as error:
        if error.sqlstate != _NO_PRIVILEGE:
            raise
        raise Refused(
            f"The server says: {error.diag.message_primary}.",
            means=f"A delete in {deletion.table.text} reaches there: without reading it, nobody can tell.",
            do="Its owner can allow it: GRANT SELECT ON … TO …",
        ) from error


def saving(
    connection: Connection[Any],
    deletion: Deletion,
    *,
    catalog: Catalog,
    folder: Path,
    notes: Sequence[str],
) -> Generator[Saved | Noted, None, None]:
    """The files with their rows, and what may keep those from coming back; raises Failed as files do."""
    try:
        yield from save_rows(connection, deletion, catalog=catalog, folder=folder, notes=notes)
    except OSError as error:
        raise Failed(f"{error.filename or folder}: {error.strerror}.", means="No row was saved.") from error


class Rehearsing:
    """The real DELETE, rolled back; opens nothing before its stream is asked, once a person has confirmed."""

    def __init__(self, conninfo: str, deletion: Deletion, *, catalog: Catalog) -> None:
        self._conninfo = conninfo
        self._deletion = deletion
        self._catalog = catalog
        self._work: Connection[Any] | None = None

    def stream(self) -> Stream[Impact]:
        """One item; raises only PgtetherError."""
        return stream(self._rehearsed, self.stop)

    def stop(self) -> None:
        """Cancel the statement that runs, from any thread."""
        if self._work is not None:
            with suppress(*server_errors()):  # no way to the server: the statement's own end tells
                self._work.cancel_safe(timeout=5)

    def _rehearsed(self) -> Generator[Impact, None, None]:
        try:
            with closing(work(self._conninfo)) as working:
                self._work = working
                yield rehearsal(working, self._deletion, catalog=self._catalog)
        except server_errors() as error:
            raise failure(error, reads=False) from error
