"""A person at the console: presses keys, waits until it is quiet, reads what is on the screen."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from tests.support.pictures import words
from tui.app import Console


class Person:
    """Drives one console."""

    def __init__(self, app: Console, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each after the one before has done its work."""
        for key in keys:
            await self._pilot.press(key)
            await self.wait()

    async def press_and_go_on(self, key: str) -> None:
        """Press a key whose work doesn't end by itself."""
        await self._pilot.press(key)

    async def click(self, selector: str, *, offset: tuple[int, int]) -> None:
        """Click there, and wait until that has done its work."""
        await self._pilot.click(selector, offset=offset)
        await self.wait()

    async def until(self, words: str, *, seconds: float = 30) -> None:
        """Wait until these words are on the screen."""
        async with asyncio.timeout(seconds):
            while words not in self.screen:
                await self._pilot.pause(0.05)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def wait(self) -> None:
        """Until nothing is being read and everything is drawn; a question that is asked counts as quiet."""
        await self._pilot.pause()
        while any(worker.is_running and worker.name != "choose" for worker in self.app.workers):
            await self._pilot.pause(0.01)
        await self._pilot.pause()

    @property
    def screen(self) -> str:
        """The text on the screen."""
        return "\n".join(words(self.app.export_screenshot()))
