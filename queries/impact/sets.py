"""The statements of the closure: rows that keys lead to, as sets, with what comes next needs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Cursor, sql

from queries.impact.arrays import Passed, number, passed
from queries.impact.lookups import identifier
from queries.impact.schema import Key, Relation
from queries.load import query
from queries.orphans.condition import source, verbatim

#: Values that = any (array) may have before PostgreSQL 14 without an index to make it quick.
_SHORT = 2_000

Parameters = dict[str, Passed]


@dataclass
class Taken:
    """Rows of a table: how many, their columns that keys refer to, and where they lie, as arrays."""

    rows: int
    columns: dict[str, Passed]
    oids: Passed | None = None
    tids: Passed | None = None
    keys: int = 0  # bits of the keys that led there


class Branch(NamedTuple):
    """A way along a key, from rows of its parent; ``number`` is the key's bit, 0 to 62."""

    key: Key
    parents: Taken
    number: int


class Statement(NamedTuple):
    """What to run, and the arrays that it needs."""

    text: sql.Composed
    parameters: Parameters


def taken(
    branches: Sequence[Branch],
    *,
    columns: Sequence[str],
    located: bool,
    beside: Sequence[Taken] = (),
    is_modern: bool = True,
) -> Statement:
    """Count the rows that the branches lead to, but for those ``beside``; gather columns and places."""
    parameters: Parameters = {}
    parts = [
        _branch(branch, place, columns, parameters, is_modern=is_modern)
        for place, branch in enumerate(branches)
    ]
    lines: sql.Composed = sql.SQL(" union all ").join(parts)
    if len(parts) > 1:
        numbered = sql.SQL("").join(_also("u", number) for number, _ in enumerate(columns))
        lines = query("impact/merged", columns=numbered, branches=lines)
    gathered = sql.SQL("").join(
        sql.SQL(", pg_catalog.array_agg(t.{}) as {}").format(_column(number), _column(number))
        for number, _ in enumerate(columns)
    )
    if located:
        gathered += sql.SQL(
            ", pg_catalog.array_agg(t.tableoid) as oids, pg_catalog.array_agg(t.ctid) as tids"
        )
    kept = [_absent(other, number, parameters) for number, other in enumerate(beside) if other.rows]
    text = query(
        "impact/taken",
        collected=gathered,
        rows=lines,
        kept=sql.SQL(" and ").join(kept) if kept else sql.SQL("true"),
    )
    return Statement(text, parameters)


def seeded(table: Relation, condition: sql.Composable, *, columns: Sequence[str]) -> sql.Composed:
    """The same for the rows of the statement itself, whose condition sees the table under its own name."""
    own = identifier(table.table.schema, table.table.name)
    gathered = sql.SQL("").join(
        sql.SQL(", pg_catalog.array_agg({}.{}) as {}").format(own, identifier(column), _column(number))
        for number, column in enumerate(columns)
    )
    return query("impact/seeded", table=own, collected=gathered, condition=condition)


def read(cursor: Cursor[Any], columns: Sequence[str], *, located: bool) -> Taken:
    """The answer of either, which nobody has fetched yet."""
    arrays = [passed(cursor, 2 + place) for place, _ in enumerate(columns)]
    after = 2 + len(columns)
    return Taken(
        rows=number(cursor, 0),
        columns={name: array for name, array in zip(columns, arrays, strict=True) if array},
        oids=passed(cursor, after) if located else None,
        tids=passed(cursor, after + 1) if located else None,
        keys=number(cursor, 1),
    )


def _branch(
    branch: Branch, at: int, columns: Sequence[str], parameters: Parameters, *, is_modern: bool
) -> sql.Composed:
    key = branch.key
    also = sql.SQL("").join(
        sql.SQL(", c.{} as {}").format(identifier(column), _column(number))
        for number, column in enumerate(columns)
    )
    is_short = is_modern or branch.parents.rows <= _SHORT
    given = _names(branch, at, parameters)
    return query(
        "impact/branch",
        number=sql.Literal(branch.number),
        columns=also,
        source=verbatim(source(key.child.table)),
        refers=_one_of(key.one_of, given[0]) if key.one_of and is_short else _among(key, given),
    )


def _names(branch: Branch, at: int, parameters: Parameters) -> list[sql.Placeholder]:
    """Note the arrays of the parents' columns that the key refers to."""
    found = []
    for place, ref in enumerate(branch.key.key.ref_columns):
        found.append(sql.Placeholder("_".join(["b", str(at), str(place)])))
        parameters["_".join(["b", str(at), str(place)])] = branch.parents.columns[ref]
    return found


def _one_of(around: tuple[sql.Composable, sql.Composable], array: sql.Composable) -> sql.Composed:
    return sql.Composed([around[0], array, around[1]])


def _among(key: Key, arrays: Sequence[sql.Composable]) -> sql.Composed:
    """For keys of several columns, and long arrays before 14, which compares them value by value."""
    columns = (
        sql.SQL("k.{}{} as {}").format(_value(place), key.parent.columns[ref].collate, identifier(ref))
        for place, ref in enumerate(key.key.ref_columns)
    )
    given = query(
        "impact/passed",
        columns=sql.SQL(", ").join(columns),
        arrays=sql.SQL(", ").join(sql.SQL("pg_catalog.unnest({})").format(array) for array in arrays),
        names=sql.SQL(", ").join(_value(place) for place, _ in enumerate(arrays)),
    )
    return sql.SQL("exists (select from ({}) as p where {})").format(given, key.matches)


def _absent(other: Taken, number: int, parameters: Parameters) -> sql.Composed:
    assert other.oids is not None
    assert other.tids is not None
    parameters[f"oids{number}"], parameters[f"tids{number}"] = other.oids, other.tids
    return sql.SQL(
        "not exists (select from rows from (pg_catalog.unnest({}), pg_catalog.unnest({})) as s (oid, tid)"
        " where s.oid = t.tableoid and s.tid = t.ctid)"
    ).format(sql.Placeholder(f"oids{number}"), sql.Placeholder(f"tids{number}"))


def _also(alias: str, number: int) -> sql.Composed:
    return sql.SQL(", {}.{}").format(sql.SQL(alias), _column(number))  # type: ignore[arg-type, unused-ignore]


def _column(number: int) -> sql.Identifier:
    return sql.Identifier(f"r{number}")


def _value(number: int) -> sql.Identifier:
    return sql.Identifier(f"v{number}")
