"""Names of tables and keys as text, without a server (the server's own ``quote_ident`` gives the same).

``public.orders(customer_id) -> public.customers(id)`` is the one text of a key everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from queries.errors import UsageError
from queries.keywords import QUOTED_KEYWORDS

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
_PART = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_TABLE = re.compile(rf"\s*(?:({_PART})\s*\.\s*)?({_PART})\s*\Z")
_COLUMNS = re.compile(rf"\s*((?:{_PART}\s*\.\s*)?{_PART})\s*\(\s*({_PART}(?:\s*,\s*{_PART})*)\s*\)\s*\Z")
_COLUMN = re.compile(rf"\s*((?:{_PART}\s*\.\s*)?{_PART})\s*\.\s*({_PART})\s*\Z")


class TableName(NamedTuple):
    """A table by raw name; ``schema`` is empty where the search path decides."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}" if self.schema else quoted(self.name)


class ColumnsName(NamedTuple):
    """A table with columns in key order, all raw: ``orders(customer_id)``."""

    table: TableName
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}({', '.join(quoted(column) for column in self.columns)})"


class KeyName(NamedTuple):
    """The identity of a foreign key: child, columns, parent, parent columns."""

    child: ColumnsName
    parent: ColumnsName

    def __str__(self) -> str:
        return f"{self.child} -> {self.parent}"


@lru_cache(maxsize=1 << 16)
def quoted(name: str) -> str:
    """The name as SQL needs it, quoted only where it must be (``quote_ident``)."""
    if _PLAIN.match(name) and name not in QUOTED_KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def raw(part: str) -> str:
    """A part as SQL reads it: unquoted is folded to lower case (ASCII only, as PostgreSQL does in UTF-8)."""
    if part.startswith('"'):
        return part[1:-1].replace('""', '"')
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in part)


def table_name(text: str) -> TableName:
    """``schema.table`` or ``table`` as SQL would write it; raises UsageError."""
    match = _TABLE.match(text)
    if match is None:
        raise UsageError(f"{text!r} is not a table's name as SQL writes it, such as public.orders.")
    return TableName(raw(match[1]) if match[1] else "", raw(match[2]))


def columns_name(text: str) -> ColumnsName:
    """``table(column, …)``; raises UsageError."""
    match = _COLUMNS.match(text)
    if match is None:
        raise UsageError(f"{text!r} is not a table with columns, such as orders(customer_id).")
    return ColumnsName(table_name(match[1]), tuple(raw(part) for part in re.findall(_PART, match[2])))


def column_name(text: str) -> ColumnsName:
    """``table.column`` or ``schema.table.column``, as a table with one column; raises UsageError."""
    match = _COLUMN.match(text)
    if match is None:
        raise UsageError(f"{text!r} is not a column's name, such as session_notes.client_id.")
    return ColumnsName(table_name(match[1]), (raw(match[2]),))


def key_name(text: str) -> KeyName:
    """``child(columns) -> parent(columns)``; raises UsageError."""
    child, arrow, parent = text.partition("->")
    if not arrow:
        raise UsageError(f"{text!r} is not a key, such as orders(customer_id) -> customers(id).")
    return KeyName(columns_name(child), columns_name(parent))


def column_list(columns: Sequence[str]) -> str:
    """``a, "B c"``: raw names as SQL needs them."""
    return ", ".join(quoted(column) for column in columns)
