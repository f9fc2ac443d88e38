"""Turn a ``.sql`` file that psql can run into a query that psycopg can run.

=========  ==============================  =======================
in a file  psql replaces it with           psycopg is handed
=========  ==============================  =======================
:'name'    a quoted literal                a bound ``%(name)s``
:"name"    a quoted identifier             ``sql.Identifier``
:name      the text as it stands           a composed part
=========  ==============================  =======================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

from psycopg import Connection, sql
from psycopg.rows import args_row

Row = TypeVar("Row")

_TOKEN = re.compile(
    r"""
      (?P<skip> --[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | (\$\w*\$).*?\2 )
    | :'(?P<value>\w+)'
    | :"(?P<identifier>\w+)"
    | (?<![:\w]) :(?P<part>[a-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


class Piece(NamedTuple):
    """``kind`` is text, value, identifier or part."""

    kind: str
    text: str


@cache
def read(name: str) -> str:
    """The text of ``queries/sql/<name>.sql`` exactly as a DBA sees it."""
    return files("queries").joinpath("sql", *f"{name}.sql".split("/")).read_text("utf-8")


@cache
def pieces(name: str) -> tuple[Piece, ...]:
    """The named file cut at its variables."""
    return tuple(_cut(read(name)))


def _cut(source: str) -> Iterator[Piece]:
    at = 0
    for match in _TOKEN.finditer(source):
        if match["skip"] is not None:
            continue
        yield Piece("text", source[at : match.start()])
        for kind in ("value", "identifier", "part"):
            if match[kind] is not None:
                yield Piece(kind, match[kind])
        at = match.end()
    yield Piece("text", source[at:].rstrip().rstrip(";"))


def query(name: str, **parts: sql.Composable | str) -> sql.Composed:
    """Compose the named file; ``parts`` fill its ``:"name"`` and ``:name`` places, a str being an identifier.

    Always execute the answer with a mapping of parameters (also an empty one): ``%`` is doubled in it.
    """
    return sql.Composed([_composed(piece, parts) for piece in pieces(name)])


def _composed(piece: Piece, parts: Mapping[str, sql.Composable | str]) -> sql.Composable:
    if piece.kind == "text":
        return sql.SQL(piece.text.replace("%", "%%"))
    if piece.kind == "value":
        return sql.Placeholder(piece.text)
    given = parts[piece.text]
    return sql.Identifier(given.replace("%", "%%")) if isinstance(given, str) else given


def rows(
    connection: Connection[Any],
    name: str,
    row: Callable[..., Row],
    parameters: Mapping[str, object] | None = None,
    **parts: sql.Composable | str,
) -> list[Row]:
    """Run the named query in binary and make a ``row`` of each answer's columns, in their order."""
    with connection.cursor(row_factory=args_row(row), binary=True) as cursor:
        return cursor.execute(query(name, **parts), parameters or {}).fetchall()
