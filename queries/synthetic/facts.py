"""What a table asks of a row, read from the catalog: types, checks, bounds, unique values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from psycopg import Connection

from queries.load import rows
from queries.names import quoted


class Shape(NamedTuple):
    """A column's type, down to the base of its domain; ``inner`` is an array's element, a range's subtype."""

    name: str
    type: str  # without its length
    base_type: str  # with its length
    category: str  # pg_type.typcategory
    kind: str  # pg_type.typtype
    modifier: int
    not_null: bool
    identity: str
    generated: str
    expression: str | None  # of its default, or what generates it
    labels: Sequence[str]
    inner_type: str | None
    inner_category: str
    fields: int
    domain_checks: Sequence[str]

    @property
    def default(self) -> str | None:
        """The expression of its default."""
        return None if self.generated else self.expression


class Check(NamedTuple):
    """A CHECK of the table, or the bounds of the partition."""

    name: str
    expression: str


class Unique(NamedTuple):
    """A unique index or exclusion constraint; ``keys`` are expressions over the table's columns."""

    keys: Sequence[str]
    predicate: str | None
    is_exclusion: bool
    nulls_collide: bool


@dataclass(frozen=True)
class Demands:
    """All that a row of one table, or of one leaf of a partitioned table, must satisfy."""

    shapes: dict[str, Shape]
    checks: tuple[Check, ...]
    uniques: tuple[Unique, ...]

    def mentioned(self, expressions: Iterable[str | None]) -> frozenset[str]:
        """The columns that the expressions name; a word too many does no harm."""
        words = {word for text in expressions if text for word in _WORD.findall(_STRING.sub("", text))}
        return frozenset(name for name in self.shapes if quoted(name) in words)

    @cached_property
    def checked(self) -> frozenset[str]:
        """Columns that a check or the partition's bounds look at."""
        return self.mentioned(check.expression for check in self.checks)

    @cached_property
    def fresh(self) -> frozenset[str]:
        """Columns of which a value that is there already may be refused."""
        return self.mentioned(key for unique in self.uniques for key in unique.keys)

    @cached_property
    def collide_as_null(self) -> frozenset[str]:
        """Columns whose nulls count as equal (NULLS NOT DISTINCT, from 15)."""
        return self.mentioned(key for unique in self.uniques if unique.nulls_collide for key in unique.keys)


_WORD = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')
_STRING = re.compile(r"'(?:[^']|'')*'")


def demands(connection: Connection[Any], table: int) -> Demands:
    """What the table of that oid asks of a row."""
    parameters = {"table": table}
    shapes = rows(connection, "synthetic/columns", Shape, parameters)
    return Demands(
        {shape.name: shape for shape in shapes},
        tuple(rows(connection, "synthetic/checks", Check, parameters)),
        tuple(rows(connection, "synthetic/uniques", Unique, parameters)),
    )
