"""Ask before something happens that can't be taken back by one key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static


class Confirm(ModalScreen[bool]):
    """Yes or no, with no as the default; ``typed`` must be written out before yes can be said.

    ``question`` names the database and the count; ``means`` says what it does to the data and the traffic.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", "no", tooltip="No: nothing happens"),
        Binding("n", "answer(False)", "no", show=False, tooltip="No: nothing happens"),
        Binding("left,right", "app.focus_next", "other answer", show=False, tooltip="To the other answer"),
    ]

    def __init__(
        self, question: str, *, means: str = "", yes: str = "Yes", no: str = "No", typed: str = ""
    ) -> None:
        super().__init__()
        self._question = question
        self._means = means
        self._yes = yes
        self._no = no
        self._typed = typed

    def compose(self) -> ComposeResult:
        """The question, what it means, the word to type, the two answers."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield Static(Content(self._means), classes="dialog-text")
            if self._typed:
                yield Static(Content(f"Type {self._typed} to go on."), classes="dialog-text")
                yield Input(compact=True)
            with Horizontal(classes="dialog-buttons"):
                yield Button(self._no, id="no", compact=True)
                yield Button(self._yes, id="yes", compact=True, variant="error", disabled=bool(self._typed))

    def on_mount(self) -> None:
        """Stand on what can't do harm."""
        for field in self.query(Input):
            field.cursor_blink = False
        self.query_one(Input if self._typed else "#no").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let yes be said once the word is there."""
        self.query_one("#yes", Button).disabled = event.value != self._typed

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field says yes where the word is right."""
        if event.value == self._typed:
            self.dismiss(True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Give the answer."""
        self.dismiss(answer)
