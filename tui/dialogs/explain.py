"""A long text, to be read and left."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Explain(ModalScreen[None]):
    """A title and what is to be said of it; any of Esc, x and Enter goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x,enter", "leave", "back", tooltip="Back to the screen")
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text, as high as it is."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll():
                yield Static(self._text)
            yield Static(Content("Esc back"), classes="dialog-keys")

    def on_mount(self) -> None:
        """Let the arrow keys scroll it."""
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)
