"""A first answer from statistics alone, in milliseconds: what share of each table the delete may reach.

Half a table's parents take half of its rows that refer to any: good in total for many rows, poor for few.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, ForeignKey
from queries.connection import expression, typed
from queries.impact.models import Certainty, Deletion, Effect
from queries.impact.reach import Reach
from queries.load import query, rows
from queries.models import OnDelete
from queries.orphans.condition import verbatim
from queries.steps.compose import Name

_CHANGES = {OnDelete.SET_NULL: "set_null", OnDelete.SET_DEFAULT: "set_default"}


def estimate(
    connection: Connection[Any], deletion: Deletion, *, catalog: Catalog, reach: Reach
) -> tuple[Effect, ...]:
    """Effects as the statistics have them; tables that were never analysed are left out.

    Raises BadExpression where the server can't make sense of the condition.
    """
    sizes = {root.oid: root.estimate for root in catalog.roots}
    target = reach.root_of[deletion.table.oid]
    seeds = _planned(connection, deletion)
    keys = [key for key in reach.keys if key.actions_fire and reach.root_of[key.parent_oid] in reach.deleted]
    nulls = dict(zip((key.oid for key in keys), _nulls(connection, catalog, keys), strict=True))
    shares = {target: min(1.0, seeds / max(1.0, sizes.get(target, -1)))}
    found = {target: Effect(catalog.tables[target].text, deleted=seeds, certainty=Certainty.ESTIMATE)}
    for key in _downwards(keys, reach, target):
        share = shares.get(reach.root_of[key.parent_oid], 0) * (1 - nulls[key.oid])
        child = reach.root_of[key.child_oid]
        count = round(share * sizes.get(child, -1))
        if count > 0 and child not in found:
            kind = "deleted" if key.on_delete is OnDelete.CASCADE else _CHANGES.get(key.on_delete)
            shares[child] = share if kind == "deleted" else 0
            if kind is not None:
                found[child] = _effect(catalog.tables[child].text, kind, count, key)
    return tuple(found.values())


def _planned(connection: Connection[Any], deletion: Deletion) -> int:
    """The rows that the planner expects the condition to take."""
    name = verbatim(Name(deletion.table.schema, deletion.table.name))
    chosen = query("impact/chosen", table=name, condition=expression(deletion.where))
    answer = typed(connection, query("impact/plan", statement=chosen)).fetchone()
    return round(answer[0][0]["Plan"]["Plan Rows"]) if answer else 0


def _nulls(connection: Connection[Any], catalog: Catalog, keys: list[ForeignKey]) -> list[float]:
    """The share of each key's rows that refer to nothing, 0 where it isn't known."""
    children = [catalog.tables[key.child_oid] for key in keys]
    wanted = {
        "schemas": [child.schema for child in children],
        "tables": [child.name for child in children],
        "columns": [key.columns[0] for key in keys],
    }
    known: dict[int, float] = dict(rows(connection, "impact/nulls", lambda *row: row, wanted))
    return [known.get(place, 0.0) for place in range(1, len(keys) + 1)]


def _downwards(keys: list[ForeignKey], reach: Reach, target: int) -> Iterator[ForeignKey]:
    """Each key once, those near the target first."""
    rim, left = {target}, list(keys)
    while rim:
        here = [key for key in left if reach.root_of[key.parent_oid] in rim]
        left = [key for key in left if key not in here]
        yield from here
        rim = {reach.root_of[key.child_oid] for key in here if key.on_delete is OnDelete.CASCADE}


def _effect(table: str, kind: str, count: int, key: ForeignKey) -> Effect:
    return Effect(
        table,
        deleted=count if kind == "deleted" else 0,
        set_null=count if kind == "set_null" else 0,
        set_default=count if kind == "set_default" else 0,
        via=(key.name,),
        certainty=Certainty.ESTIMATE,
    )
