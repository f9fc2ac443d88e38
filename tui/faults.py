"""What is wrong with one key or one table, as the audit finds it, muted or not: a person asks about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from queries.audit import audit
from queries.catalog import Catalog, Table
from queries.facts import Facts
from queries.findings import Finding
from queries.orphans import OrphanCount
from queries.policy import NO_POLICY, policy
from queries.steps import RenameColumn
from tui.table_keys import TableKey


@dataclass(frozen=True)
class Subject:
    """What a person stands on: a key of the table, or (None) the table itself."""

    catalog: Catalog
    table: Table
    key: TableKey | None = None
    orphans: OrphanCount | None = None

    @property
    def text(self) -> str:
        """Its one text."""
        if self.key is None:
            return self.table.text
        return self.key.key.text if self.key.key else self.key.wish_text


def faults(subject: Subject, path: Path | None) -> tuple[Finding, ...]:
    """The findings about it, worst first; raises BadFile."""
    wanted = policy(path).model_copy(update={"mute": ()}) if path else NO_POLICY
    found = audit(Facts(subject.catalog), wanted, today=date.today()).findings
    if subject.key is None:
        text = subject.table.text
        return tuple(each for each in found if text in (each.table, each.evidence.get("ref_table")))
    return tuple(_of_key(subject.catalog, subject.key, found))


def _of_key(catalog: Catalog, key: TableKey, found: Sequence[Finding]) -> Iterator[Finding]:
    """Its own, after the renames without which the names in their steps aren't there."""
    child, parent = catalog.tables[key.child].text, catalog.tables[key.parent].text
    renames = {each.key: step for each in found for step in each.mend if isinstance(step, RenameColumn)}
    former = {(step.table, step.to): step.column for step in renames.values()}
    ends = {(child, name) for name in key.columns} | {(parent, name) for name in key.ref_columns}

    def is_its(each: Finding) -> bool:
        if key.key is not None:
            return (each.table, each.constraint) == (child, key.key.name)
        names = tuple(former.get((child, name), name) for name in each.columns)
        same = (each.table, names, each.evidence.get("ref_table")) == (child, key.columns, parent)
        return same and each.rule == "missing-foreign-key"

    own = [each for each in found if is_its(each)]
    if any(each.mend for each in own):
        yield from (
            each
            for each in found
            if each.key in renames and (renames[each.key].table, renames[each.key].column) in ends
        )
    yield from own
