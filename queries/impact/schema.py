"""What a row's fate depends on, in the words of the server's own catalog: triggers, columns, constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from psycopg import sql

from queries.catalog import ForeignKey, Table
from queries.impact.reach import Reach
from queries.impact.values import Normal
from queries.orphans.condition import verbatim
from queries.steps.compose import Name

Values = tuple[str | None, ...]


class Trigger(NamedTuple):
    """``action`` is cascade, setnull, setdefault, restrict, noaction, check, recheck, or user."""

    name: str
    action: str
    on_insert: bool
    on_delete: bool
    on_update: bool
    by_row: bool
    deferred: bool
    key: int  # oid of the key as declared


class Column(NamedTuple):
    """A column as ``impact/columns.sql`` gives it."""

    name: str
    type_schema: str
    type: str
    collation_schema: str | None
    collation: str | None
    is_deterministic: bool
    not_null: bool
    identity: str
    generated: str
    default: str | None
    is_volatile: bool  # the default calls something that gives another value every time
    is_domain: bool

    @property
    def cast(self) -> sql.Composable:
        """Its type without a length, which would cut what is cast."""
        return verbatim(Name(self.type_schema, self.type))

    @property
    def collate(self) -> sql.Composable:
        """Its collation, outright, so that a value out of a text compares as one of the column does."""
        if self.collation is None:
            return sql.SQL("")
        return sql.SQL(" collate {}").format(verbatim(Name(self.collation_schema or "", self.collation)))


class Check(NamedTuple):
    """A CHECK constraint, or without a name the bounds of a partition."""

    name: str | None
    expression: str
    validated: bool


class Unique(NamedTuple):
    """A unique or exclusion index; one that isn't plain has a predicate, expressions, or is checked later."""

    oid: int
    name: str
    columns: tuple[str, ...]
    is_plain: bool
    depends: tuple[str, ...]  # every column that it looks at, its expressions and predicate too


class Rule(NamedTuple):
    """A rewrite rule."""

    name: str
    on_delete: bool


@dataclass(frozen=True)
class Relation:
    """A table or partition that rows lie in, or that a statement may name."""

    table: Table
    root: Table
    columns: Mapping[str, Column]
    layout: tuple[str, ...]  # the columns that are read of every row, the same in a whole family
    triggers: tuple[Trigger, ...]
    checks: tuple[Check, ...]
    uniques: tuple[Unique, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def name(self) -> str:
        """What effects and blockers name: the declared table, never a partition."""
        return self.root.text

    def places(self, columns: tuple[str, ...]) -> tuple[int, ...]:
        """Where these columns stand in a row's values."""
        return tuple(self.layout.index(column) for column in columns)


@dataclass(frozen=True)
class Key:
    """A foreign key with what it takes to follow it: places in the rows' values, and comparisons."""

    key: ForeignKey
    child: Relation
    parent: Relation
    places: tuple[int, ...]
    ref_places: tuple[int, ...]
    set_places: tuple[int, ...]
    matches: sql.Composable  # p.ref = c.column, and so on
    normals: tuple[Normal | None, ...]
    one_of: tuple[sql.Composable, sql.Composable] | None  # around an array of values; None: no such form

    def normal(self, values: tuple[str, ...]) -> tuple[str, ...] | None:
        """The texts that equal keys share, None where the server alone can tell."""
        if None in self.normals:
            return None
        return tuple(normal(value) for normal, value in zip(self.normals, values, strict=True) if normal)


@dataclass(frozen=True)
class Schema:
    """All of it, by oid."""

    reach: Reach
    relations: Mapping[int, Relation]
    keys: Mapping[int, Key]
    version: int  # of the server: 150018

    def leaves(self, relation: Relation) -> tuple[Relation, ...]:
        """Where the rows of a table lie: itself, or the leaves of its whole family."""
        if relation.root.kind != "p":
            return (relation,)
        members = self.reach.families[relation.root.oid].members
        return tuple(self.relations[member.oid] for member in members if member.kind != "p")

    def is_below(self, relation: Relation, ancestor: Relation) -> bool:
        """Whether it is that table or a partition of it, at any depth."""
        at = relation
        while at is not ancestor and at.table.partition_of in self.relations:
            at = self.relations[at.table.partition_of]
        return at is ancestor
