"""A cursor key in a list of 10,000 tables, from the key to the last byte over a pty, beside a DataTable."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from tests.bench.schema import many_tables
from tests.bench.terminal import Terminal, terminal
from tests.support.servers import Server

_PGTETHER = str(Path(sys.executable).with_name("pgtether"))
_KEYS = {"down": b"\x1b[B", "page down": b"\x1b[6~"}


def run(server: Server, *, small: bool) -> None:
    """Print median, 95th percentile and bytes of each key in both programs."""
    tables = 100 if small else 10_000
    print(f"\ntables, {tables:,} in the list")
    with server.new_database() as conninfo:
        many_tables(conninfo, tables=tables)
        with terminal([_PGTETHER, conninfo]) as program:
            program.until(b"table_00000")
            _show("pgtether", program)
    with terminal([sys.executable, "-m", "tests.bench.data_table", str(tables)]) as program:
        program.until(b"table_00000")
        _show("DataTable", program)


def _show(name: str, program: Terminal) -> None:
    program.settle()
    for key, code in _KEYS.items():
        presses = [program.press(code) for _ in range(40)]
        seconds = sorted(press[0] for press in presses)
        size = statistics.median(press[1] for press in presses)
        print(
            f"  {name:<12} {key:<10} median {statistics.median(seconds) * 1000:6.1f} ms"
            f"   95th percentile {seconds[int(len(seconds) * 0.95) - 1] * 1000:6.1f} ms   {size:,.0f} bytes"
        )
