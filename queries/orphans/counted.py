"""What came of looking for the orphans of one key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.orphans.reference import Reference

Sample = tuple[dict[str, str | None], ...]


class State(StrEnum):
    """How far a count can be relied on."""

    EXACT = "exact"
    UNFINISHED = "unfinished"  # worth another try
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class OrphanCount:
    """The orphans of one key; a count that isn't known is None, never 0. A sample holds texts, or masks."""

    constraint: str | None
    table: str
    columns: tuple[str, ...]
    ref_table: str
    ref_columns: tuple[str, ...]
    declared: bool
    valid: bool
    rows: int | None
    orphans: int | None
    null_rows: int | None  # rows that nulls keep out of the key
    sample: Sample
    state: State
    why: str

    @property
    def is_clean(self) -> bool:
        """Whether it is known that there is no orphan."""
        return self.state is State.EXACT and self.orphans == 0


def counted(
    reference: Reference,
    *,
    state: State,
    why: str,
    rows: int | None = None,
    orphans: int | None = None,
    null_rows: int | None = None,
    sample: Sample = (),
) -> OrphanCount:
    """The answer for that key."""
    return OrphanCount(
        constraint=reference.constraint,
        table=reference.child.text,
        columns=reference.columns,
        ref_table=reference.parent.text,
        ref_columns=reference.ref_columns,
        declared=reference.declared,
        valid=reference.valid,
        rows=rows,
        orphans=orphans,
        null_rows=null_rows,
        sample=sample,
        state=state,
        why=why,
    )
