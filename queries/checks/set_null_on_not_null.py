"""A key that sets null in a column that can not be null."""

from __future__ import annotations

from collections.abc import Iterator

from queries.catalog import ForeignKey
from queries.facts import Facts
from queries.findings import Finding, about_key
from queries.models import OnDelete, Severity
from queries.names import column_list
from queries.not_null import drop_not_null, not_null_columns
from queries.policy import Policy

NAME = "set-null-on-not-null"
SEVERITY = Severity.ERROR
WHY = (
    "PostgreSQL lets it be declared, and then every delete of a parent row that has children fails with "
    "23502."
)
NEEDS: tuple[str, ...] = ()


def findings(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """A key that sets null in a column that can not be null."""
    del policy
    for key in facts.catalog.foreign_keys:
        if key.on_delete is OnDelete.SET_NULL:
            table = facts.catalog.tables[key.child_oid]
            hit = not_null_columns(facts.catalog, table, key.set_columns or key.columns)
            if hit:
                mend = drop_not_null(facts.catalog, table, hit)
                evidence = {"not_null": hit}
                yield about_key(
                    NAME, SEVERITY, key, message=_message(key, hit), why=WHY, evidence=evidence, mend=mend
                )


def _message(key: ForeignKey, hit: tuple[str, ...]) -> str:
    verb = "is" if len(hit) == 1 else "are"
    return f"On delete set null, but {column_list(hit)} {verb} NOT NULL: deletes from {key.parent} fail."
