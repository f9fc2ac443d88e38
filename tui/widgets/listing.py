"""A line table with its state panel: one of the two is seen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from queries.errors import PgtetherError, Refused
from tui.glyphs import Glyphs
from tui.widgets.columns import Column, Row
from tui.widgets.line_table import LineTable
from tui.widgets.state_panel import State, StatePanel


class Listing(Vertical):
    """Rows, or the words for why there are none: loading, empty, refused, failed."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        glyphs: Glyphs,
        opens: bool = True,
        by_cell: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self.lines = LineTable(columns, glyphs=glyphs, by_cell=by_cell, opens=opens)
        self._state = StatePanel()

    def compose(self) -> ComposeResult:
        """Both; ``show`` and ``say`` choose."""
        yield self.lines
        yield self._state

    def on_mount(self) -> None:
        """Nothing to say yet."""
        self._state.display = False

    def show(self, rows: Sequence[Row], *, empty: str, do: str = "") -> None:
        """Show the rows, or that there are none."""
        if not rows:
            self.say(State.EMPTY, empty, do=do)
            return
        self.lines.fill(rows)
        self._show_lines(True)

    def reading(self, what: str) -> None:
        """Say what is being read."""
        self.say(State.LOADING, what + self._glyphs.cut)

    def fail(self, error: PgtetherError) -> None:
        """Say what went wrong: refused, or failed."""
        state = State.REFUSED if isinstance(error, Refused) else State.FAILED
        self.say(state, error.what, means=error.means, do=error.do)

    def say(self, state: State, what: str, *, means: str = "", do: str = "") -> None:
        """Words instead of rows; the keys stay those of the table."""
        self.lines.fill(())
        self._show_lines(False)
        self._state.show(state, what, means=means, do=do)

    def _show_lines(self, shown: bool) -> None:
        self.lines.set_class(not shown, "-empty")  # it keeps the focus, and with it the keys
        self._state.display = not shown
