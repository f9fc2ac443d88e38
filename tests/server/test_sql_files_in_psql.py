"""Every query file is taken by psql itself, run as its own ``run:`` line says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict

from queries.load import read
from tests.support.psql import psql
from tests.support.servers import Server
from tests.support.source import ROOT
from tests.support.sql_files import SqlFile, sql_files

SAMPLE = """
    create table customers (id int primary key, name text);
    create table orders (id int primary key, customer_id int references customers (id) deferrable, note text);
    create table t (a int);
"""


@pytest.fixture(scope="session")
def samples(server: Server) -> Iterator[dict[bool, str]]:
    """The names of two databases to make others from: with a few tables, and with the record too."""
    with server.new_database() as without, server.new_database() as recorded:
        psql(without, input=SAMPLE)
        psql(recorded, input=SAMPLE + read("record/schema"))
        yield {False: name_of(without), True: name_of(recorded)}


def name_of(conninfo: str) -> str:
    return str(conninfo_to_dict(conninfo)["dbname"])


def makes_the_record(file: SqlFile) -> bool:
    """Whether its ``run:`` line begins by making what the file reads or writes."""
    return any(said in " ".join(file.run) for said in ("record/schema.sql", "create schema pgtether"))


@pytest.mark.every_version
@pytest.mark.parametrize("file", sql_files(), ids=lambda file: file.name)
def test_psql_runs_it_as_its_head_says(
    server: Server, samples: dict[bool, str], file: SqlFile, major: int
) -> None:
    with server.new_database(template=samples[not makes_the_record(file)]) as conninfo:
        done = psql(conninfo, *file.run[1:], check=False, cwd=ROOT)
    if major >= file.since:
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode != 0, (
            f"{file.name} runs on {major}: its sentence needn't say PostgreSQL {file.since}"
        )
