"""Counting orphans against a serial scan and the server's own VALIDATE, in one run and as ratios.

python -m tests.bench.bench_orphans [CONNECTION] [--scale 1]   1 is a child of 10 million rows
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter
from typing import LiteralString

import psycopg

from queries.orphans import Reference, State
from tests.support import servers
from tests.support.orphan_counts import counts, made, wished

TRIES = 3
TABLES: tuple[LiteralString, ...] = (
    "drop table if exists bench_child, bench_parent",
    "create unlogged table bench_parent (id int, filler text)",
    "create unlogged table bench_child (id int, parent_id int, filler text)",
)
PARENTS: LiteralString = "insert into bench_parent select i, repeat('x', 40) from generate_series(1, %s) as i"
CHILDREN: LiteralString = (
    "insert into bench_child select i, (hashint4(i) & 2147483647) %% %s + 1, repeat('y', 40)"
    " from generate_series(1, %s) as i"
)
KEY: LiteralString = (
    "alter table bench_child"
    " add constraint bench_key foreign key (parent_id) references bench_parent not valid"
)


def main() -> None:
    """Print a line for each way, without and with an index on the child."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("connection", nargs="?", default="", help="a database to make two tables in")
    parser.add_argument("--scale", type=float, default=0.1)
    given = parser.parse_args()
    if given.connection:
        run(given.connection, scale=given.scale)
        return
    own = servers.begin_run()
    try:
        server = servers.shared_server(own.directory, 18)
        with server.new_database() as conninfo:
            run(conninfo, scale=given.scale)
    finally:
        servers.end_run(own)


def run(conninfo: str, *, scale: float) -> None:
    """Make the tables, measure, drop them."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        try:
            fill(connection, scale=scale)
            report(connection, "no index on the child")
            made(connection, "create index on bench_child (parent_id)", "vacuum analyze bench_child")
            report(connection, "index, fresh visibility map")
        finally:
            made(connection, "drop table if exists bench_child, bench_parent")


def fill(connection: psycopg.Connection, *, scale: float) -> None:
    """Ten children a parent, no orphan among them: the case in which nothing ends early."""
    parents = max(10, round(1_000_000 * scale))
    made(connection, "set synchronous_commit = on", *TABLES)
    connection.execute(PARENTS, [parents])
    connection.execute(CHILDREN, [parents, parents * 10])
    made(
        connection,
        "alter table bench_parent add primary key (id)",
        "vacuum analyze bench_parent, bench_child",
    )


def report(connection: psycopg.Connection, title: str) -> None:
    """Best of three, as seconds and as multiples of a serial scan."""
    reference = wished(connection, "bench_child(parent_id)", "bench_parent(id)")
    made(connection, "set max_parallel_workers_per_gather = 0")
    scan = best(lambda: made(connection, "select count(parent_id) + count(filler) from bench_child"))
    print(f"\n{title} ({reference.child.estimate:,.0f} rows)")
    line("serial scan", scan, scan)
    line("orphans, serial", best(lambda: check(connection, reference)), scan)
    made(connection, "reset max_parallel_workers_per_gather")
    line("orphans, with workers", best(lambda: check(connection, reference)), scan)
    line("VALIDATE, as the server is set", min(validated(connection) for _ in range(TRIES)), scan)


def check(connection: psycopg.Connection, reference: Reference) -> None:
    """Count, and see that it was done."""
    (answer,) = counts(connection, reference)
    assert (answer.state, answer.orphans) == (State.EXACT, 0), answer


def validated(connection: psycopg.Connection) -> float:
    """Seconds of the server's own check."""
    made(connection, KEY)
    began = perf_counter()
    made(connection, "alter table bench_child validate constraint bench_key")
    spent = perf_counter() - began
    made(connection, "alter table bench_child drop constraint bench_key")
    return spent


def best(work: Callable[[], None]) -> float:
    """Seconds of the quickest try."""
    seconds = []
    for _ in range(TRIES):
        began = perf_counter()
        work()
        seconds.append(perf_counter() - began)
    return min(seconds)


def line(what: str, seconds: float, scan: float) -> None:
    """One row of the report."""
    print(f"  {what:<32}{seconds * 1000:9.0f} ms{seconds / scan:8.1f} x scan")


if __name__ == "__main__":
    main()
