"""Run the benchmarks: ``python -m tests.bench [NAME …] [--small]``.

Each prints what it measured beside a named thing in the same run, and the ratio that the README claims.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from tests.support.servers import Server, begin_run, end_run, shared_server

#: In the order of the README's table.
NAMES = ("startup", "catalog", "tables", "stall", "orphans", "impact")


def main() -> None:
    """Each benchmark is a module with ``run(server, small=…)``."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(NAMES)}")
    parser.add_argument("--small", action="store_true", help="a hundredth of the size: does it run at all?")
    parser.add_argument("--postgres", type=int, default=18, help="the server's major version")
    given = parser.parse_args()
    run = begin_run()
    try:
        server: Server = shared_server(run.directory, given.postgres)
        for name in given.names or NAMES:
            import_module(f"tests.bench.bench_{name}").run(server, small=given.small)
    finally:
        end_run(run)


if __name__ == "__main__":
    main()
