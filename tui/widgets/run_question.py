"""The question at the end of a run: what changed, what is locked, who waits, how long there is to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from queries.events import Answer, Question
from queries.locks import Session
from tui.figures import count, counted
from tui.step_list import lock_lines
from tui.widgets.cells import safe


class RunQuestion(Vertical):
    """COMMIT or ROLLBACK; the focus starts on ROLLBACK, and that is what no answer means."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other", "the other answer", tooltip="To the other answer"),
        Binding("shift+tab,left,right,h,l", "other", "other", show=False, tooltip="To the other answer"),
        Binding("down,j", "scroll(1)", "down", show=False, tooltip="One line down"),
        Binding("up,k", "scroll(-1)", "up", show=False, tooltip="One line up"),
        Binding("pagedown", "scroll(10)", "page down", show=False, tooltip="Further down"),
        Binding("pageup", "scroll(-10)", "page up", show=False, tooltip="Further up"),
    ]

    @dataclass
    class Answered(Message):
        """A person has chosen."""

        answer: Answer

    def __init__(self, meaning: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._meaning = meaning
        self._head = Static(classes="question-head")
        self._waiting = Static(classes="question-waiting")
        self._text = Static(classes="question-text")

    def compose(self) -> ComposeResult:
        """The countdown, who waits, what changed, the two answers."""
        yield self._head
        yield self._waiting
        with VerticalScroll(can_focus=False):
            yield self._text
        yield Static(Content(self._meaning), classes="question-meaning")
        with Horizontal(classes="question-buttons"):
            yield Button("ROLLBACK", id="rollback", compact=True)
            yield Button("COMMIT", id="commit", compact=True, variant="error")

    def ask(self, question: Question, rows: Sequence[tuple[str, int]]) -> None:
        """Show it with the rows that each step has changed, and stand on what changes nothing."""
        self._text.update(Content("\n").join(_summary(question, rows)))
        self.query_one(VerticalScroll).scroll_home(animate=False)
        self.query_one("#rollback", Button).focus()

    def tick(self, left: int, behind: Sequence[Session] | None) -> None:
        """The seconds that are left and who waits (None: not known)."""
        self._head.update(
            Content.assemble(
                f"ROLLBACK by itself in {left} s   ",
                ("All steps have run. Nothing is committed yet.", "$foreground"),
            )
        )
        self._waiting.update(Content(safe(_behind(behind))))
        self._waiting.set_class(bool(behind), "-some")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer."""
        event.stop()
        self.post_message(self.Answered(Answer(str(event.button.id))))

    def action_other(self) -> None:
        """To the other answer."""
        other = "commit" if self.query_one("#rollback").has_focus else "rollback"
        self.query_one(f"#{other}", Button).focus()

    def action_scroll(self, lines: int) -> None:
        """Read on, while the focus stays on the answers."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _behind(behind: Sequence[Session] | None) -> str:
    if behind is None:
        return "Who waits behind us is not known: the server can't be asked now."
    if not behind:
        return "Nobody waits behind us."
    return f"{counted(len(behind), 'session')} waiting behind us: " + "; ".join(each.text for each in behind)


def _summary(question: Question, rows: Sequence[tuple[str, int]]) -> list[Content]:
    lines: list[Content] = []
    total = sum(number for _, number in rows)
    parts = (
        (f"Left as it is: {counted(len(question.conflicts), 'conflict')}", question.conflicts),
        ("Locks held until you answer", tuple(lock_lines(question.locks))),
        (f"{counted(total, 'row')} changed", [f"{count(number)} by: {step}" for step, number in rows]),
        (f"{counted(len(question.differences), 'change')} to definitions", question.differences),
    )
    for title, said in parts:
        if said:
            lines.append(Content.styled(title, "bold"))
            lines.extend(Content(f"  {safe(each)}") for each in said)
    return lines
