"""Every key that works here, each with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class AllKeys(ModalScreen[None]):
    """Two columns, keys and sentences; any of Esc, ? and Enter goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter,q", "leave", "back", tooltip="Back to the screen")
    ]

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The list."""
        width = max((len(key) for key, _ in self._keys), default=0)
        lines = [
            Content.assemble((key.ljust(width), "bold $accent"), "  ", sentence)
            for key, sentence in self._keys
        ]
        with Vertical(classes="dialog"):
            yield Static(Content("All keys here"), classes="dialog-title")
            with VerticalScroll():
                yield Static(Content("\n").join(lines))
            yield Static(Content("Esc back"), classes="dialog-keys")

    def on_mount(self) -> None:
        """Let the arrow keys scroll it."""
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)
