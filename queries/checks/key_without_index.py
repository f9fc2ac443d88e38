"""A key whose child rows can not be found by an index."""

from __future__ import annotations

from collections.abc import Iterator

from queries.catalog import ForeignKey, Table
from queries.facts import Facts
from queries.findings import Finding, about_key
from queries.models import Severity
from queries.names import column_list, quoted
from queries.policy import Policy
from queries.usable_index import Cover, Coverage, key_coverage
from queries.wishes.indexes import implied_index
from queries.wishes.wish import Here

NAME = "key-without-index"
SEVERITY = Severity.WARNING
WHY = (
    "Every delete of a parent row, and every update of its key, looks for its children: without an index "
    "that reads the whole child table once for each parent row."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key whose child rows can not be found by an index."""
    for key in facts.catalog.foreign_keys:
        if key.enforced and not key.period:
            found = key_coverage(facts.catalog, key)
            if found.cover is not Cover.FULL:
                yield _finding(facts, policy, key, found)


def _finding(facts: Facts, policy: Policy, key: ForeignKey, found: Coverage) -> Finding:
    table = facts.catalog.tables[key.child_oid]
    severity = Severity.INFO if found.cover is Cover.PART else SEVERITY
    near = found.index.name if found.index and found.why else None
    evidence = {"rows": _rows(facts, table), "nearest_index": near, "lacks": found.why or None}
    why = f"Deletes from {key.parent} look for rows of {key.child} by {column_list(key.columns)}."
    mend = implied_index(Here(policy, facts.catalog), table, key.columns, why=why)
    message = _message(key, near, found.why)
    return about_key(NAME, severity, key, message=message, why=WHY, evidence=evidence, mend=(mend,))


def _message(key: ForeignKey, near: str | None, lack: str) -> str:
    columns = column_list(key.columns)
    nearest = f": {quoted(near)} {lack}" if near else ""
    return f"No index serves the lookup of {key.child} by {columns}{nearest}."


def _rows(facts: Facts, table: Table) -> int | None:
    """An estimate for the table with its partitions; null where it was never analysed."""
    known = [leaf.estimate for leaf in facts.catalog.leaves(table) if leaf.estimate >= 0]
    return round(sum(known)) if known else None
