"""Findings of the checks that compare a policy with the catalog."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding, finding_key
from queries.models import Severity
from queries.policy import Policy
from queries.wishes import wishes


def wished(check: str, severity: Severity, why: str, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """One finding for each wish that the check reports; what may be missing is none."""
    for wish in wishes(policy, facts.catalog):
        if wish.check == check and not wish.is_skipped:
            yield Finding(
                check,
                severity,
                finding_key(check, wish.subject),
                wish.table,
                wish.columns,
                wish.constraint,
                wish.message,
                f"{why} The policy says: {wish.wanted.why}",
                wish.evidence,
                wish.steps,
            )
