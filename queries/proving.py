"""Prove the keys of a plan by rows, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, ForeignKey, catalog
from queries.names import columns_name
from queries.plan import Plan, resolved
from queries.probe import Proof, probe
from queries.steps import AddKey, ChangeKey, RepairOrphans, Step, ValidateKey
from queries.steps.key_sql import key_in, named_key_in


def proofs(connection: Connection[Any], made: Plan) -> Iterator[Proof]:
    """One for each key of the plan that is there; the connection may write and has no transaction open."""
    with connection.transaction():
        known = catalog(connection)
    for key in plan_keys(made, known):
        yield probe(connection, known, key)


def plan_keys(made: Plan, known: Catalog) -> tuple[ForeignKey, ...]:
    """The keys that the plan makes, changes, validates or repairs, each once, where they are there."""
    found = (_key(step, known) for step in resolved(made, known).step)
    return tuple({key.oid: key for key in found if key is not None}.values())


def _key(step: Step, known: Catalog) -> ForeignKey | None:
    if isinstance(step, AddKey | RepairOrphans):
        return key_in(known, columns_name(step.child), columns_name(step.parent))
    if isinstance(step, ChangeKey | ValidateKey):
        return named_key_in(known, step.table, step.name)
    return None
