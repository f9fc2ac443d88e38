"""The rows of the sample systems: so many, and the same on every version, by psql and by the loader."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from queries.systems import System, load
from tests.support.psql import psql
from tests.systems.samples import each_system

Connection = psycopg.Connection[Any]

#: Of each table's rows at scale 1, tables in the order of their names; changes when rows.sql is changed.
CHECKSUMS = {
    "gaztime": ("495e7bfb a329a71e f72612cf 1696fb8d 69beca7c f1a070d6 0e24e4d8 cc48b713 c3b9f41a 1eb371af"),
    "patients": "64b721b9 0f7681d4 be4f4020 f2ae6ef6 905717f2",
}


@each_system
def test_scale_1_has_5000_rows_and_scale_3_thrice_as_many_in_every_table(
    connection: Connection, sample: System
) -> None:
    """No table stands still while the others grow."""
    load(connection, sample, scale=1)
    once = _row_counts(connection)
    connection.execute("drop schema public cascade")
    connection.execute("create schema public")
    load(connection, sample, scale=3)
    assert sum(once.values()) == 5000
    assert _row_counts(connection) == {table: 3 * rows for table, rows in once.items()}


@pytest.mark.three_versions
@each_system
def test_the_rows_are_the_same_on_every_version(connection: Connection, sample: System) -> None:
    """Nothing comes from a clock, a sequence or the server's own random numbers."""
    load(connection, sample, scale=1)
    assert _checksum(connection) == CHECKSUMS[sample.name]


@pytest.mark.three_versions
@each_system
def test_psql_runs_the_files_as_they_stand(database: str, connection: Connection, sample: System) -> None:
    """A DBA gets the same rows by hand as the loader makes."""
    psql(database, "-1", "-f", str(sample.schema))
    psql(database, "-1", "-v", "scale=1", "-f", str(sample.rows))
    assert _checksum(connection) == CHECKSUMS[sample.name]


def _tables(connection: Connection) -> list[str]:
    found = connection.execute(
        """
        select relname from pg_catalog.pg_class
         where relkind = 'r' and relnamespace = 'public'::regnamespace
         order by relname collate "C"
        """
    )
    return [row[0] for row in found]


def _row_counts(connection: Connection) -> dict[str, int]:
    counting = sql.SQL("select count(*) from {}")
    return {
        table: _count(connection, counting.format(sql.Identifier("public", table)))
        for table in _tables(connection)
    }


def _count(connection: Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _checksum(connection: Connection) -> str:
    """One number for all rows of all tables, by their text."""
    connection.execute("set timezone = 'UTC'")
    reading = sql.SQL("""
        select md5(string_agg(md5(t::text), '' order by md5(t::text) collate "C")) from {} as t
    """)
    sums = []
    for table in _tables(connection):
        row = connection.execute(reading.format(sql.Identifier("public", table))).fetchone()
        assert row is not None
        sums.append(row[0][:8])
    return " ".join(sums)
