"""What the Findings screen asks: the audit, and which orphans to look for behind each finding."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queries.audit import Report, audit
from queries.catalog import Catalog
from queries.errors import UsageError
from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.orphans import OrphanCount, Progress, Reference, declared, orphans
from queries.planning import references
from queries.policy import NO_POLICY, policy

if TYPE_CHECKING:
    from psycopg import Connection

ORPHANS = "orphans"
_WHY = (
    "The catalog says that every row has its parent, and these rows have none: they were written while the "
    "key's triggers were off, or before it was enforced. A join loses them, a dump can't be restored with "
    "them, and VALIDATE does nothing, as the key is valid already."
)

Identity = tuple[object, ...]


@dataclass(frozen=True)
class Suspect:
    """A key whose orphans are looked for, and the finding it belongs to (None: only if it has orphans)."""

    reference: Reference
    finding: str | None


def audited(catalog: Catalog, path: Path | None, *, today: date) -> Report:
    """The audit by the policy of that file, or by none; raises BadFile."""
    return audit(Facts(catalog), policy(path) if path else NO_POLICY, today=today)


def suspects(findings: Sequence[Finding], catalog: Catalog) -> dict[Identity, Suspect]:
    """Keys that are missing, and all that are declared: validated doesn't mean that there are no orphans."""
    found: dict[Identity, Suspect] = {}
    named: dict[tuple[str, str | None], str] = {
        (each.table, each.constraint): each.key for each in findings if each.constraint
    }
    for reference in declared(catalog):
        finding = named.get((reference.child.text, reference.constraint))
        found[identity(reference)] = Suspect(reference, finding)
    for each in findings:
        with suppress(UsageError):  # over columns that another finding renames first
            for reference in references(each.mend, catalog).values():
                found[identity(reference)] = Suspect(reference, each.key)
    return found


def identity(of: Reference | OrphanCount) -> Identity:
    """What is equal in a question and its answer."""
    if isinstance(of, OrphanCount):
        return (of.constraint, of.table, of.columns, of.ref_table, of.ref_columns)
    return (of.constraint, of.child.text, of.columns, of.parent.text, of.ref_columns)


def counted(
    connection: Connection[Any], references: Sequence[Reference]
) -> Generator[Progress | OrphanCount, None, None]:
    """Their orphans with some of them, as a stream that a screen can stop."""
    yield from orphans(connection, references)


def finding_of(reference: Reference, found: OrphanCount) -> Finding:
    """The finding of a declared key about which nothing else is wrong than that it has orphans."""
    return Finding(
        ORPHANS,
        Severity.ERROR,
        f"{ORPHANS} {reference.key}",
        found.table,
        found.columns,
        found.constraint,
        f"{found.constraint} is declared, and still there are rows without a parent.",
        _WHY,
        {"ref_table": found.ref_table, "ref_columns": found.ref_columns},
    )
