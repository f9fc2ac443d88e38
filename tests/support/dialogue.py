"""A command on a terminal of its own, answered line by line as a person would: see, then type."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.support.command import environment

_PATIENCE = 60  # seconds
_TAKE_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from tui.cli import main
sys.exit(main())
"""


class Dialogue:
    """A running command; ``shown`` is all that its terminal has shown so far."""

    def __init__(self, running: subprocess.Popen[bytes], terminal: int) -> None:
        self._running = running
        self._terminal = terminal
        self.shown = ""

    def see(self, text: str) -> None:
        """Wait until the text is shown, after what was typed last."""
        until = time.monotonic() + _PATIENCE
        while text not in self.shown:
            assert time.monotonic() < until, f"{text!r} was not shown: {self.shown}"
            assert self._read(), f"it ended before {text!r} was shown: {self.shown}"

    def type(self, text: str) -> None:
        """Type a line; what is waited for from now on comes after it."""
        self.shown = ""
        os.write(self._terminal, f"{text}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._terminal, b"\x03")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._running.send_signal(number)

    def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        while self._read():
            continue
        return self._running.wait(_PATIENCE)

    def _read(self) -> bool:
        """Whether it goes on."""
        if not select.select([self._terminal], [], [], 1)[0]:
            return self._running.poll() is None
        try:
            self.shown += os.read(self._terminal, 65536).decode(errors="replace").replace("\r\n", "\n")
        except OSError:  # the last process has left the terminal
            return False
        return True


@contextmanager
def dialogue(*words: str, env: Mapping[str, str] | None = None) -> Iterator[Dialogue]:
    """Begin one; what still runs at the end is killed."""
    person, terminal = os.openpty()
    command = [sys.executable, "-c", _TAKE_TERMINAL, *words]
    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env=environment(**(env or {})),
    ) as running:
        os.close(terminal)
        try:
            yield Dialogue(running, person)
        finally:
            running.kill()
            os.close(person)
