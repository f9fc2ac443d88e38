"""An index that the policy names is not there."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy
from queries.wished import wished

NAME = "missing-index"
SEVERITY = Severity.WARNING
WHY = "Without the index the queries that the policy has it for read the whole table."
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """An index that the policy names is not there."""
    return wished(NAME, SEVERITY, WHY, facts, policy)
