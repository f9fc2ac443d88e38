"""Run pgtether's command line: in this process where that is enough, otherwise in one of its own."""

from __future__ import annotations

import fcntl
import io
import json
import os
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, NamedTuple

from tests.support.source import ROOT
from tui.cli import run

_TAKE_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from tui.cli import main
sys.exit(main())
"""
PROGRAM = (sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())")


class Ran(NamedTuple):
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


def pgtether(*words: str) -> Ran:
    """Run it here; neither stream is a terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(words)
    return Ran(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def environment(**more: str) -> dict[str, str]:
    """The environment of a process of pgtether's own."""
    return os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | more


def process(*words: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run it in a process of its own, without a terminal."""
    done = subprocess.run(
        [*PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=environment(**(env or {})),
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def on_terminal(
    *words: str, width: int = 80, typed: tuple[str, str] = ("", ""), env: Mapping[str, str] | None = None
) -> Ran:
    """Run it on a terminal of its own; ``out`` is what it shows, ``typed`` a prompt and the answer to it."""
    person, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    shown, (prompt, text) = b"", typed
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, *words],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        env=environment(**(env or {})),
    ) as running:
        os.close(terminal)
        for some in _read(person):
            shown += some
            if prompt and prompt.encode() in shown:
                os.write(person, text.encode())
                prompt = ""
    os.close(person)
    return Ran(running.returncode, shown.decode().replace("\r\n", "\n"), "")


def _read(terminal: int) -> Iterator[bytes]:
    """What is shown until the last process has left the terminal, which Linux tells as EIO."""
    with suppress(OSError):
        while some := os.read(terminal, 65536):
            yield some
