"""Make a plan: the changes that mend findings, in an order that works, with a decision about every orphan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from queries.catalog import Catalog
from queries.findings import Finding
from queries.models import OnDelete, Repair
from queries.names import columns_name, table_name
from queries.orphans.counted import OrphanCount, State
from queries.orphans.reference import Reference, intended
from queries.plan import Plan
from queries.policy import Policy
from queries.steps import (
    AddKey,
    ChangeKey,
    CreateIndex,
    DropNotNull,
    RenameColumn,
    RepairOrphans,
    Step,
    ValidateKey,
)

#: Names first, then what a key needs, then the keys.
_ORDER: tuple[type[Step], ...] = (RenameColumn, DropNotNull, CreateIndex, ChangeKey, AddKey, ValidateKey)

SUGGESTED = {
    OnDelete.CASCADE: Repair.DELETE,
    OnDelete.SET_NULL: Repair.SET_NULL,
    OnDelete.SET_DEFAULT: Repair.PARK,
    OnDelete.RESTRICT: Repair.PARK,
    OnDelete.NO_ACTION: Repair.PARK,
}


@dataclass(frozen=True)
class Planned:
    """A plan with what a person should know of its steps, by step id: written as comments."""

    plan: Plan
    comments: Mapping[str, str]


def changes(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """The steps that mend the findings, each once, in an order that works."""
    steps = {step.id: step for finding in findings for step in finding.mend}
    return tuple(sorted(steps.values(), key=lambda step: _ORDER.index(type(step))))


def references(steps: Sequence[Step], catalog: Catalog) -> dict[str, Reference]:
    """By step id, the key whose orphans must be counted, over the columns as they are called now."""
    former = {(step.table, step.to): step.column for step in steps if isinstance(step, RenameColumn)}
    found: dict[str, Reference] = {}
    for step in steps:
        if isinstance(step, AddKey):
            child, parent = columns_name(step.child), columns_name(step.parent)
            now = tuple(former.get((str(child.table), name), name) for name in child.columns)
            ref_now = tuple(former.get((str(parent.table), name), name) for name in parent.columns)
            found[step.id] = intended(catalog, child._replace(columns=now), parent._replace(columns=ref_now))
    return found


def decisions(policy: Policy, catalog: Catalog) -> dict[str, Repair]:
    """By the text of the key, what the policy says about its orphans."""
    found: dict[str, Repair] = {}
    for wanted in policy.foreign_key:
        for key in wanted.keys if wanted.orphans else ():
            child = catalog.find(key.child.table, policy.search_path)
            parent = catalog.find(key.parent.table, policy.search_path)
            if child and parent and wanted.orphans:
                sides = (
                    key.child._replace(table=table_name(child.text)),
                    key.parent._replace(table=table_name(parent.text)),
                )
                found[f"{sides[0]} -> {sides[1]}"] = wanted.orphans
    return found


def planned(
    name: str,
    steps: Sequence[Step],
    *,
    counts: Mapping[str, OrphanCount],
    decided: Mapping[str, Repair],
    otherwise: Repair | None,
    catalog: Catalog,
    server_version: int,
    fingerprint: Mapping[str, str],
) -> Planned:
    """The plan; ``otherwise`` is for orphans that ``decided`` doesn't name, and None leaves them undecided."""
    comments: dict[str, str] = {}
    made: list[Step] = []
    for step in steps:
        count = counts.get(step.id)
        if not isinstance(step, AddKey) or count is None or count.orphans == 0:
            made.append(step)
            continue
        if count.state is not State.EXACT:
            comments[step.id] = f"Its orphans could not be counted: {count.why}"
            made.append(step)
            continue
        by = decided.get(f"{step.child} -> {step.parent}", otherwise)
        child = catalog.find(columns_name(step.child).table)
        may_be_not_valid = server_version >= 180000 or child is None or child.kind != "p"
        made.extend(_with_repair(step, by, may_be_not_valid=may_be_not_valid))
        comments |= dict(_comments(step, count, by))
    return Planned(
        Plan(schema_version=1, name=name, fingerprint=dict(fingerprint), step=tuple(made)), comments
    )


def _with_repair(step: AddKey, by: Repair | None, *, may_be_not_valid: bool) -> Iterator[Step]:
    """The key NOT VALID first, so that no orphan comes after those that are repaired; then it is validated."""
    base = step.id.removesuffix("-key")
    repair = RepairOrphans(
        id=f"{base}-orphans", child=step.child, parent=step.parent, by=by or "undecided", why=step.why
    )
    if not may_be_not_valid and by is not Repair.LEAVE:
        yield repair
        yield step
        return
    yield step.model_copy(update={"not_valid": True})
    yield repair
    if by is not Repair.LEAVE:
        table = str(columns_name(step.child).table)
        parent = str(columns_name(step.parent).table)
        yield ValidateKey(id=f"{base}-valid", table=table, name=step.name, parent=parent, why=step.why)


def _comments(step: AddKey, count: OrphanCount, by: Repair | None) -> Iterator[tuple[str, str]]:
    base = step.id.removesuffix("-key")
    text = f"{count.orphans:,} orphans in {count.rows:,} rows."
    if by is None:
        text += (
            f'\nUndecided: by = "park" | "delete" | "set-null" | "stub" | "leave";'
            f'\nON DELETE {step.on_delete.sql} suggests by = "{SUGGESTED[step.on_delete]}".'
        )
    yield f"{base}-orphans", text
