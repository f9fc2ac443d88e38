"""What a run is called, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from tui.widgets.columns import Cell


@dataclass(frozen=True)
class RunWords:
    """What a run is called, what its answers mean, and how each of its outcomes is told."""

    title: str
    meaning: str
    outcomes: dict[str, str]  # by the outcome that the engine tells
    lasting: str | None  # the outcome after which the database is another; None: none
    given_up: str  # what a step is called that went through and was rolled back


@dataclass(frozen=True)
class RunOutcome:
    """``run`` is 0 for a rehearsal and where none began; ``states`` is by step id."""

    run: int
    outcome: str
    has_changed: bool
    states: dict[str, tuple[Cell, ...]]
