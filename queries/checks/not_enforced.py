"""A key that PostgreSQL 18 was told not to enforce."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding, about_key
from queries.models import Severity
from queries.names import quoted
from queries.policy import Policy

NAME = "not-enforced"
SEVERITY = Severity.WARNING
WHY = (
    "It only documents: inserts are not checked, deletes of a parent do nothing to the children, and "
    "orphans come unnoticed."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key that PostgreSQL 18 was told not to enforce."""
    del policy
    for key in facts.catalog.foreign_keys:
        if not key.enforced:
            message = (
                f"{quoted(key.name)} is NOT ENFORCED. Look for orphans, then ALTER TABLE {key.child} "
                f"ALTER CONSTRAINT {quoted(key.name)} ENFORCED, which reads both tables under a lock."
            )
            yield about_key(NAME, SEVERITY, key, message=message, why=WHY)
