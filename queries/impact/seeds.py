"""The rows that the statement itself deletes: the only place where what a person typed is run."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from queries.connection import expression, typed
from queries.impact.lookups import texts
from queries.impact.models import Deletion
from queries.impact.schema import Relation
from queries.load import query
from queries.orphans.condition import verbatim
from queries.steps.compose import Name

Seed = tuple[int, str, list[str | None]]


def seeds(connection: Connection[Any], deletion: Deletion, target: Relation) -> list[Seed]:
    """Table, place and values of each, in the order of the scan, which is most likely the DELETE's own too.

    The condition sees the table under its own name alone, as in DELETE FROM. Raises BadExpression.
    """
    name = Name(target.table.schema, target.table.name)
    statement = query(
        "impact/seeds",
        table=verbatim(name),
        texts=texts(target, target.table.schema, target.table.name),
        condition=expression(deletion.where),
    )
    return typed(connection, statement).fetchall()
