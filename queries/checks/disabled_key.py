"""A key of which triggers are disabled, while the catalog still calls it valid."""

from __future__ import annotations

from collections.abc import Iterator

from queries.catalog import ForeignKey
from queries.facts import Facts
from queries.findings import Finding, about_key
from queries.models import Severity
from queries.names import quoted
from queries.policy import Policy

NAME = "disabled-key"
SEVERITY = Severity.ERROR
WHY = (
    "Rows come and go unchecked for as long as the triggers are off, and VALIDATE does nothing on a key "
    "that is called valid: look for orphans before and after they are on again."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key of which triggers are disabled, while the catalog still calls it valid."""
    del policy
    for key in facts.catalog.foreign_keys:
        if key.enforced and not (key.checks_fire and key.actions_fire):
            yield about_key(NAME, SEVERITY, key, message=_message(key), why=WHY, evidence=_evidence(key))


def _evidence(key: ForeignKey) -> dict[str, object]:
    return {"checks_fire": key.checks_fire, "actions_fire": key.actions_fire}


def _message(key: ForeignKey) -> str:
    """Which half is silent, and where a superuser turns it on; what was done on purpose has to be asked."""
    both = not key.checks_fire and not key.actions_fire
    silent = f"writes to {key.child} are not checked" if not key.checks_fire else ""
    still = f"deletes from {key.parent} do nothing" if not key.actions_fire else ""
    tables = dict.fromkeys([key.child] * (not key.checks_fire) + [key.parent] * (not key.actions_fire))
    on = " and ".join(f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in tables)
    return f"{quoted(key.name)} is switched off: {silent}{' and ' * both}{still}. As superuser: {on}."
