"""Choose one of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.columns import Column, Row
from tui.widgets.line_table import LineTable


class Choose(ModalScreen[int | None]):
    """A short table to choose from; gives the place of the row, None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", tooltip="Back, nothing chosen")
    ]

    def __init__(
        self, question: str, columns: Sequence[Column], rows: Sequence[Row], *, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__()
        self._question = question
        self._rows = rows
        self._table = LineTable(columns, glyphs=glyphs)

    def compose(self) -> ComposeResult:
        """The question and the choices."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield self._table
            yield Static(Content("Enter choose   Esc back"), classes="dialog-keys")

    def on_mount(self) -> None:
        """Show the choices, no higher than they are."""
        self._table.styles.height = min(len(self._rows) + 1, 14)
        self._table.fill(self._rows)
        self._table.focus()

    def on_line_table_opened(self, event: LineTable.Opened) -> None:
        """This one."""
        event.stop()
        self.dismiss(event.row)

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss(None)
