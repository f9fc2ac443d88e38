"""Carry a run out from the command line: iterate the engine, tell its events, answer its question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from queries.engine import COUNTDOWN, Carried
from queries.errors import Interrupted
from queries.events import Answer, Done, Ended, Event, EventKind, FailedStep, Question, Skipped
from queries.plan import Plan
from queries.steps import Step
from tui.figures import count, counted
from tui.output import narrate, progress
from tui.step_list import lock_lines

Ask = Callable[[Question], Answer]

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}
_SAID = {EventKind.DONE: "done", EventKind.UNDONE: "undone", EventKind.ALREADY: "so already"}


@dataclass
class Carrying:
    """One run as it goes on; ``events`` are there also where it ends in an error."""

    steps: Sequence[Step]
    ask: Ask
    say: Callable[[str], None] = narrate
    with_locks: bool = True
    events: list[Event] = field(default_factory=list)
    is_asked: bool = field(default=False, init=False)

    def through(self, carried: Carried) -> None:
        """To the end. However it is left, the engine is closed, which rolls back what isn't committed."""
        try:
            self._through(carried)
        except KeyboardInterrupt:
            raise Interrupted(
                "Interrupted.",
                means="What was not committed was rolled back.",
                do="`pgtether history` tells how the run ended." if self.run else "",
            ) from None

    def _through(self, carried: Carried) -> None:
        given: Answer | None = None
        with closing(carried):
            try:
                while True:
                    each = carried.send(given)
                    given = self._answered(each)
            except StopIteration:
                return
            finally:
                progress("")

    @property
    def run(self) -> int:
        """Its number; 0 for a rehearsal, and before it began."""
        return self.events[0].run if self.events else 0

    @property
    def outcome(self) -> str:
        """applied, rolled back or failed; empty where no end was told."""
        ends = [event.detail.outcome for event in self.events if isinstance(event.detail, Ended)]
        return ends[-1] if ends else ""

    def _answered(self, each: Event | Question) -> Answer | None:
        if isinstance(each, Question):
            progress("")
            self._tell_rows()
            return self.ask(each)
        self.events.append(each)
        self._tell(each)
        return None

    def _tell(self, event: Event) -> None:
        if event.step is None:
            for line in _of_run(event):
                self.say(line)
        elif event.kind in (EventKind.STARTED, EventKind.UNDOING):
            progress(self._head(event))
        else:
            progress("")
            for line in self._lines(event):
                self.say(line)

    def _tell_rows(self) -> None:
        """Once, before the question: rows that were changed stand in no difference of definitions."""
        changed = {event.step: what.rows for event in self.events if isinstance(what := event.detail, Done)}
        total = sum(changed.values())
        if total and not self.is_asked:
            steps = counted(sum(rows > 0 for rows in changed.values()), "step")
            self.say(f"{counted(total, 'row')} touched by {steps}.")
        self.is_asked = True

    def _head(self, event: Event) -> str:
        """``3/31  create index …``; on the way back the numbers run down."""
        ids = [step.id for step in self.steps]
        place = ids.index(event.step) if event.step in ids else 0
        width = len(str(len(ids)))
        sentence = self.steps[place].sentence() if self.steps else event.step
        return f"{place + 1:>{width}}/{len(ids)}  {sentence}"

    def _lines(self, event: Event) -> Iterator[str]:
        what, margin = event.detail, " " * (2 * len(str(len(self.steps))) + 3)
        if isinstance(what, Done):
            rows = f", {counted(what.rows, 'row')}" if what.rows else ""
            yield f"{self._head(event)}: {_SAID[event.kind]}{rows}, {count(what.ms)} ms"
            yield from (margin + line for line in lock_lines(what.locks) if self.with_locks)
        elif isinstance(what, Skipped):
            yield f"{self._head(event)}: {'left' if what.conflict else f'skipped, {what.why}'}"
        elif isinstance(what, FailedStep):
            yield f"{self._head(event)}: failed, {what.message}"
        else:
            yield f"{self._head(event)}: {_SAID.get(event.kind, event.kind.value)}"


def seconds(duration: str | None) -> float:
    """A countdown as PostgreSQL writes durations (a bare number is milliseconds)."""
    if duration is None:
        return COUNTDOWN
    number, unit = re.fullmatch(r"(\d+)([a-z]*)", duration).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit or "ms"]


def countdown(made: Plan) -> float:
    """How long the question at the end of the plan stands."""
    return seconds(made.settings.countdown)


def _of_run(event: Event) -> Iterator[str]:
    name, end = f"Run #{event.run}" if event.run else "The rehearsal", event.detail
    if not isinstance(end, Ended):
        yield f"{name} is being taken back." if event.kind is EventKind.UNDOING else f"{name} begins."
    elif not event.run and end.outcome == "rolled back":
        yield f"{name} went through, and everything was rolled back."
    else:
        is_told = not end.why or end.outcome == "failed"  # the error that follows says why it failed
        why = "" if is_told else f": {end.why.removesuffix('.')}"
        yield f"{name} {'has' if end.outcome == 'failed' else 'is'} {end.outcome}{why}."
        yield from (f"Left as it is: {conflict}." for conflict in end.conflicts)
