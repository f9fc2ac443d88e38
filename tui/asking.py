"""What a person is asked about a run: to begin it, and at its end whether it is to stay."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from shutil import get_terminal_size

import click

from queries.errors import Refused
from queries.events import Answer, Question
from queries.locks import Session
from queries.server import Server
from tui.config import config
from tui.confirm import answer, typed
from tui.figures import counted
from tui.output import narrate
from tui.printable import printable
from tui.step_list import lock_lines

_ANSWERS = {"commit": Answer.COMMIT, "rollback": Answer.ROLLBACK, "w": Answer.WAIT}
_PROMPT = "commit, rollback, or w for more time: "
_SECOND = 1.0


def begin(doing: str, *, here: Server) -> None:
    """Have a person agree, on a production server by typing the database's name; raises Refused.

    ``doing`` is what follows: "Apply 6 steps".
    """
    place = f"database {here.database} on {here.place}"
    known = config().known(here.host)
    if known and known.production:
        said = typed(f"{doing} in PRODUCTION, {place}? Type the database's name to begin: ")
        agreed = said == here.database
    else:
        agreed = answer(f"{doing} in {place}?", ("yes", "no")) == "yes"
    if not agreed:
        raise Refused("Not begun.", means="Nothing was changed.")


def commit(question: Question) -> Answer:
    """What ``--yes`` answers at the end."""
    del question
    return Answer.COMMIT


@dataclass
class AtTheEnd:
    """The question at the end of a run, on the terminal: what changed, locks, who waits, a countdown.

    ``waiting`` looks who waits behind a pid; ``meaning`` says what COMMIT and ROLLBACK do. A countdown that
    runs out answers ROLLBACK.
    """

    waiting: Callable[[int], Sequence[Session]]
    meaning: str
    is_told: bool = field(default=False, init=False)

    def __call__(self, question: Question) -> Answer:
        """Ask until there is an answer."""
        if not self.is_told:
            for line in _summary(question, self.meaning):
                narrate(line)
            self.is_told = True
        until = time.monotonic() + question.seconds
        self._ask(question, until)
        while (left := until - time.monotonic()) > 0:
            if not select.select([sys.stdin], [], [], min(_SECOND, left))[0]:
                _refresh(lambda: self._status(question, until))
                continue
            line = sys.stdin.readline()
            if not line:
                click.echo(err=True)
                return Answer.ROLLBACK  # the end of the input: nobody will answer
            if line.strip().lower() in _ANSWERS:
                return _ANSWERS[line.strip().lower()]
            self._ask(question, until)
        click.echo(f"\nNobody answered within {question.seconds:.0f} s.", err=True)
        return Answer.ROLLBACK

    def _ask(self, question: Question, until: float) -> None:
        narrate(self._status(question, until))
        click.echo(_PROMPT, nl=False, err=True)

    def _status(self, question: Question, until: float) -> str:
        """One line: the countdown, and who waits."""
        left = max(0, round(until - time.monotonic()))
        behind = self.waiting(question.pid)
        first = f", the first: {behind[0].text}" if behind else ""
        status = f"ROLLBACK in {left} s. {len(behind)} waiting behind us{first}"
        return printable(status)[: max(get_terminal_size().columns - 1, 10)]


def _summary(question: Question, meaning: str) -> Iterator[str]:
    yield ""
    yield "All steps have run; nothing is committed yet."
    if question.differences:
        yield f"{counted(len(question.differences), 'change')} to definitions:"
        yield from (f"  {difference}" for difference in question.differences)
    if question.conflicts:
        yield f"{counted(len(question.conflicts), 'conflict')}, left as they are:"
        yield from (f"  {conflict}" for conflict in question.conflicts)
    if question.locks:
        yield "Locks held until you answer:"
        yield from (f"  {line}" for line in lock_lines(question.locks))
    yield meaning


def _refresh(status: Callable[[], str]) -> None:
    """Write the line above the prompt anew, and leave what is being typed as it is."""
    if os.environ.get("TERM", "dumb") != "dumb":
        sys.stderr.write(f"\x1b7\x1b[1A\r\x1b[K{status()}\x1b8")
        sys.stderr.flush()
