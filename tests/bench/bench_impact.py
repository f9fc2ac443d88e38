"""The preview of a delete by reading, beside the DELETE that it foretells: 143 keys over 101 tables."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from time import perf_counter

import psycopg

from queries.catalog import Catalog, catalog
from queries.connection import reading
from queries.impact import Deletion, Impact, impact
from queries.names import TableName
from tests.bench.timing import in_turn, show
from tests.support.servers import Server

SEEDS = (1, 20, 500, 2_000, 20_000)
WIDTHS = (20, 40, 40)  # tables of each level below the root


def run(server: Server, *, small: bool) -> None:
    """Print a table for each number of rows that the condition takes."""
    with server.new_database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        build(connection, roots=200 if small else 20_000)
        with reading(connection):
            known = catalog(connection)
        for seeds in SEEDS[:2] if small else SEEDS:
            measure(connection, known, seeds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"  most memory of this process: {peak / 1024:.0f} MB")


def measure(connection: psycopg.Connection, known: Catalog, seeds: int) -> None:
    """The preview and the DELETE in turn."""
    where = "".join(["id <= ", str(seeds)])
    found = preview(connection, known, where)
    rows = sum(effect.deleted for effect in found.effects)
    things = {
        "preview by reading": lambda: preview(connection, known, where),
        "DELETE and ROLLBACK": lambda: deleted(connection, where),
    }
    title = f"{seeds:,} rows of the root, {rows:,} rows in all, {found.outcome}"
    show(title, in_turn(things, rounds=3 if rows < 100_000 else 1), against="DELETE and ROLLBACK")


def preview(connection: psycopg.Connection, known: Catalog, where: str) -> Impact:
    """By reading."""
    table = known.find(TableName("public", "root"))
    assert table is not None
    with reading(connection):
        *_, found = impact(connection, Deletion(table, where), catalog=known)
    assert isinstance(found, Impact)
    return found


def deleted(connection: psycopg.Connection, where: str) -> None:
    """For real, and rolled back."""
    with connection.transaction(force_rollback=True):
        connection.execute(" ".join(["delete from root where", where]).encode())


def build(connection: psycopg.Connection, *, roots: int) -> None:
    """A root, three levels, as many rows in every table, a diamond here and there, a cycle."""
    began = perf_counter()
    for statement in (*_tables(roots), *_keys(), "analyze"):
        connection.execute(statement.encode())
    print(f"  built in {perf_counter() - began:.0f} s")


def _tables(roots: int) -> Iterator[str]:
    yield "create table root (id int primary key, filler text)"
    yield f"insert into root select i, repeat('x', 40) from generate_series(1, {roots}) as i"
    for level, width in enumerate(WIDTHS, 1):
        for number in range(width):
            name = f"t{level}_{number}"
            yield f"create table {name} (id int primary key, a int, b int, filler text)"
            yield (
                f"insert into {name} select i, i, case when i % 3 = 0 then i end, repeat('y', 40)"
                f" from generate_series(1, {roots}) as i"
            )
            yield f"create index on {name} (a); create index on {name} (b)"


def _keys() -> Iterator[str]:
    """One to the level above from every table, 43 more beside those."""
    for level, width in enumerate(WIDTHS, 1):
        above = 1 if level == 1 else WIDTHS[level - 2]
        for number in range(width):
            yield _key(f"t{level}_{number}", "a", _name(level - 1, number % above), "cascade")
            if level > 1 and number < 20:
                action = "cascade" if number % 2 else "set null"
                yield _key(f"t{level}_{number}", "b", _name(level - 1, (number + 1) % above), action)
    yield _key("t1_0", "b", "t3_0", "cascade")
    yield _key("t1_1", "b", "t1_1", "cascade")
    yield _key("t1_2", "b", "t1_3", "cascade")


def _name(level: int, number: int) -> str:
    return f"t{level}_{number}" if level else "root"


def _key(child: str, column: str, parent: str, action: str) -> str:
    return f"alter table {child} add foreign key ({column}) references {parent} on delete {action}"
