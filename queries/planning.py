"""Make a plan: the changes that mend findings, in an order that works, with a decision about every orphan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from queries.catalog import Catalog
from queries.findings import Finding
from queries.models import OnDelete, Repair
from queries.names import ColumnsName, columns_name, table_name
from queries.orphans.counted import OrphanCount, State
from queries.orphans.reference import Reference, declared, intended
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

#: Names first, as all that follows uses the new ones; then what stops readers as late as it can be.
_ORDER: tuple[type[Step], ...] = (RenameColumn, CreateIndex, DropNotNull, AddKey, ValidateKey, ChangeKey)

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
    return ordered(step for finding in findings for step in finding.mend)


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Each step once, in an order that works, without repairs: those come with the counts of ``planned``."""
    once = {step.id: step for step in steps if not isinstance(step, RepairOrphans)}
    return tuple(sorted(once.values(), key=lambda step: _ORDER.index(type(step))))


def references(steps: Sequence[Step], catalog: Catalog) -> dict[str, Reference]:
    """By step id, the key whose orphans must be counted, over the columns as they are called now.

    A key that is made again or validated is checked against all rows, too, and a valid one may hide orphans.
    """
    former = {(step.table, step.to): step.column for step in steps if isinstance(step, RenameColumn)}
    there = {(each.child.oid, each.constraint): each for each in declared(catalog)}
    found: dict[str, Reference] = {}
    for step in steps:
        if isinstance(step, AddKey):
            child, parent = columns_name(step.child), columns_name(step.parent)
            now = tuple(former.get((str(child.table), name), name) for name in child.columns)
            ref_now = tuple(former.get((str(parent.table), name), name) for name in parent.columns)
            found[step.id] = intended(catalog, child._replace(columns=now), parent._replace(columns=ref_now))
        elif isinstance(step, ChangeKey | ValidateKey):
            table = catalog.find(table_name(step.table))
            known = there.get((table.oid, step.name)) if table else None
            if known is not None:
                found[step.id] = known
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
    """The plan; ``otherwise`` is for keys that ``decided`` doesn't name; None leaves them undecided."""
    comments: dict[str, str] = {}
    made: list[Step] = []
    for step in steps:
        count = counts.get(step.id)
        if count is None or count.orphans == 0:
            made.append(step)
        elif count.state is not State.EXACT:
            comments[step.id] = f"Its orphans could not be counted: {count.why}"
            made.append(step)
        elif isinstance(step, AddKey):
            by = decided.get(f"{step.child} -> {step.parent}", otherwise)
            child = catalog.find(columns_name(step.child).table)
            may_be_not_valid = server_version >= 180000 or child is None or child.kind != "p"
            made.extend(_with_repair(step, by, may_be_not_valid=may_be_not_valid))
            comments[repair_id(step.id)] = _comment(count, by, step.on_delete)
        elif isinstance(step, ValidateKey):
            by = decided.get(_text(count), otherwise)
            made.extend(_repaired(step, count, by))
            comments[repair_id(step.id)] = _comment(count, by, None)
        else:
            comments[step.id] = f"{_orphans(count)} The key can't be made again before they are gone."
            made.append(step)
    return Planned(
        Plan(schema_version=1, name=name, fingerprint=dict(fingerprint), step=tuple(made)), comments
    )


def _with_repair(step: AddKey, by: Repair | None, *, may_be_not_valid: bool) -> Iterator[Step]:
    """The key NOT VALID first, so that no more orphans come; then the repair, then VALIDATE."""
    repair = RepairOrphans(
        id=repair_id(step.id), child=step.child, parent=step.parent, by=by or "undecided", why=step.why
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
        base = step.id.removesuffix("-key")
        yield ValidateKey(id=f"{base}-valid", table=table, name=step.name, parent=parent, why=step.why)


def _repaired(step: ValidateKey, count: OrphanCount, by: Repair | None) -> Iterator[Step]:
    """A key that stands NOT VALID over orphans: they are repaired first, or left and it stays as it is."""
    child, _, parent = _text(count).partition(" -> ")
    yield RepairOrphans(id=repair_id(step.id), child=child, parent=parent, by=by or "undecided", why=step.why)
    if by is not Repair.LEAVE:
        yield step


def repair_id(step: str) -> str:
    """The id of the repair that a key's step needs, from that step's id."""
    return f"{step.removesuffix('-key').removesuffix('-valid')}-orphans"


def _text(count: OrphanCount) -> str:
    """The one text of the counted key."""
    child = ColumnsName(table_name(count.table), count.columns)
    return f"{child} -> {ColumnsName(table_name(count.ref_table), count.ref_columns)}"


def _orphans(count: OrphanCount) -> str:
    word = "orphan" if count.orphans == 1 else "orphans"
    return f"{count.orphans:,} {word} in {count.rows:,} rows."


def _comment(count: OrphanCount, by: Repair | None, on_delete: OnDelete | None) -> str:
    if by is not None:
        return _orphans(count)
    choices = " | ".join(f'"{each}"' for each in Repair)
    suggestion = f'\nON DELETE {on_delete.sql} suggests by = "{SUGGESTED[on_delete]}".' if on_delete else ""
    return f"{_orphans(count)}\nUndecided: by = {choices}.{suggestion}"
