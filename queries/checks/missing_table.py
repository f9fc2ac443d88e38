"""A table or column that the policy names is not there."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy
from queries.wished import wished

NAME = "missing-table"
SEVERITY = Severity.ERROR
WHY = (
    "What the policy wants of it cannot be had, and nothing says whether the name or the database is "
    'wrong; if_missing = "skip" says that it may be missing.'
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A table or column that the policy names is not there."""
    return wished(NAME, SEVERITY, WHY, facts, policy)
