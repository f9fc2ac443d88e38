"""Where a person has been, with the way back and forward again."""

from __future__ import annotations

from typing import Generic, TypeVar

Place = TypeVar("Place")
LONGEST = 200


class Trail(Generic[Place]):
    """Places behind and ahead of here; going somewhere new forgets what was ahead."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, here: Place) -> None:
        """Remember here before a jump."""
        self._behind = [*self._behind, here][-LONGEST:]
        self._ahead.clear()

    def back(self, here: Place) -> Place | None:
        """The place before; None at the start."""
        return self._step(self._behind, self._ahead, here)

    def forward(self, here: Place) -> Place | None:
        """The place that was left by ``back``; None at the end."""
        return self._step(self._ahead, self._behind, here)

    @property
    def has_back(self) -> bool:
        """Whether there is a place behind."""
        return bool(self._behind)

    @property
    def has_forward(self) -> bool:
        """Whether there is a place ahead."""
        return bool(self._ahead)

    @staticmethod
    def _step(away: list[Place], other: list[Place], here: Place) -> Place | None:
        if not away:
            return None
        other.append(here)
        return away.pop()
