"""What the loop's stops say, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.findings import Finding
from queries.models import OnDelete
from queries.names import column_list
from queries.plan_of_policy import PolicyPlan
from queries.probe import Proof
from queries.trial import Children, Trial
from tui.figures import count, counted
from tui.output import table_text


def audit_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding, worst first, and how many there are."""
    rows = [(each.severity.value, each.rule, each.key.partition(" ")[2]) for each in findings]
    yield from table_text(("severity", "rule", "object"), rows).splitlines()
    yield f"{counted(len(findings), 'finding')}."


def orphan_lines(made: PolicyPlan) -> Iterator[str]:
    """The keys with orphans and what the policy says about them, and how many there are."""
    rows = [
        (step.child, step.parent, count(found.rows or 0), count(found.orphans or 0), step.by)
        for step, found in made.repairs
    ]
    header = ("child", "parent", "rows", "orphans", "the policy says")
    yield from table_text(header, rows, right=(2, 3)).splitlines()
    total = sum(found.orphans or 0 for _, found in made.repairs)
    yield f"{counted(total, 'orphan')} in {len(made.repairs)} of {counted(len(made.counts), 'key')}."


def proof_lines(proven: Sequence[Proof]) -> Iterator[str]:
    """What each key should do when a parent is deleted, and whether it did."""
    rows = [
        (each.key, each.expected, "it did" if each.proven else f"NO: {each.actual}, {each.why}")
        for each in proven
    ]
    yield from table_text(("key", "when the parent is deleted", "probed"), rows).splitlines()


def trial_lines(tried: Trial) -> Iterator[str]:
    """The delete, and what became of the row's children by each key."""
    outcome = f"refused by {tried.refused_by}" if tried.refused_by else "done"
    yield f"{tried.table}, row {tried.row}: {outcome}{'' if tried.as_declared else ', WHICH IS WRONG'}"
    for each in tried.children:
        columns = column_list(each.key.columns)
        yield f"   {each.key.child}({columns}), on delete {each.key.on_delete}: {_fate(each, tried)}"


def _fate(each: Children, tried: Trial) -> str:
    if tried.refused_by:
        return f"{counted(each.rows, 'row')} left as before"
    if each.key.on_delete is OnDelete.CASCADE:
        return f"{counted(each.rows - each.kept, 'row')} deleted"
    nulled = "set null" if each.nulled == each.kept else f"{count(each.nulled)} of them set null"
    return f"{counted(each.kept, 'row')} kept, {nulled}"
