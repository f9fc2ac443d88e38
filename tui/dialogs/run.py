"""A run on the whole screen: its steps as they go, the question at its end, its outcome in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from queries.errors import PgtetherError, StepFailed
from queries.events import Answer, Done, Ended, Event, EventKind, Question
from queries.locks import Session, waiting
from tui.context import Context
from tui.dialogs.confirm import Confirm
from tui.messages import Writing
from tui.run_outcome import RunOutcome, RunWords
from tui.running import Running
from tui.stream import Stream
from tui.widgets.cells import safe
from tui.widgets.columns import Cell
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_table import LineTable
from tui.widgets.run_question import RunQuestion
from tui.widgets.step_cells import CARRIED, PENDING, carried_cells, failed, given_up

SECOND = 1.0
CANCELLED = "57014"
STOP_AGAIN = 0.25  # a cancel request that comes between two statements stops nothing


class RunDialog(ModalScreen[RunOutcome]):
    """Carries the run out; nothing else can be reached before it has ended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "wait", "more time", tooltip="Begin the countdown again"),
        Binding("escape", "leave", "stop", tooltip="Stop and roll back; asks first"),
        Binding("ctrl+c,ctrl+q", "leave", "stop", show=False, tooltip="Stop and roll back; asks first"),
        Binding("escape,enter", "close", "close", tooltip="Close what has ended"),
        Binding("ctrl+c,ctrl+q", "close", "close", show=False, tooltip="Close what has ended"),
        Binding("question_mark", "app.all_keys", "all keys", show=False, tooltip="Every key that works here"),
    ]

    def __init__(
        self,
        context: Context,
        running: Running,
        *,
        steps: Sequence[tuple[str, str]],
        words: RunWords,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``steps`` are ids and sentences in the order in which they run."""
        super().__init__()
        self._given = context
        self._carrying = running
        self._steps = steps
        self._words = words
        self._clock = clock
        self._states: dict[str, tuple[Cell, ...]] = {}
        self._rows: dict[str, int] = {}
        self._began = self._until = clock()
        self._run, self._outcome, self._why = 0, "", ""
        self._answer: asyncio.Future[Answer] | None = None
        self._behind: Sequence[Session] | None = ()
        self._confirm: Confirm | None = None
        self._is_stopping = self._has_ended = False
        self._lines = LineTable(CARRIED, glyphs=context.glyphs, opens=False)
        self._question = RunQuestion(words.meaning)
        self._said = Static(classes="run-said")

    def compose(self) -> ComposeResult:
        """The title, the steps, and below them what is to be said or asked; the badge stays in sight."""
        with Vertical(id="run"):
            yield Static(Content(safe(self._words.title)), classes="panel-title")
            yield self._lines
            yield self._said
            yield self._question
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin; nothing that was said before may cover what is said of the run."""
        self.app.clear_notifications()
        self._question.display = False
        self._show_steps()
        self._lines.focus()
        self.set_interval(SECOND, self._tick)
        self.set_interval(STOP_AGAIN, self._stop_again)
        self._tick()
        self.carry()

    # Load

    @work(exclusive=True, group="run")
    async def carry(self) -> None:
        """Carry it out; however it is left, the stream is closed, which rolls back what isn't committed."""
        told = ""
        try:
            async with self._carrying.stream() as stream:
                await self._pump(stream)
        except PgtetherError as error:
            told = self._told_by(error)
        self._end(told)

    def _told_by(self, error: PgtetherError) -> str:
        """The error's words; that the server cancelled what a person has stopped is none."""
        if self._is_stopping and isinstance(error, StepFailed) and error.sqlstate == CANCELLED:
            self._outcome, self._why = "stopped", ""
            return ""
        return str(error)

    async def _pump(self, stream: Stream[Event | Question]) -> None:
        is_failing = False
        async for each in stream:
            if isinstance(each, Question):
                stream.answer(await self._asked(each))
                continue
            self._tell(each)
            is_failing = is_failing or each.kind is EventKind.FAILED
            if self._is_stopping and not is_failing and not self._outcome:
                self._outcome = "stopped"
                return

    async def _asked(self, question: Question) -> Answer:
        if self._is_stopping:
            return Answer.ROLLBACK
        self._answer = asyncio.get_running_loop().create_future()
        self._until = self._clock() + question.seconds
        self._show_question(True)
        self._question.ask(
            question, [(said, self._rows[step]) for step, said in self._steps if step in self._rows]
        )
        self._tick()
        try:
            return await self._answer
        finally:
            self._answer = None
            self._show_question(False)

    @work(exclusive=True, group="waiting")
    async def look(self) -> None:
        """Ask who waits behind us, on a connection that reads."""
        try:
            self._behind = await self._given.ask(waiting, pid=self._carrying.pid)
        except PgtetherError:
            self._behind = None
        if not self._has_ended:
            self._say_now()

    # Show

    def _tell(self, event: Event) -> None:
        self._run = event.run
        if event.step is not None:
            self._states[event.step] = carried_cells(event)
            if isinstance(event.detail, Done) and event.detail.rows:
                self._rows[event.step] = event.detail.rows
            self._show_steps(event.step)
        elif isinstance(event.detail, Ended):
            self._outcome, self._why = event.detail.outcome, event.detail.why or self._why

    def _show_steps(self, at: str = "") -> None:
        rows = [
            (f"{number}", sentence, *self._states.get(step, PENDING))
            for number, (step, sentence) in enumerate(self._steps, 1)
        ]
        self._lines.fill(rows)
        place = next((place for place, (step, _) in enumerate(self._steps) if step == at), 0)
        self._lines.go_to(place)

    def _show_question(self, shown: bool) -> None:
        self._question.display = shown
        self._said.display = not shown
        self.set_class(shown, "-asking")
        self.refresh_bindings()

    def _tick(self) -> None:
        if self._has_ended:
            return
        if self._answer is not None and self._left() <= 0:
            self._given_up()
        self._say_now()
        if self._carrying.pid:
            self.look()

    def _say_now(self) -> None:
        open_for = int(self._clock() - self._began)
        behind = "waiting not known" if self._behind is None else f"{len(self._behind)} waiting behind us"
        dot = f" {self._given.glyphs.dot} "
        words = ["WRITING", f"tx open {open_for // 60:02d}:{open_for % 60:02d}", behind]
        self.post_message(Writing(dot.join(words)))
        if self._answer is not None:
            self._question.tick(self._left(), self._behind)
        else:
            done = sum(step in self._states for step, _ in self._steps)
            doing = "Stopping: what runs is being cancelled" if self._is_stopping else "Running"
            self._said.update(
                Content(f"{doing}. Step {done} of {len(self._steps)}. Nothing is committed yet.")
            )

    def _left(self) -> int:
        return max(0, round(self._until - self._clock()))

    def _end(self, told: str) -> None:
        """Tell the outcome in words; the database's own are told as they are."""
        self._has_ended = True
        self.post_message(Writing(""))
        if self._outcome != self._words.lasting:
            self._states = {
                step: given_up(cells, self._words.given_up) for step, cells in self._states.items()
            }
            self._show_steps(failed(self._states) or next(reversed(self._states), ""))
        if self._confirm is not None and self._confirm.is_attached:
            self._confirm.dismiss(False)
        said = self._words.outcomes.get(self._outcome, "")
        head = said.format(run=self._run) if not told or self._outcome == self._words.lasting else ""
        why = f"Why: {self._why}." if self._why and self._why.rstrip(".") not in told else ""
        text = "\n".join(safe(line) for part in (head, told, why) for line in part.splitlines())
        self._said.update(Content(text))
        self._said.set_class(self._outcome == self._words.lasting, "-lasting")
        self._said.set_class(bool(told), "-failed")
        self.refresh_bindings()
        self._lines.focus()

    # Actions

    @on(RunQuestion.Answered)
    def take_answer(self, event: RunQuestion.Answered) -> None:
        """COMMIT or ROLLBACK, chosen."""
        event.stop()
        self._give(event.answer)

    def action_wait(self) -> None:
        """More time."""
        self._give(Answer.WAIT)

    def action_close(self) -> None:
        """Back to where it was begun."""
        changed = self._outcome == self._words.lasting
        self.dismiss(RunOutcome(self._run, self._outcome, changed, self._states))

    def action_leave(self) -> None:
        """Ask whether to roll back."""
        self._confirm = Confirm(
            "Stop, and roll everything back?",
            means="Nothing of it is committed. What runs now is cancelled on the server.",
            yes="Roll back",
            no="Go on",
        )
        self.app.push_screen(self._confirm, self._stop)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """More time is there only while a question stands, and closing only at the end."""
        there = {
            "wait": self._answer is not None,
            "close": self._has_ended,
            "leave": not self._has_ended,
        }
        return there.get(action, True)

    def _stop(self, wanted: bool | None) -> None:
        self._confirm = None
        if wanted and not self._has_ended:
            self._is_stopping = True
            self._give(Answer.ROLLBACK)

    def _stop_again(self) -> None:
        if self._is_stopping and not self._has_ended:
            self.run_worker(asyncio.to_thread(self._carrying.stop), group="stop", exclusive=True)

    def _given_up(self) -> None:
        self._why = "nobody answered in time"
        self._give(Answer.ROLLBACK)

    def _give(self, answer: Answer) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)
