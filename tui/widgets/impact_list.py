"""The preview of a delete on the screen: the statement, the verdict, and the tree of what goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from queries.errors import PgtetherError
from tui.glyphs import Glyphs
from tui.impact_tree import Line
from tui.widgets.cells import safe
from tui.widgets.impact_cells import COLUMNS, Shown, row, text
from tui.widgets.listing import Listing
from tui.widgets.state_panel import State

Tone = Literal["ok", "blocked", "uncertain", "reading"]
TONES: tuple[Tone, ...] = ("ok", "blocked", "uncertain", "reading")


class ImpactList(Vertical):
    """Blockers first, then what should be known besides, then the tree; a branch can be closed."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._statement = Static(id="impact-statement")
        self._method = Static(id="impact-method")
        self._verdict = Static(id="impact-verdict")
        self._second = Static(id="impact-second")
        self._listing = Listing(COLUMNS, glyphs=glyphs)
        self._shown: Shown | None = None
        self._folded: set[Line] = set()
        self.lines: Sequence[Line] = ()

    def compose(self) -> ComposeResult:
        """The statement with how it is known, the verdict, what a rehearsal says of it, the lines."""
        with Horizontal(id="impact-head"):
            yield self._statement
            yield self._method
        yield self._verdict
        yield self._second
        yield self._listing

    @property
    def line(self) -> Line | None:
        """The one under the cursor."""
        at = self._listing.lines.row
        return self.lines[at] if at is not None and at < len(self.lines) else None

    def take_focus(self) -> None:
        """Stand in the lines."""
        self._listing.lines.focus()

    # Words

    def head(self, statement: str, method: str) -> None:
        """What is asked, and how it is answered."""
        self._statement.update(Content(safe(statement)))
        self._method.update(Content(safe(method)))

    def say(self, verdict: str, tone: Tone, *, second: str = "", differs: bool = False) -> None:
        """The sentence that the eye meets first, and one of a rehearsal below it."""
        for each in TONES:
            self._verdict.set_class(each == tone, f"-{each}")
        self._verdict.update(Content(safe(verdict)))
        self._verdict.display = bool(verdict)
        self._second.update(Content(safe(second)))
        self._second.set_class(differs, "-differs")
        self._second.display = bool(second)

    def explain_start(self, what: str, *, do: str) -> None:
        """Nothing is asked yet."""
        self.head("", "")
        self.say("", "reading")
        self.lines = ()
        self._listing.say(State.EMPTY, what, do=do)

    def reading(self, what: str) -> None:
        """Nothing is known yet."""
        self.say("", "reading")
        self.lines = ()
        self._listing.reading(what)

    def fail(self, error: PgtetherError) -> None:
        """Say what went wrong."""
        self.say("", "reading")
        self.lines = ()
        self._listing.fail(error)

    # Lines

    def show(self, shown: Shown, lines: Sequence[Line]) -> None:
        """Show these; the cursor stays on top, or on the line to which it was moved."""
        kept = self.line if self._listing.lines.cursor else None
        self._shown, self.lines = shown, lines
        self._fill(kept)

    def clear(self) -> None:
        """Begin with open branches."""
        self._folded.clear()

    def text(self, line: Line) -> Content:
        """Everything that the line says."""
        assert self._shown is not None
        return text(self._shown, line, self._glyphs)

    def _fill(self, kept: Line | None) -> None:
        if self._shown is None or not self.lines:
            return
        drawn = [
            row(self._shown, line, self._glyphs, mark=self._mark(at)) for at, line in enumerate(self.lines)
        ]
        self._listing.lines.columns = self._shown.columns
        self._listing.show(drawn, empty="")
        seen = [at for at, line in enumerate(self.lines) if not self._is_hidden(line)]
        at = next((at for at in seen if kept is not None and _is_same(self.lines[at], kept)), None)
        self._listing.lines.pick(seen, keep=at)

    def _mark(self, at: int) -> str:
        if not self._has_branch(at):
            return ""
        return self._glyphs.closed if self.lines[at] in self._folded else self._glyphs.open

    def _has_branch(self, at: int) -> bool:
        """Whether the next line is below this one."""
        line, below = self.lines[at], self.lines[at + 1 : at + 2]
        return line.kind == "key" and bool(below) and _is_below(below[0], line)

    def _is_hidden(self, line: Line) -> bool:
        return any(_is_below(line, closed) for closed in self._folded)

    # Actions

    def close(self) -> bool:
        """Close the branch under the cursor, or go to the line above it; whether there was one."""
        line = self.line
        if line is None or line.kind != "key":
            return False
        if self._has_branch(self.lines.index(line)) and line not in self._folded:
            self._folded.add(line)
            self._fill(line)
            return True
        above = [at for at, each in enumerate(self.lines) if _is_below(line, each)]
        if above:
            self._listing.lines.go_to(above[-1])
        return bool(above)

    def open(self) -> bool:
        """Open the branch under the cursor; whether it was closed."""
        line = self.line
        if line is None or line not in self._folded:
            return False
        self._folded.discard(line)
        self._fill(line)
        return True


def _is_below(line: Line, above: Line) -> bool:
    """Whether the path to the one goes through the other."""
    if line.kind != "key" or above.kind != "key":
        return False
    return len(line.path) > len(above.path) and line.path[: len(above.path)] == above.path


def _is_same(line: Line, other: Line) -> bool:
    """Whether it is the same line with other numbers."""
    same = ("kind", "path", "caution")
    return all(getattr(line, name) == getattr(other, name) for name in same) and line.table == other.table
