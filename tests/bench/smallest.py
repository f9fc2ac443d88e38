"""The smallest Textual app: what any program in Textual needs at least until its first text is there."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("READY")


if __name__ == "__main__":
    Smallest().run()
