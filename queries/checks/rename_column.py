"""A column still has the name that the policy replaces."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy
from queries.wished import wished

NAME = "rename-column"
SEVERITY = Severity.WARNING
WHY = "Queries and people have to know both names."
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A column still has the name that the policy replaces."""
    return wished(NAME, SEVERITY, WHY, facts, policy)
