"""Counting orphans in a child of 5 million rows, against a serial scan and the server's own VALIDATE."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import LiteralString

import psycopg

from queries.orphans import Reference, State
from tests.support.orphan_counts import counts, made, wished
from tests.support.servers import Server

TRIES = 3
TABLES: tuple[LiteralString, ...] = (
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


def run(server: Server, *, small: bool) -> None:
    """Print a line for each way, without and with an index on the child."""
    with server.new_database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        fill(connection, scale=0.001 if small else 0.5)
        report(connection, "orphans, no index on the child")
        made(connection, "create index on bench_child (parent_id)", "vacuum analyze bench_child")
        report(connection, "orphans, index and fresh visibility map")


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
