"""Ask for a line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class AskText(ModalScreen[str | None]):
    """One line, such as a reason or a file's name; gives None for Esc.

    ``complaint`` looks at what was typed and gives the sentence that says what is wrong with it, or "".
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back", tooltip="Back, nothing said")]

    def __init__(
        self,
        question: str,
        *,
        value: str = "",
        hint: str = "",
        complaint: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint
        self._complaint = complaint

    def compose(self) -> ComposeResult:
        """The question, the field, and what is wrong with it."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield Input(self._value, compact=True)
            yield Static(Content(self._hint), classes="dialog-text")
            yield Static(Content("Enter done   Esc back"), classes="dialog-keys")

    def on_mount(self) -> None:
        """Nothing blinks."""
        self.query_one(Input).cursor_blink = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give it, or say what is wrong with it."""
        if wrong := self._complaint(event.value):
            self.query_one(".dialog-text", Static).update(Content(wrong))
            return
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Nothing said."""
        self.dismiss(None)
