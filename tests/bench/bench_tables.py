"""Keys in a list of 10,000 tables, from the key to the last byte over a pty, beside a DataTable."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.schema import many_tables
from tests.bench.terminal import Terminal, terminal
from tests.support.servers import Server

_PGTETHER = str(Path(sys.executable).with_name("pgtether"))
_DOWN, _PAGE_DOWN, _HOME = b"\x1b[B", b"\x1b[6~", b"\x1b[H"
_MOVE = 0.08  # seconds without a byte: the move is done, and the detail waits longer than that
_ALL = 0.4  # the detail has followed too
_TIMES = 40


def run(server: Server, *, small: bool) -> None:
    """Print median, 95th percentile and bytes of each key in both programs."""
    tables = 100 if small else 10_000
    print(f"\ntables, {tables:,} in the list")
    with server.new_database() as conninfo:
        many_tables(conninfo, tables=tables)
        with terminal([_PGTETHER, conninfo]) as program:
            program.until(b"table_00000")
            _show_moves("pgtether", program)
            rests = [program.press(_DOWN, quiet=_ALL) for _ in range(_TIMES // 4)]
            _show("pgtether", "rest, detail", rests)
    with terminal([sys.executable, "-m", "tests.bench.data_table", str(tables)]) as program:
        program.until(b"table_00000")
        _show_moves("DataTable", program)


def _show_moves(name: str, program: Terminal) -> None:
    program.settle()
    _show(name, "down", [program.press(_DOWN, quiet=_MOVE) for _ in range(_TIMES)])
    program.press(_PAGE_DOWN)
    _show(name, "down, scrolling", [program.press(_DOWN, quiet=_MOVE) for _ in range(_TIMES)])
    _show(name, "page down", [program.press(_PAGE_DOWN, quiet=_MOVE) for _ in range(_TIMES)])
    program.press(_HOME, quiet=_ALL)
    _show(name, f"{_TIMES} downs", [program.press(_DOWN * _TIMES, quiet=_MOVE) for _ in range(5)])


def _show(name: str, key: str, presses: Sequence[tuple[float, int]]) -> None:
    seconds = sorted(press[0] for press in presses)
    size = statistics.median(press[1] for press in presses)
    print(
        f"  {name:<10} {key:<16} median {statistics.median(seconds) * 1000:6.1f} ms"
        f"   95th percentile {seconds[int(len(seconds) * 0.95) - 1] * 1000:6.1f} ms   {size:>7,.0f} bytes"
    )
