"""The statements put together for one row: insert it, look for it, write a value as another type does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, sql

from queries.catalog import Table
from queries.load import query
from queries.synthetic.facts import Shape
from queries.synthetic.search import identifier, text

Row = dict[str, str]  # a column that is null is not in it


def insert(
    connection: Connection[Any],
    table: Table,
    *,
    shapes: Mapping[str, Shape],
    values: Mapping[str, str | None],
) -> Row | None:
    """Insert it and give what the table then holds; none where a trigger or rule silently kept it out."""
    names = list(values)
    composed = query(
        "synthetic/insert",
        relation=relation(table),
        columns=_listed([identifier(name) for name in names]),
        overriding=sql.SQL("overriding system value" if any(shapes[name].identity for name in names) else ""),
        values=sql.SQL("values {}").format(
            _listed([_cast(at, shapes[name]) for at, name in enumerate(names)])
        )
        if names
        else sql.SQL("default values"),
        answers=sql.SQL(", ").join([as_text(name) for name in shapes]),
    )
    found = connection.execute(composed, parameters(values)).fetchone()
    if found is None:
        return None
    return {name: value for name, value in zip(shapes, found, strict=True) if value is not None}


def is_there(
    connection: Connection[Any],
    table: Table,
    *,
    shapes: Mapping[str, Shape],
    values: Mapping[str, str | None],
) -> bool:
    """Whether the table has a row with these values."""
    composed = query("synthetic/exists", relation=relation(table), match=match(shapes, values=values))
    answer = connection.execute(composed, parameters(values)).fetchone()
    return bool(answer and answer[0])


def converted(connection: Connection[Any], value: object, *, through: str, to: str) -> str:
    """The text of the value, read as one type and cast to another."""
    composed = query(
        "synthetic/converted", value=sql.Placeholder("value"), through=text(through), type=text(to)
    )
    answer = connection.execute(composed, {"value": value}).fetchone()
    return str(answer[0]) if answer else ""


def match(shapes: Mapping[str, Shape], *, values: Mapping[str, str | None]) -> sql.Composable:
    """The condition that columns have these values, by the equality of their types; needs ``parameters``."""
    return sql.SQL(" and ").join([_equal(at, shapes[name]) for at, name in enumerate(values)])


def _equal(at: int, shape: Shape) -> sql.Composable:
    """By text where a type has no equality, or one of areas."""
    if shape.category == "G" or shape.base_type in ("json", "xml"):
        return sql.SQL("{} = {}").format(as_text(shape.name), sql.Placeholder(f"v{at}"))
    return sql.SQL("{} = {}").format(identifier(shape.name), _cast(at, shape))


def relation(table: Table) -> sql.Identifier:
    """The table by schema and name."""
    return identifier(table.schema, table.name)


def as_text(name: str) -> sql.Composable:
    """A column as its type's output function writes it."""
    return sql.SQL("({})::text").format(identifier(name))


def _cast(at: int, shape: Shape) -> sql.Composable:
    return sql.SQL("cast({} as {})").format(sql.Placeholder(f"v{at}"), text(shape.type))


def parameters(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """What ``match`` wants bound."""
    return {f"v{at}": value for at, value in enumerate(values.values())}


def _listed(parts: list[sql.Identifier] | list[sql.Composable]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(", ").join(parts)) if parts else sql.SQL("")
