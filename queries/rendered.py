"""A plan's steps as they would run now: statements forward and back, and the locks that they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from queries import scope
from queries.catalog import Catalog, catalog
from queries.errors import Refused, UsageError
from queries.models import Repair
from queries.names import columns_name
from queries.plan import Plan, resolved
from queries.steps import Before, Lock, RepairOrphans, Step, ValidateKey
from queries.steps.compose import text_of
from queries.steps.key_sql import key_in, named_key_in


@dataclass(frozen=True)
class Rendered:
    """A step; ``forward`` and ``back`` are None where they depend on what is made when the plan runs."""

    step: Step
    forward: tuple[str, ...] | None
    back: tuple[str, ...] | None
    locks: tuple[Lock, ...]


def rendered(connection: Connection[Any], made: Plan) -> tuple[Rendered, ...]:
    """Every step of the plan, inside the caller's transaction."""
    known = catalog(connection)
    return tuple(_rendered(connection, step, known) for step in resolved(made, known).step)


def _rendered(connection: Connection[Any], step: Step, known: Catalog) -> Rendered:
    if isinstance(step, RepairOrphans) and step.by is Repair.STUB:
        return Rendered(step, None, None, step.locks(known))  # which parents are made up shows when it runs
    before = scope.before(connection, step, known)
    return Rendered(
        step,
        _texts(step.forward, before),
        _texts(step.back, before) if _has_its_key(step, known) else None,
        step.locks(known),
    )


def _texts(render: Callable[[Before], Sequence[sql.Composable]], before: Before) -> tuple[str, ...] | None:
    try:
        return tuple(text_of(statement) for statement in render(before))
    except (Refused, UsageError):
        return None


def _has_its_key(step: Step, known: Catalog) -> bool:
    """Whether the key is there that the way back of a repair or a validation makes again."""
    if isinstance(step, ValidateKey):
        return named_key_in(known, step.table, step.name) is not None
    if isinstance(step, RepairOrphans):
        return key_in(known, columns_name(step.child), columns_name(step.parent)) is not None
    return True
