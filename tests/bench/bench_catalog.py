"""The catalog of 10,000 tables, against pg_dump -s and the manuals' join over information_schema."""

from __future__ import annotations

import subprocess

import psycopg

from queries.catalog import catalog
from queries.connection import connect_reading, reading
from tests.bench.schema import many_tables
from tests.bench.timing import in_turn, show
from tests.support.psql import program
from tests.support.servers import Server

_MANUALS = """
select tc.table_name, tc.constraint_name, kcu.column_name, ccu.table_name, ccu.column_name
from information_schema.table_constraints as tc
join information_schema.key_column_usage as kcu on tc.constraint_name = kcu.constraint_name
join information_schema.constraint_column_usage as ccu on ccu.constraint_name = tc.constraint_name
where tc.constraint_type = 'FOREIGN KEY'
"""


def run(server: Server, *, small: bool) -> None:
    """Print the medians."""
    tables = 100 if small else 10_000
    with server.new_database() as conninfo:
        many_tables(conninfo, tables=tables)
        things = {
            "pgtether: connect and load the whole catalog": lambda: _ours(conninfo),
            "pg_dump -s": lambda: _dumped(conninfo),
            "information_schema join, foreign keys alone": lambda: _joined(conninfo),
        }
        show(f"catalog, {tables:,} tables", in_turn(things, rounds=3), against="pg_dump -s")


def _ours(conninfo: str) -> int:
    with connect_reading(conninfo) as connection, reading(connection):
        return len(catalog(connection).foreign_keys)


def _dumped(conninfo: str) -> None:
    subprocess.run([program("pg_dump"), "-s", conninfo], check=True, stdout=subprocess.DEVNULL)


def _joined(conninfo: str) -> int:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return len(connection.execute(_MANUALS).fetchall())
