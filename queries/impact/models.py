"""What is asked of the preview, and what it answers; the fields are those of ``impact --json``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from queries.catalog import Table


@dataclass(frozen=True)
class Deletion:
    """``DELETE FROM table WHERE where``; the condition is what a person typed, sent as nothing else."""

    table: Table
    where: str


class Certainty(StrEnum):
    """Whether a number was counted."""

    EXACT = "exact"
    ESTIMATE = "estimate"


@dataclass(frozen=True)
class Effect:
    """What becomes of one table's rows; each row counts once, as what it is in the end.

    A row of which a column becomes null counts as set null, else as set to default, else as updated (by an
    ON UPDATE action). ``via`` names the keys, in the order in which they first acted.
    """

    table: str
    deleted: int = 0
    set_null: int = 0
    set_default: int = 0
    updated: int = 0
    via: tuple[str, ...] = ()
    certainty: Certainty = Certainty.EXACT

    @property
    def changed(self) -> int:
        """Rows that stay but are not what they were."""
        return self.set_null + self.set_default + self.updated


@dataclass(frozen=True)
class Blocker:
    """What refuses the DELETE; ``constraint`` is None where a NOT NULL, CHECK or unique violation does."""

    constraint: str | None
    table: str
    rows: int
    sqlstate: str
    at: Literal["statement", "commit"]
    why: str


@dataclass(frozen=True)
class Caution:
    """What a person should know besides, or the reason for ``uncertain``.

    ``kind`` is trigger, rule, row_security, order, partition, disabled, privilege, default, check, type,
    unique or size.
    """

    kind: str
    object: str
    message: str


@dataclass(frozen=True)
class Progress:
    """On the way: ``effects`` as far as they are known, each saying whether it was counted."""

    effects: tuple[Effect, ...]
    note: str = ""


@dataclass(frozen=True)
class Impact:
    """The whole answer. Where it is blocked, ``effects`` say what would happen without the blockers."""

    table: str
    where: str
    method: Literal["read", "rehearsal"]
    outcome: Literal["ok", "blocked", "uncertain"]
    rows: int
    effects: tuple[Effect, ...]
    blocked_by: tuple[Blocker, ...] = ()
    warnings: tuple[Caution, ...] = ()
