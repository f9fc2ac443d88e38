"""How long the event loop answers no key while a catalog of 10,000 tables is read and listed."""

from __future__ import annotations

import asyncio
import time

from tests.bench.schema import many_tables
from tests.support.servers import Server
from tui.app import Console
from tui.widgets.line_table import LineTable


def run(server: Server, *, small: bool) -> None:
    """Print the longest stall, and the time that the whole takes."""
    tables = 100 if small else 10_000
    print(f"\nthe event loop, while {tables:,} tables are read and listed")
    with server.new_database() as conninfo:
        many_tables(conninfo, tables=tables)
        stall, whole = asyncio.run(_longest_stall(conninfo, tables))
    print(f"  longest stall {stall * 1000:6.1f} ms   of {whole * 1000:,.0f} ms")


async def _longest_stall(conninfo: str, tables: int) -> tuple[float, float]:
    app = Console(conninfo)
    async with app.run_test(size=(160, 48)):
        began = last = time.perf_counter()
        longest = 0.0
        while not any(len(each.index) == tables for each in app.query("#tables").results(LineTable)):
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        await app.action_quit()
    return longest, last - began
