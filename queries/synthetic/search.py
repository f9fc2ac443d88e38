"""Ask the server which of the candidate values go together: it alone knows what its expressions mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, errors, sql

from queries.load import query, rows
from queries.synthetic.facts import Demands, Shape

#: What the server says of a value or a row; a lock, a timeout or a lost connection is another matter.
REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.InternalError,
    psycopg.NotSupportedError,
    psycopg.ProgrammingError,
    errors.RaiseException,
)
_MOST_COMBINATIONS = 3000


class Rule(NamedTuple):
    """A condition on columns, as SQL over a row of the search."""

    columns: frozenset[str]
    condition: sql.Composable
    is_bound: bool = False


def text(expression: str) -> sql.SQL:
    """An expression or type as the server wrote it; ``%`` doubled, since parameters are always bound."""
    return sql.SQL(expression.replace("%", "%%"))


def identifier(*names: str) -> sql.Identifier:
    """A name, or a name in a schema; ``%`` doubled as in ``text``."""
    return sql.Identifier(*(name.replace("%", "%%") for name in names))


def castable(
    connection: Connection[Any], shape: Shape, texts: Sequence[str], *, fits: str | None = None
) -> list[str]:
    """Those of the texts that are values of the type, halves apart where one fails."""
    try:
        with connection.transaction():
            return _cast(connection, shape, texts, fits)
    except REFUSALS:
        if len(texts) < 2:
            return []
        middle = len(texts) // 2
        halves = (texts[:middle], texts[middle:])
        return [found for half in halves for found in castable(connection, shape, half, fits=fits)]


def _cast(connection: Connection[Any], shape: Shape, texts: Sequence[str], fits: str | None) -> list[str]:
    own = text(shape.base_type)
    passes: list[sql.Composable] = [
        sql.SQL("({}) is not false").format(text(check)) for check in shape.domain_checks
    ]
    if fits is not None:
        both_ways = sql.SQL("cast(cast(s.value as {}) as {})::text = s.value::text")
        passes.append(both_ways.format(text(fits), own))
    condition = sql.SQL(" and ").join([*passes, sql.SQL("s.value is distinct from null")])
    parameters = {"candidates": list(texts)}
    return rows(connection, "synthetic/castable", str, parameters, type=own, passes=condition)


def rules(demands: Demands, *, relation: sql.Identifier) -> list[Rule]:
    """The checks, the bounds and the unique indexes of a table; exclusions show at the insert."""
    found = []
    for check in demands.checks:
        condition = sql.SQL("({}) is not false").format(text(check.expression))
        found.append(Rule(demands.mentioned([check.expression]), condition, check.name == "partition bounds"))
    for unique in demands.uniques:
        if not unique.is_exclusion:
            condition_ = _not_taken(unique.keys, unique.predicate, relation)
            found.append(Rule(demands.mentioned(unique.keys), condition_))
    return found


def _not_taken(keys: Sequence[str], predicate: str | None, relation: sql.Identifier) -> sql.Composed:
    """A scalar subquery, as a ``not exists`` may be planned as a join that reads the whole table."""
    names = [identifier(f"pgtether k{at}") for at in range(len(keys))]
    pairs = list(zip(keys, names, strict=True))
    taken = query(
        "synthetic/taken",
        keys=sql.SQL(", ").join([sql.SQL("({}) as {}").format(text(key), name) for key, name in pairs]),
        relation=relation,
        predicate=text(predicate or "true"),
        equal=sql.SQL(" and ").join([sql.SQL("x.{} = ({})").format(name, text(key)) for key, name in pairs]),
    )
    return sql.SQL("({}\n) is null").format(taken)


def combination(
    connection: Connection[Any],
    demands: Demands,
    *,
    table: str,
    options: Mapping[str, Sequence[str | None]],
    linked: Mapping[str, str],
    conditions: Iterable[sql.Composable],
) -> dict[str, str | None] | None:
    """The first combination of the options that meets the conditions; none: none does, or they fail.

    ``linked`` columns take the value of another column of the same row.
    """
    lists = _trimmed(options)
    names = [*lists, *linked]
    composed = query(
        "synthetic/search",
        answers=_joined([sql.SQL("({})::text").format(identifier(name)) for name in names]),
        columns=_joined(
            [_cast_as(identifier(f"c{at}", "v"), demands.shapes[name]) for at, name in enumerate(lists)]
        ),
        cost=sql.SQL(" + ").join([identifier(f"c{at}", "n") for at in range(len(lists))]),
        candidates=sql.SQL(" cross join ").join([_listed(at) for at in range(len(lists))]),
        linked=_added(
            [_cast_as(identifier(source), demands.shapes[name]) for name, source in linked.items()]
        ),
        generated=_added(_generated(demands, available=frozenset(names))),
        table=identifier(table),
        passes=sql.SQL(" and ").join(list(conditions)),
    )
    parameters = {f"p{at}": list(values) for at, values in enumerate(lists.values())}
    try:
        with connection.transaction():
            found = connection.execute(composed, parameters).fetchone()
    except REFUSALS:
        return None
    return dict(zip(names, found, strict=True)) if found else None


def _trimmed(options: Mapping[str, Sequence[str | None]]) -> dict[str, Sequence[str | None]]:
    """The longest lists cut until the combinations are few enough."""
    lists = dict(options)
    while _product(lists) > _MOST_COMBINATIONS:
        longest = max(lists, key=lambda name: len(lists[name]))
        lists[longest] = lists[longest][: len(lists[longest]) * 3 // 4]
    return lists


def _product(lists: Mapping[str, Sequence[str | None]]) -> int:
    product = 1
    for values in lists.values():
        product *= len(values)
    return product


def _generated(demands: Demands, *, available: frozenset[str]) -> list[sql.Composable]:
    shapes = (shape for shape in demands.shapes.values() if shape.generated and shape.expression)
    return [
        _cast_as(sql.SQL("({})").format(text(shape.expression or "")), shape)
        for shape in shapes
        if demands.mentioned([shape.expression]) <= available
    ]


def _cast_as(value: sql.Composable, shape: Shape) -> sql.Composable:
    return sql.SQL("cast({} as {}) as {}").format(value, text(shape.type), identifier(shape.name))


def _listed(at: int) -> sql.Composable:
    listed = "pg_catalog.unnest({}::text[]) with ordinality as {} (v, n)"
    return sql.SQL(listed).format(sql.Placeholder(f"p{at}"), identifier(f"c{at}"))


def _joined(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)


def _added(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL("").join([sql.SQL(", {}").format(part) for part in parts])
