"""From the start of the process to the frame and to the tables, against the smallest Textual app."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench.schema import many_tables
from tests.bench.terminal import terminal
from tests.bench.timing import in_turn, show
from tests.support.servers import Server

_SMALLEST = "smallest Textual app: first text"
_PGTETHER = str(Path(sys.executable).with_name("pgtether"))


def run(server: Server, *, small: bool) -> None:
    """Print the medians."""
    with server.new_database() as conninfo:
        many_tables(conninfo, tables=20 if small else 1_000)
        things = {
            _SMALLEST: lambda: _until([sys.executable, "-m", "tests.bench.smallest"], b"READY"),
            "pgtether: the frame": lambda: _until([_PGTETHER, conninfo], b"Tables"),
            "pgtether: connected, the tables listed": lambda: _until([_PGTETHER, conninfo], b"table_00000"),
        }
        show("start-up", in_turn(things, rounds=2 if small else 7), against=_SMALLEST)


def _until(command: list[str], text: bytes) -> None:
    with terminal(command) as program:
        program.until(text)
