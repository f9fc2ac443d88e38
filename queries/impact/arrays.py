"""Arrays of values that only pass through: out of one answer, into the next statement, never unpacked.

A million keys as Python objects would cost 60 MB and half a second; as the server's own bytes, 12 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection, Cursor
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, PyFormat
from psycopg.pq import Format


@dataclass(frozen=True)
class Passed:
    """An array as the server sent it, in binary, with the oid of its type."""

    oid: int
    data: bytes


class _PassedDumper(Dumper):
    format = Format.BINARY

    def get_key(self, obj: Passed, format: PyFormat) -> Any:
        del format
        return (Passed, obj.oid)

    def upgrade(self, obj: Passed, format: PyFormat) -> Dumper:
        del format
        dumper = _PassedDumper(Passed)
        dumper.oid = obj.oid
        return dumper

    def dump(self, obj: Passed) -> Buffer:
        return obj.data


def passing(connection: Connection[Any]) -> Cursor[Any]:
    """A cursor that takes such arrays as parameters and answers in binary."""
    cursor = connection.cursor(binary=True)
    cursor.adapters.register_dumper(Passed, _PassedDumper)
    return cursor


def passed(cursor: Cursor[Any], column: int) -> Passed | None:
    """The array in that column of the answer's one row; None where no row was gathered."""
    result = cursor.pgresult
    data = result.get_value(0, column) if result else None
    return Passed(result.ftype(column), bytes(data)) if result and data is not None else None


def number(cursor: Cursor[Any], column: int) -> int:
    """The int8 in that column of the answer's one row."""
    result = cursor.pgresult
    data = result.get_value(0, column) if result else None
    return int.from_bytes(data or b"", "big", signed=True)
