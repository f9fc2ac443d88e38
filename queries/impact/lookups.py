"""The statements that find rows by value, with each key's own operators, types and collations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from psycopg import sql

from queries.impact.schema import Column, Key, Relation, Unique
from queries.load import query
from queries.orphans.condition import source, verbatim
from queries.steps.compose import Name

Item = TypeVar("Item")
Answer = tuple[int, int, str, list[str | None]]

#: Values that one statement is handed.
CHUNK = 10_000


def chunks(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The values in parts that a statement can take."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def children_statement(key: Key) -> sql.Composed:
    """Rows of the child that refer to values of the parent: parameters v0, v1, …, a list of texts each."""
    return _lookup(
        given=_given(key.parent, key.key.ref_columns),
        given_as="p",
        found=key.child,
        found_as="c",
        matches=key.matches,
    )


def parents_statement(key: Key) -> sql.Composed:
    """Rows of the parent that values of the child refer to."""
    return _lookup(
        given=_given(key.child, key.key.columns),
        given_as="c",
        found=key.parent,
        found_as="p",
        matches=key.matches,
    )


def alike_statement(relation: Relation, unique: Unique) -> sql.Composed:
    """Rows that a unique index of built-in types would not have beside the values."""
    pairs = (
        sql.SQL("{} operator(pg_catalog.=) {}").format(identifier("p", name), identifier("c", name))
        for name in unique.columns
    )
    return _lookup(
        given=_given(relation, unique.columns),
        given_as="p",
        found=relation,
        found_as="c",
        matches=sql.SQL(" and ").join(pairs),
    )


def rows_statement(relation: Relation) -> sql.Composed:
    """Rows by where they lie."""
    return query(
        "impact/rows",
        table=verbatim(Name(relation.table.schema, relation.table.name)),
        texts=texts(relation, "c"),
    )


def texts(relation: Relation, *qualifier: str) -> sql.Composed:
    """The columns of the relation's layout as one array of texts."""
    each = (sql.SQL("{}::text").format(identifier(*qualifier, name)) for name in relation.layout)
    return sql.SQL("array[{}]::text[]").format(sql.SQL(", ").join(each))


def _lookup(
    *, given: sql.Composable, given_as: str, found: Relation, found_as: str, matches: sql.Composable
) -> sql.Composed:
    return query(
        "impact/lookup",
        given=given,
        given_as=given_as,
        source=verbatim(source(found.table)),
        found_as=found_as,
        texts=texts(found, found_as),
        matches=matches,
    )


def _given(relation: Relation, columns: Sequence[str]) -> sql.Composed:
    names = [Name(f"v{number}") for number, _ in enumerate(columns)]
    typed = (
        _typed(Name("k", f"v{number}"), relation.columns[name], name) for number, name in enumerate(columns)
    )
    arrays = (
        sql.SQL("pg_catalog.unnest({}::text[])").format(sql.Placeholder(f"v{number}"))
        for number, _ in enumerate(columns)
    )
    return query(
        "impact/given",
        columns=sql.SQL(", ").join(typed),
        arrays=sql.SQL(", ").join(arrays),
        names=sql.SQL(", ").join(names),
    )


def _typed(value: sql.Composable, column: Column, name: str) -> sql.Composed:
    return sql.SQL("{}::{}{} as {}").format(value, column.cast, column.collate, identifier(name))


def identifier(*parts: str) -> sql.SQL:
    """An identifier in a query that runs with parameters."""
    return verbatim(Name(*parts))
