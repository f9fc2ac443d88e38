"""Every query file is taken by psql itself, run as its own ``run:`` line says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queries.load import read
from tests.support.psql import psql
from tests.support.servers import Server
from tests.support.source import ROOT
from tests.support.sql_files import SqlFile, sql_files

SAMPLE = """
    create table customers (id int primary key, name text);
    create table orders (id int primary key, customer_id int references customers (id), note text);
"""
RECORD = next((file.name for file in sql_files() if "create schema pgtether;" in file.text), None)


@pytest.fixture(scope="session")
def sample(server: Server) -> Iterator[str]:
    """The name of a database with two tables and the record, to make others from."""
    with server.new_database() as conninfo:
        psql(conninfo, input=SAMPLE)
        if RECORD is not None:
            psql(conninfo, input=read(RECORD))
        yield dict(part.split("=") for part in conninfo.split())["dbname"]


@pytest.mark.every_version
@pytest.mark.parametrize("file", sql_files(), ids=lambda file: file.name)
def test_psql_runs_it_as_its_head_says(server: Server, sample: str, file: SqlFile, major: int) -> None:
    template = "template0" if file.name == RECORD else sample
    with server.new_database(template=template) as conninfo:
        done = psql(conninfo, *file.run[1:], check=False, cwd=ROOT)
    if major >= file.since:
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode != 0, (
            f"{file.name} runs on {major}: its sentence needn't say PostgreSQL {file.since}"
        )
