"""The part of the catalog that a plan touches: each step's look at it stays cheap on 10,000 tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, Table, catalog
from queries.definitions import TableDefinition, definitions
from queries.errors import UsageError
from queries.names import columns_name, table_name
from queries.orphans.condition import orphan_condition
from queries.orphans.reference import intended
from queries.steps import Before, RepairOrphans, Step
from queries.steps.compose import text_of
from queries.steps.key_sql import key_in


@dataclass(frozen=True)
class Scope:
    """``oids``: the tables of a plan's steps, their leaves, and the other sides of their keys."""

    oids: tuple[int, ...]

    def catalog(self, connection: Connection[Any]) -> Catalog:
        """As it is now, inside the caller's transaction."""
        return catalog(connection, tables=self.oids or (0,))


def scope(known: Catalog, steps: Iterable[Step]) -> Scope:
    """Of all the steps, in a whole catalog."""
    tables = [table for step in steps for table in subjects(step, known)]
    oids = {leaf.oid for table in tables for leaf in family(known, table)}
    for key in known.foreign_keys:
        if {key.child_oid, key.parent_oid} & {table.oid for table in tables}:
            oids |= {key.child_oid, key.parent_oid}
    return Scope(tuple(sorted(oids)))


def subjects(step: Step, known: Catalog) -> tuple[Table, ...]:
    """The step's tables that are there."""
    found = (known.find(table_name(text)) for text in step.subjects(known))
    return tuple(table for table in found if table is not None)


def missing(step: Step, known: Catalog) -> tuple[str, ...]:
    """The step's tables that aren't there."""
    return tuple(text for text in step.subjects(known) if known.find(table_name(text)) is None)


def family(known: Catalog, table: Table) -> Iterable[Table]:
    """The table and all its partitions: what locks it locks them."""
    yield table
    for part in known.partitions.get(table.oid, ()):
        yield from family(known, part)


def read(connection: Connection[Any], step: Step, known: Catalog) -> dict[str, TableDefinition]:
    """The definitions of the step's tables and their partitions."""
    tables = (member.oid for table in subjects(step, known) for member in family(known, table))
    return definitions(connection, list(dict.fromkeys(tables)))


def before(connection: Connection[Any], step: Step, known: Catalog) -> Before:
    """What the step finds when it starts."""
    orphans = _orphans(connection, step, known) if isinstance(step, RepairOrphans) else ""
    return Before(read(connection, step, known), orphans)


def _orphans(connection: Connection[Any], step: RepairOrphans, known: Catalog) -> str:
    child, parent = columns_name(step.child), columns_name(step.parent)
    try:
        reference = intended(known, child, parent)
    except UsageError:
        return ""  # the step itself then says what it lacks
    key = key_in(known, child, parent)
    if key:
        reference = replace(reference, match_full=key.match_full, period=key.period, operators=key.operators)
    return text_of(orphan_condition(connection, reference))
