"""The console in a process of its own, on a terminal of its own: for signals."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.command import environment

_PATIENCE = 60  # seconds
_TAKE_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from tui.cli import main
sys.exit(main())
"""


class TerminalProcess:
    """``shown`` is all that it has drawn so far, with the terminal's control sequences."""

    def __init__(self, running: subprocess.Popen[bytes], terminal: int) -> None:
        self._running = running
        self._terminal = terminal
        self.shown = ""

    def see(self, text: str) -> None:
        """Wait until the text is drawn."""
        until = time.monotonic() + _PATIENCE
        while text not in self.shown:
            assert time.monotonic() < until, f"{text!r} was not drawn: {self.shown[-4000:]}"
            assert self._read(), f"it ended before {text!r} was drawn: {self.shown[-4000:]}"

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def send(self, number: signal.Signals) -> int:
        """Send a signal, and give the exit code."""
        self._running.send_signal(number)
        until = time.monotonic() + _PATIENCE
        while self._read():
            assert time.monotonic() < until, f"it went on after the signal: {self.shown[-4000:]}"
        return self._running.wait(_PATIENCE)

    def _read(self) -> bool:
        """Whether it goes on."""
        if not select.select([self._terminal], [], [], 1)[0]:
            return self._running.poll() is None
        try:
            self.shown += os.read(self._terminal, 65536).decode(errors="replace")
        except OSError:  # the last process has left the terminal
            return False
        return True


@contextmanager
def terminal_process(*words: str) -> Iterator[TerminalProcess]:
    """Begin it; what still runs at the end is killed."""
    person, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, *words],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env=environment(TERM="xterm-256color"),
    ) as running:
        os.close(terminal)
        try:
            yield TerminalProcess(running, person)
        finally:
            running.kill()
            os.close(person)
