"""Ask the catalog whether what a plan wants is so; ``queries.probe`` proves a key by rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, catalog
from queries.connection import expression, typed
from queries.models import Repair
from queries.names import columns_name
from queries.plan import Plan, resolved
from queries.scope import missing
from queries.steps import RepairOrphans, SqlStep, Step
from queries.steps.key_sql import key_in


@dataclass(frozen=True)
class Verified:
    """One step's outcome; ``why`` says what is so instead, or why nothing can be said."""

    step: str
    kind: str
    sentence: str
    proven: bool
    why: str = ""


def verify(connection: Connection[Any], made: Plan) -> tuple[Verified, ...]:
    """Every step of the plan, inside the caller's reading transaction."""
    known = catalog(connection)
    return tuple(_verified(connection, step, known) for step in resolved(made, known).step)


def _verified(connection: Connection[Any], step: Step, known: Catalog) -> Verified:
    absent = missing(step, known)
    if absent:
        is_fine = step.if_missing == "skip"
        return _of(step, is_fine, f"{' and '.join(absent)} does not exist" + ", as it may" * is_fine)
    if isinstance(step, SqlStep):
        return _checked(connection, step)
    if isinstance(step, RepairOrphans) and step.by in (Repair.LEAVE, "undecided"):
        return _of(step, True, "its orphans were left")
    return _of(step, step.is_done(known), "" if step.is_done(known) else _instead(step, known))


def _checked(connection: Connection[Any], step: SqlStep) -> Verified:
    if not step.check:
        return _of(step, False, "it has no check, so nothing can be said")
    answer = typed(connection, expression(step.check)).fetchone()
    is_true = bool(answer and answer[0] is True)
    return _of(step, is_true, "" if is_true else f"its check answers {answer[0] if answer else 'no row'}")


def _instead(step: Step, known: Catalog) -> str:
    child, parent = getattr(step, "child", None), getattr(step, "parent", None)
    key = key_in(known, columns_name(child), columns_name(parent)) if child and parent else None
    if key is None:
        return "the catalog does not show it"
    return f"{key.name} is on delete {key.on_delete}, {'valid' if key.validated else 'not valid'}"


def _of(step: Step, proven: bool, why: str) -> Verified:
    return Verified(step.id, step.kind, step.sentence(), proven, why)
