"""A key does something else on delete than the policy wants."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy
from queries.wished import wished

NAME = "wrong-on-delete"
SEVERITY = Severity.ERROR
WHY = "A delete of a parent row does something else to its children than the team has agreed on."
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key does something else on delete than the policy wants."""
    return wished(NAME, SEVERITY, WHY, facts, policy)
