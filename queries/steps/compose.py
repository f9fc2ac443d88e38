"""Statements of steps: identifiers quoted only where they must be, so that a script reads well."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql
from psycopg.abc import AdaptContext

from queries.names import ColumnsName, TableName, quoted, table_name


class Name(sql.Composable):
    """An identifier, qualified where a schema is given."""

    def __init__(self, *parts: str) -> None:
        super().__init__(tuple(part for part in parts if part))

    def as_bytes(self, context: AdaptContext | None = None) -> bytes:
        """UTF-8, as every connection of ours speaks."""
        del context
        return ".".join(quoted(part) for part in self._obj).encode()


def table(name: TableName | str) -> Name:
    """A table for a statement, from its name or its text."""
    return Name(*(table_name(name) if isinstance(name, str) else name))


def columns(names: Iterable[str]) -> sql.Composed:
    """``a, "B c"``"""
    return sql.SQL(", ").join(Name(name) for name in names)


def reference(name: ColumnsName) -> sql.Composed:
    """``schema.table (a, b)``"""
    return sql.SQL("{} ({})").format(table(name.table), columns(name.columns))


def words(text: str) -> sql.SQL:
    """SQL of the server's own making (a definition), or a keyword of ours."""
    return sql.SQL(text)  # type: ignore[arg-type, unused-ignore]


def text_of(statement: sql.Composable) -> str:
    """The statement as psql would run it, without the semicolon."""
    return statement.as_string(None)
