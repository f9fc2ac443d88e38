"""What stands where a table would, while it has nothing to show: loading, empty, refused, failed."""

from __future__ import annotations

from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.widgets.cells import safe


class State(StrEnum):
    """The four designed states of every table, in words."""

    LOADING = "loading"
    EMPTY = "empty"
    REFUSED = "refused"
    FAILED = "failed"


_TITLES = {
    State.LOADING: "Reading",
    State.EMPTY: "Nothing here",
    State.REFUSED: "Not allowed",
    State.FAILED: "Failed",
}


class StatePanel(Vertical):
    """A word for the state, what happened, what it means, what to do."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._title = Static(classes="state-title")
        self._what = Static(classes="state-what")
        self._means = Static(classes="state-means")
        self._do = Static(classes="state-do")

    def compose(self) -> ComposeResult:
        """Four lines of text."""
        yield self._title
        yield self._what
        yield self._means
        yield self._do

    def show(self, state: State, what: str, *, means: str = "", do: str = "", title: str = "") -> None:
        """Say it; parts that are empty take no room."""
        for other in State:
            self.set_class(other is state, f"-{other}")
        self._title.update(Content(title or _TITLES[state]))
        for widget, text in ((self._what, what), (self._means, means), (self._do, do)):
            widget.update(Content("\n".join(safe(line) for line in text.splitlines())))
            widget.display = bool(text)
