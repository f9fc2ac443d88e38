"""One thing that is wrong or risky, with why it matters, the evidence, and the change that mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from queries.catalog import ForeignKey
from queries.models import Severity
from queries.steps import Step


@dataclass(frozen=True)
class Finding:
    """``rule`` is the check's name, ``key`` what mutes it; ``mend`` is empty where a person has to decide."""

    rule: str
    severity: Severity
    key: str
    table: str
    columns: tuple[str, ...]
    constraint: str | None
    message: str
    why: str
    evidence: Mapping[str, object] = field(default_factory=dict)
    mend: tuple[Step, ...] = ()


def finding_key(check: str, subject: str) -> str:
    """``<check> <object>``, the object as text: readable, and the same after a dump and restore."""
    return f"{check} {subject}"


def about_key(
    check: str,
    severity: Severity,
    key: ForeignKey,
    *,
    message: str,
    why: str,
    evidence: Mapping[str, object] | None = None,
    mend: tuple[Step, ...] = (),
) -> Finding:
    """A finding about a declared foreign key."""
    parent = {"ref_table": key.parent, "ref_columns": key.ref_columns, "on_delete": str(key.on_delete)}
    return Finding(
        check,
        severity,
        finding_key(check, key.text),
        key.child,
        key.columns,
        key.name,
        message,
        why,
        {**parent, **(evidence or {})},
        mend,
    )
