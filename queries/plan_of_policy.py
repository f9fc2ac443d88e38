"""The plan that makes a database what a policy wants: its wishes, the orphans in their way, the decisions."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection

from queries import scope
from queries.audit import muted_keys
from queries.catalog import Catalog, catalog
from queries.connection import reading
from queries.findings import finding_key
from queries.fingerprint import fingerprints
from queries.models import Repair
from queries.orphans import OrphanCount, Progress, Reference, orphans
from queries.plan import Plan
from queries.planning import Planned, decisions, ordered, planned, references, repair_id
from queries.policy import Policy
from queries.steps import RepairOrphans, Step
from queries.wishes import Wish, wishes


@dataclass(frozen=True)
class PolicyPlan:
    """``unmet``: wishes that no step can fulfil, a sentence each; ``muted``: those that the policy mutes."""

    planned: Planned
    counts: Mapping[str, OrphanCount]
    unmet: tuple[str, ...]
    muted: int

    @property
    def plan(self) -> Plan:
        """The plan alone."""
        return self.planned.plan

    @property
    def repairs(self) -> tuple[tuple[RepairOrphans, OrphanCount], ...]:
        """The plan's repairs, each with what was counted."""
        counts = {repair_id(step): count for step, count in self.counts.items()}
        steps = (step for step in self.plan.step if isinstance(step, RepairOrphans))
        return tuple((step, counts[step.id]) for step in steps)


def plan_of_policy(
    connection: Connection[Any], wanted: Policy, *, today: date, otherwise: Repair | None = None
) -> Generator[Progress, None, PolicyPlan]:
    """Yields a Progress before each key whose orphans are counted, and returns the plan.

    ``otherwise`` is for orphans about which the policy says nothing; None leaves them undecided. Findings
    that the policy doesn't want mended are left alone. Reads, in transactions of its own.
    """
    with reading(connection):
        known = catalog(connection)
        wished, muted = heard(wanted, known, today=today)
        steps = ordered(step for wish in wished for step in wish.steps)
        fingerprint = touched(connection, steps, known)
    counts = yield from counted(connection, references(steps, known))
    made = planned(
        wanted.name,
        steps,
        counts=counts,
        decided=decisions(wanted, known),
        otherwise=otherwise,
        catalog=known,
        server_version=connection.info.server_version,
        fingerprint=fingerprint,
    )
    return PolicyPlan(made, counts, tuple(wish.message for wish in wished if not wish.steps), muted)


def heard(wanted: Policy, known: Catalog, *, today: date) -> tuple[list[Wish], int]:
    """The wishes that aren't met, without those that may be missing, and how many more are muted."""
    unmet = [wish for wish in wishes(wanted, known) if not wish.is_skipped]
    muted = muted_keys(wanted, today=today)
    heard = [wish for wish in unmet if finding_key(wish.check, wish.subject) not in muted]
    return heard, len(unmet) - len(heard)


def counted(
    connection: Connection[Any], references: Mapping[str, Reference]
) -> Generator[Progress, None, dict[str, OrphanCount]]:
    """The orphans of each key, by the id of its step."""
    found: dict[str, OrphanCount] = {}
    by_key = {_identity(reference): step for step, reference in references.items()}
    for each in orphans(connection, list(references.values()), sample=0):
        if isinstance(each, Progress):
            yield each
        else:
            found[by_key[each.constraint, each.table, each.columns, each.ref_table, each.ref_columns]] = each
    return found


def touched(connection: Connection[Any], steps: tuple[Step, ...], known: Catalog) -> dict[str, str]:
    """The fingerprints of the tables that the steps touch, inside the caller's transaction."""
    found: dict[str, str] = {}
    for step in steps:
        found |= fingerprints(scope.read(connection, step, known))
    return dict(sorted(found.items()))


def _identity(reference: Reference) -> tuple[object, ...]:
    child, parent = reference.child.text, reference.parent.text
    return (reference.constraint, child, reference.columns, parent, reference.ref_columns)
