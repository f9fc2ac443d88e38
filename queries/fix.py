"""The SQL that mends a finding, and the SQL that takes it back, from the definitions as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from queries import scope
from queries.catalog import Catalog, Table
from queries.definitions import definitions
from queries.errors import Refused, UsageError
from queries.findings import Finding
from queries.steps import Before, RepairOrphans, Step
from queries.steps.compose import text_of


class Fix(NamedTuple):
    """Statements in the order in which they run, to be pasted; both empty where a person has to decide."""

    forward: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def fixes(connection: Connection[Any], findings: Sequence[Finding], *, catalog: Catalog) -> tuple[Fix, ...]:
    """One a finding, in their order; inside a transaction.

    Rows are left alone: a repair parks what it takes under a run, so that only a plan can carry it out.
    """
    tables = {table.oid for finding in findings for step in finding.mend for table in _tables(step, catalog)}
    before = Before(definitions(connection, sorted(tables)))
    return tuple(_fix(finding.mend, before) for finding in findings)


def _tables(step: Step, catalog: Catalog) -> list[Table]:
    return [part for table in scope.subjects(step, catalog) for part in scope.family(catalog, table)]


def _fix(mend: Sequence[Step], before: Before) -> Fix:
    """A step that refuses what it finds has no SQL to show, and so the whole finding has none."""
    steps = [step for step in mend if not isinstance(step, RepairOrphans)]
    try:
        forward = [text_of(sql) for step in steps for sql in step.forward(before)]
        back = [text_of(sql) for step in reversed(steps) for sql in step.back(before)]
    except (Refused, UsageError):
        return Fix()
    return Fix(tuple(forward), tuple(back))
