"""The nouns that several modules share."""

from __future__ import annotations

from enum import StrEnum


class OnDelete(StrEnum):
    """What a foreign key does when its parent row is deleted, in SQL's words."""

    CASCADE = "cascade"
    SET_NULL = "set null"
    SET_DEFAULT = "set default"
    RESTRICT = "restrict"
    NO_ACTION = "no action"

    @property
    def letter(self) -> str:
        """C N D R A: the letter that stands for it on every screen."""
        return _LETTERS[self]

    @property
    def sql(self) -> str:
        """As it stands behind ON DELETE."""
        return self.value.upper()


_LETTERS = {
    OnDelete.CASCADE: "C",
    OnDelete.SET_NULL: "N",
    OnDelete.SET_DEFAULT: "D",
    OnDelete.RESTRICT: "R",
    OnDelete.NO_ACTION: "A",
}

#: ``pg_constraint.confdeltype`` and ``confupdtype``.
ON_DELETE_BY_CODE = {
    "c": OnDelete.CASCADE,
    "n": OnDelete.SET_NULL,
    "d": OnDelete.SET_DEFAULT,
    "r": OnDelete.RESTRICT,
    "a": OnDelete.NO_ACTION,
}


class Repair(StrEnum):
    """What becomes of the orphans of a key (design: repairing orphans)."""

    PARK = "park"
    DELETE = "delete"
    SET_NULL = "set-null"
    STUB = "stub"
    LEAVE = "leave"


class Severity(StrEnum):
    """How bad a finding is; the order of the members is the order of the screen."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Severity).index(self)


class LockMode(StrEnum):
    """Table lock modes, spelled as PostgreSQL spells them, weakest first."""

    ACCESS_SHARE = "ACCESS SHARE"
    ROW_SHARE = "ROW SHARE"
    ROW_EXCLUSIVE = "ROW EXCLUSIVE"
    SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
    SHARE = "SHARE"
    SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"

    @property
    def rank(self) -> int:
        """0 is weakest."""
        return list(LockMode).index(self)

    @property
    def blocks(self) -> str:
        """Which traffic waits behind it, in words."""
        if self is LockMode.ACCESS_EXCLUSIVE:
            return "reads and writes"
        return "writes" if self.rank >= LockMode.SHARE.rank else "nothing"
