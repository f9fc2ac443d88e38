"""A key that was never checked against the rows that were there before it."""

from __future__ import annotations

from collections.abc import Iterator

from queries.default_names import slug
from queries.facts import Facts
from queries.findings import Finding, about_key
from queries.models import Severity
from queries.names import quoted
from queries.policy import Policy
from queries.steps import ValidateKey

NAME = "not-valid"
SEVERITY = Severity.WARNING
WHY = (
    "Rows that were there before the key may refer to nothing: it holds for new rows only, and the "
    "planner does not trust it."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key that was never checked against the rows that were there before it."""
    del policy
    for key in facts.catalog.foreign_keys:
        if key.enforced and not key.validated:
            step = ValidateKey(
                id=slug(key.child.removeprefix("public."), key.name, "valid"),
                table=key.child,
                name=key.name,
                parent=key.parent,
                why=WHY,
            )
            message = f"{quoted(key.name)} is NOT VALID: older rows of {key.child} were never checked."
            yield about_key(NAME, SEVERITY, key, message=message, why=WHY, mend=(step,))
