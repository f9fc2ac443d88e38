"""A key that the policy wants is not declared."""

from __future__ import annotations

from collections.abc import Iterator

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy
from queries.wished import wished

NAME = "missing-foreign-key"
SEVERITY = Severity.ERROR
WHY = (
    "Without the key nothing keeps rows from referring to a parent that is gone, and a delete of the "
    "parent does nothing about them."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key that the policy wants is not declared."""
    return wished(NAME, SEVERITY, WHY, facts, policy)
