"""What happens in a run, as events: the engine yields them, the record keeps them, every face shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from queries.steps.step import Before, Lock
from queries.toml_file import Strict


class EventKind(StrEnum):
    """As ``pgtether.event.kind`` allows them."""

    STARTED = "started"
    WAITING = "waiting"
    DONE = "done"
    ALREADY = "already"
    SKIPPED = "skipped"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    ENDED = "ended"


class Detail(Strict):
    """Of an event that says all by its kind."""


class Started(Detail):
    """A step begins, forward or back: what it finds and what it will run."""

    sql: tuple[str, ...] = ()
    before: Before = Before()


class Done(Detail):
    """A step is through: locks that it took, rows that it changed, and the difference in words."""

    locks: tuple[Lock, ...] = ()
    rows: int = 0
    ms: float = 0.0
    difference: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()  # parents made for orphans: their keys as JSON
    conflicts: tuple[str, ...] = ()  # on the way back: what somebody else has changed and was left alone


class Skipped(Detail):
    """A step that was not wanted here; on the way back one that somebody else has changed since."""

    why: str
    conflict: bool = False


class FailedStep(Detail):
    """The server's own words, and who held the lock where one was waited for."""

    sqlstate: str
    message: str
    holders: tuple[str, ...] = ()


class Ended(Detail):
    """The end of a run: applied, rolled back or failed."""

    outcome: str
    why: str = ""
    conflicts: tuple[str, ...] = ()  # what a way back has left alone


DETAILS: dict[EventKind, type[Detail]] = {
    EventKind.STARTED: Started,
    EventKind.UNDOING: Started,
    EventKind.DONE: Done,
    EventKind.UNDONE: Done,
    EventKind.SKIPPED: Skipped,
    EventKind.FAILED: FailedStep,
    EventKind.ENDED: Ended,
}


@dataclass(frozen=True)
class Event:
    """Something that happened to a step, or to the run itself (``step`` None). ``run`` 0: a rehearsal."""

    run: int
    step: str | None
    kind: EventKind
    at: datetime
    detail: Detail

    @property
    def summary(self) -> tuple[str | None, str]:
        """What is equal in every face and on every machine."""
        return (self.step, str(self.kind))


class Answer(StrEnum):
    """What a person may say to a question."""

    COMMIT = "commit"
    ROLLBACK = "rollback"
    WAIT = "wait"  # more time: the countdown starts again


@dataclass(frozen=True)
class Question:
    """Everything has been run and nothing is committed. ``seconds``: after that the server rolls back."""

    run: int
    pid: int
    seconds: float
    differences: tuple[str, ...] = ()
    locks: tuple[Lock, ...] = ()
    conflicts: tuple[str, ...] = ()
    choices: tuple[Answer, ...] = field(default=(Answer.COMMIT, Answer.ROLLBACK, Answer.WAIT))


def detail(kind: str, values: dict[str, Any]) -> Detail:
    """The detail of a stored event."""
    return DETAILS.get(EventKind(kind), Detail).model_validate(values)
