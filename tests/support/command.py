"""Run pgtether's command line: in this process where that is enough, otherwise in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from tests.support.source import ROOT
from tui.cli import run

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
    return Ran(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]


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
