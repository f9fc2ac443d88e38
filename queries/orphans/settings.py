"""How the server is to count: exactly or not at all, with the plan that its tables are fit for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from psycopg import Connection, errors, sql

from queries.catalog import Table
from queries.load import query
from queries.orphans.reference import Reference

#: Share of a table's pages that must be all-visible: below, an index-only scan reads the table at random.
FRESH = 0.9

#: How many times larger than the child a parent must be before looking each child up can be the better plan.
FAR_LARGER = 20


class OutOfTime(Exception):
    """A statement ran into its time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Tell the end of the time limit (0: none) from a person's cancel: both are SQLSTATE 57014."""
    began = monotonic()
    try:
        yield
    except errors.QueryCanceled as error:
        if 0 < seconds <= monotonic() - began:
            raise OutOfTime(seconds) from error
        raise


def prepare(connection: Connection[Any], reference: Reference, *, timeout: float | None) -> float:
    """Set up the open transaction; gives a statement's seconds (0: no limit), else the session's own."""
    parameters = {
        "nested_loops": "on" if _is_far_larger(reference.parent, reference.child) else "off",
        "timeout": None if timeout is None else str(max(1, round(timeout * 1000))),
    }
    row = connection.execute(query("orphans/settings"), parameters, prepare=False).fetchone()
    return float(row[-1]) if row else 0.0


def choose_joins(connection: Connection[Any], reference: Reference, statement: sql.Composable) -> None:
    """Forbid hash joins where two fresh indexes can be read side by side, in less than half the time."""
    if not (_is_fresh(reference.child) and _is_fresh(reference.parent)):
        return
    _allow_hash_joins(connection, "off")
    row = connection.execute(query("orphans/plan", statement=statement), {}, prepare=False).fetchone()
    if not (row and _merges_indexes(row[0][0]["Plan"])):
        _allow_hash_joins(connection, "on")


def _allow_hash_joins(connection: Connection[Any], allowed: str) -> None:
    connection.execute(query("orphans/hash_joins"), {"allowed": allowed}, prepare=False)


def _merges_indexes(plan: dict[str, Any]) -> bool:
    """Whether every scan of the plan is index-only and nothing has to be sorted."""
    kinds = set(_kinds(plan))
    scans = {kind for kind in kinds if kind.endswith("Scan")}
    return "Merge Join" in kinds and scans == {"Index Only Scan"} and not kinds & {"Sort", "Incremental Sort"}


def _kinds(plan: dict[str, Any]) -> list[str]:
    return [plan["Node Type"], *(kind for inner in plan.get("Plans", ()) for kind in _kinds(inner))]


def _is_fresh(table: Table) -> bool:
    return table.pages > 0 and table.all_visible / table.pages >= FRESH


def _is_far_larger(table: Table, than: Table) -> bool:
    """Only of analysed tables: a planner that knows nothing loops where it should not (7 times slower)."""
    return 0 <= than.estimate * FAR_LARGER < table.estimate
