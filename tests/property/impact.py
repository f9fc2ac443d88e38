"""Run as many random cases as one likes: ``python -m tests.property.impact --cases 20000 --postgres 15``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from time import monotonic

import psycopg

from queries.impact.read import Way
from tests.property.cases import Case
from tests.property.judge import CannotMake, Verdict, judged
from tests.property.making import case, smaller
from tests.support import servers

PER_DATABASE = 300  # the catalog of a database in which schemas come and go grows


def main() -> int:
    """Print what came out; 1 where a prediction was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--postgres", type=int, default=15)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--server")
    given = parser.parse_args()
    if given.server:
        return run(servers.given_server(given.server), first=given.first, cases=given.cases)
    started = servers.begin_run()
    try:
        return run(
            servers.shared_server(started.directory, given.postgres), first=given.first, cases=given.cases
        )
    finally:
        servers.end_run(started)


def run(server: servers.Server, *, first: int, cases: int) -> int:
    """Cases by number, on databases of that server."""
    counts: Counter[str] = Counter()
    began = monotonic()
    wrong = 0
    for start in range(first, first + cases, PER_DATABASE):
        with server.new_database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
            for seed in range(start, min(start + PER_DATABASE, first + cases)):
                verdict = _one(connection, case(seed, version=server.major), way(seed))
                counts[verdict.outcome] += 1
                counts.update(f"uncertain: {kind}" for kind in verdict.warnings)
                if verdict.difference:
                    wrong += 1
                    if wrong <= 5:
                        _tell(connection, seed, case(seed, version=server.major))
    print(
        f"PostgreSQL {server.major}: {cases} cases, {wrong} wrong, {monotonic() - began:.1f} s", dict(counts)
    )
    return 1 if wrong else 0


def way(seed: int) -> Way:
    """Every other case row by row, though sets would do."""
    return Way.BEST if seed % 2 else Way.ROWS


def _one(connection: psycopg.Connection, case: Case, way: Way) -> Verdict:
    try:
        return judged(connection, case, way=way)
    except CannotMake:
        return Verdict("impossible", "")


def _tell(connection: psycopg.Connection, seed: int, failed: Case) -> None:
    """The smallest case that still fails."""
    shrinking = True
    while shrinking:
        shrinking = False
        for less in smaller(failed):
            if _one(connection, less, way(seed)).difference:
                failed, shrinking = less, True
                break
    print(f"-- case {seed}\n{failed.text}\n{_one(connection, failed, way(seed)).difference}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
