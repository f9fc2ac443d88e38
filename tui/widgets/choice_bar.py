"""One line of words to choose from: the screens by their numbers, the tabs of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class ChoiceBar(Static):
    """Each choice is an id and a text; the one that is open is marked by more than colour."""

    @dataclass
    class Chosen(Message):
        """A choice was clicked."""

        bar: ChoiceBar
        choice: str

        @property
        def control(self) -> ChoiceBar:
            """The bar, so that a handler can choose by its id."""
            return self.bar

    def __init__(
        self, choices: Sequence[tuple[str, str]], *, current: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.choices = choices
        self.current = current

    def on_mount(self) -> None:
        """Draw it."""
        self.show(self.current)

    def show(self, current: str) -> None:
        """Mark that choice."""
        self.current = current
        parts = [
            Content.styled(f" {text} ", "bold reverse" if choice == current else "$foreground-muted")
            for choice, text in self.choices
        ]
        self.update(Content(" ").join(parts))

    def next(self, by: int) -> str:
        """The choice so many places on, round and round."""
        ids = [choice for choice, _ in self.choices]
        return ids[(ids.index(self.current) + by) % len(ids)]

    def on_click(self, event: events.Click) -> None:
        """Tell which was clicked."""
        start = 0
        for choice, text in self.choices:
            end = start + len(text) + 2
            if start <= event.x < end:
                self.post_message(self.Chosen(self, choice))
            start = end + 1
