"""A program in a terminal of its own: how long until it has painted, and until a key's last byte is there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

_SYNC_ASKED, _SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"


@dataclass
class Terminal:
    """The master's side."""

    fd: int
    began: float

    def until(self, text: bytes, *, within: float = 60) -> float:
        """Seconds since the program began until it has written the text."""
        seen = b""
        deadline = time.perf_counter() + within
        while text not in seen:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text!r} was not written within {within} s")
            seen += self._read(0.05)
        return time.perf_counter() - self.began

    def settle(self, *, quiet: float = 0.6) -> None:
        """Read until nothing comes any more."""
        while self._read(quiet):
            pass

    def press(self, key: bytes, *, quiet: float = 0.12) -> tuple[float, int]:
        """Seconds from the key to the last byte of the answer, and how many bytes it had."""
        began = last = time.perf_counter()
        os.write(self.fd, key)
        size = 0
        while data := self._read(quiet):
            size += len(data)
            last = time.perf_counter()
        return last - began, size

    def _read(self, wait: float) -> bytes:
        ready, _, _ = select.select([self.fd], [], [], wait)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the program has ended
            return b""
        if _SYNC_ASKED in data:
            os.write(self.fd, _SYNC_ANSWER)
        return data


@contextmanager
def terminal(
    command: Sequence[str], *, size: tuple[int, int] = (48, 160), environment: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run the command in a pty of rows by columns; it is ended at the end."""
    given = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", **(environment or {}))
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        os.execvpe(command[0], list(command), given)
    try:
        yield Terminal(fd, began)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
