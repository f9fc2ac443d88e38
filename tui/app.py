"""The console: the frame around the screens, and the keys that work everywhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from queries.errors import BadConninfo, CannotConnect, PgtetherError
from tui.clipboard import through_tmux
from tui.config import Config, config
from tui.dialogs.all_keys import AllKeys
from tui.ending import leave_by_signals, own_signals, stopped
from tui.linking import Link
from tui.messages import OpenScreen, OpenTable, PreviewDelete, ReadAgain, Writing
from tui.screens import SCREENS, ConsoleScreen, Entry
from tui.themes import THEMES
from tui.verbs import verb
from tui.widgets.badge import Badge, Standing
from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.key_bar import KeyBar, keys_of, lines
from tui.widgets.state_panel import State, StatePanel

if TYPE_CHECKING:  # psycopg comes after the first paint
    from queries.catalog import Catalog

RETRY_SECONDS = 3


class Console(App[int]):
    """Badge, numbers, the open screen, keys; screens are made when they are first opened."""

    TITLE = "pgtether"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath] | None] = [
        "app.tcss",
        *(f"screens/{entry.module}.tcss" for entry in SCREENS),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                entry.number,
                f"open('{entry.number}')",
                entry.label,
                show=False,
                tooltip=f"Screen {entry.label}",
            )
            for entry in SCREENS
        ),
        verb("reload", show=False),
        Binding("r", "retry", "try again", tooltip="Try to connect again"),
        Binding("question_mark", "all_keys", "all keys", show=False, tooltip="Every key that works here"),
        Binding("ctrl+q,q", "quit", "quit", show=False, tooltip="Leave pgtether"),
    ]

    def __init__(
        self, conninfo: str | Callable[[], str], *, policy: Path | None = None, config: Config | None = None
    ) -> None:
        self._config = config or Config()
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._config.theme  # before the first paint: later, every style is made twice
        self.animation_level = "full" if self._config.animations else "none"
        self._link = Link(conninfo, policy=policy, config=self._config, lost=self._lost)
        self._catalog: Catalog | None = None
        self.failure: PgtetherError | None = None
        glyphs = self._link.glyphs
        self._badge = Badge(glyphs=glyphs)
        self._numbers = ChoiceBar(
            [(each.number, f"{each.number} {each.label}") for each in SCREENS], id="numbers"
        )
        self._state = StatePanel(id="standing")
        self._screens = ContentSwitcher(self._state, id="screens", initial="standing")

    def compose(self) -> ComposeResult:
        """The frame; what stands in it comes with the connection."""
        yield self._badge
        yield self._numbers
        yield self._screens
        yield KeyBar()

    def on_mount(self) -> None:
        """Paint first, connect then."""
        self.set_class(self._config.ascii, "-ascii")
        self.set_class(self.no_color, "-no-color")
        self._state.show(State.LOADING, "Connecting" + self._link.glyphs.cut, title="pgtether")
        leave_by_signals(self.leave)
        self.call_after_refresh(self.connect)

    # Load

    @work(exclusive=True, group="link")
    async def connect(self) -> None:
        """Connect and read the catalog."""
        self.failure = None
        self._state.show(State.LOADING, "Connecting" + self._link.glyphs.cut, title="pgtether")
        try:
            server = await self._link.open()
            self._badge.show(self._link.standing)
            for warning in server.warnings:
                self.notify(warning, severity="warning", markup=False, timeout=20)
            self._state.show(State.LOADING, "Reading the catalog" + self._link.glyphs.cut)
            catalog, _ = await asyncio.gather(self._link.catalog(), asyncio.to_thread(_widget, SCREENS[0]))
        except PgtetherError as error:
            self._fail(error)
            return
        self._show_everywhere(catalog)

    @work(exclusive=True, group="link")
    async def read_catalog(self) -> None:
        """Read the catalog again."""
        try:
            catalog = await self._link.catalog()
        except PgtetherError as error:
            self.notify(
                str(error), title="The catalog could not be read again", severity="error", markup=False
            )
            return
        self._show_everywhere(catalog)

    @work(exclusive=True, group="link")
    async def reconnect(self) -> None:
        """Try every few seconds, saying so, until the server answers; then read again."""
        await self._link.wait_for_server(RETRY_SECONDS, say=self._say_lost)
        self.failure = None
        self._badge.show(self._link.standing)
        self.read_catalog()

    # Show

    def _show_everywhere(self, catalog: Catalog) -> None:
        first, self._catalog = self._catalog is None, catalog
        for screen in self._screens.children:
            if screen is not self._state:
                cast("ConsoleScreen", screen).show_catalog(catalog)
        if first:
            self.open_screen(SCREENS[0])
        self.refresh_bindings()

    def _fail(self, error: PgtetherError) -> None:
        self.failure = error
        if isinstance(error, BadConninfo):  # a mistake on the command line, to be told there
            self.exit()
            return
        self._badge.show(Standing(mode="NO CONNECTION", loud=True))
        keys = "r  try again     q  quit"
        self._state.show(
            State.FAILED,
            error.what,
            means=error.means,
            do=f"{error.do}\n\n{keys}".strip(),
            title="No connection",
        )
        self.refresh_bindings()

    def _lost(self, error: CannotConnect) -> None:
        """A screen found the connection gone."""
        if not any(worker.name == "reconnect" and worker.is_running for worker in self.workers):
            self.notify(error.what, severity="error", markup=False)
            self.reconnect()

    def _say_lost(self, seconds: int) -> None:
        standing = self._link.standing
        self._badge.show(standing.without_connection(seconds))

    @work(exclusive=True, group="screen")
    async def open_screen(self, entry: Entry) -> None:
        """Open a screen; make it if this is the first time."""
        name = f"screen-{entry.number}"
        context, catalog = self._link.context, self._catalog
        if context is None or catalog is None:
            return
        if not self._screens.query(f"#{name}"):
            made: Widget = (await asyncio.to_thread(_widget, entry))(context, id=name)
            await self._screens.add_content(made, set_current=True)
            cast("ConsoleScreen", made).show_catalog(catalog)
        self._screens.current = name
        self._numbers.show(entry.number)
        cast("ConsoleScreen", self._screens.get_child_by_id(name)).take_focus()

    # Messages of screens

    @on(ChoiceBar.Chosen, "#numbers")
    def choose_screen(self, event: ChoiceBar.Chosen) -> None:
        """A click on a number."""
        self.action_open(event.choice)

    @on(OpenScreen)
    def open_other(self, event: OpenScreen) -> None:
        """A screen leads to another."""
        self.action_open(event.number)

    @on(OpenTable)
    async def open_table(self, event: OpenTable) -> None:
        """A screen leads to a table."""
        await self._hand_on("1", OpenTable(event.oid, event.tab))

    @on(PreviewDelete)
    async def preview_delete(self, event: PreviewDelete) -> None:
        """A screen asks what a delete would do."""
        await self._hand_on("4", PreviewDelete(event.oid, event.where))

    async def _hand_on(self, number: str, message: Message) -> None:
        """Open the screen of that number and tell it."""
        await self.open_screen(_entry(number)).wait()
        self._screens.get_child_by_id(f"screen-{number}").post_message(message)

    @on(ReadAgain)
    def read_again(self) -> None:
        """A screen changed something."""
        self.read_catalog()

    @on(Writing)
    def say_writing(self, event: Writing) -> None:
        """A run has begun, goes on, or has ended."""
        self._badge.say(event.words)

    # Actions

    def action_open(self, number: str) -> None:
        """Open the screen of that number."""
        self.open_screen(_entry(number))

    def action_reload(self) -> None:
        """Read the catalog again."""
        if self._catalog is not None:
            self.read_catalog()

    def action_retry(self) -> None:
        """Try to connect again."""
        self.connect()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to try again only where connecting failed."""
        return action != "retry" or self.failure is not None

    def action_all_keys(self) -> None:
        """List every key that works here."""
        self.push_screen(AllKeys(lines(keys_of(self.screen.active_bindings))))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by way of the terminal, also where that is inside tmux."""
        super().copy_to_clipboard(text)
        if self._driver is not None and "TMUX" in os.environ:
            self._driver.write(through_tmux(text))

    async def action_quit(self) -> None:
        """Leave; without a connection the exit code says so."""
        self.workers.cancel_all()
        await self._link.close()
        self.exit(return_code=self.failure.exit_code if self.failure else 0)

    async def leave(self, code: int) -> None:
        """End with that exit code, once all that is under way has been stopped and rolled back."""
        await stopped(self.workers)
        await self._link.close()
        self.exit(return_code=code)


def _entry(number: str) -> Entry:
    return next(entry for entry in SCREENS if entry.number == number)


def _widget(entry: Entry) -> Callable[..., Widget]:
    """The screen's class; importing it takes as long as a few keys, so it is done in a thread."""
    return cast("Callable[..., Widget]", getattr(import_module(f"tui.screens.{entry.module}"), entry.widget))


def console(conninfo: str | Callable[[], str], *, policy: Path | None = None) -> int:
    """Run the console on this terminal and give the exit code; raises BadFile, BadConninfo.

    ``conninfo`` may be how to make the string: that needs the driver, which comes after the first paint.
    """
    own = config()
    app = Console(conninfo, policy=policy, config=own)
    with own_signals():
        app.run(mouse=own.mouse)
    if isinstance(app.failure, BadConninfo):
        raise app.failure
    return app.return_code or 0
