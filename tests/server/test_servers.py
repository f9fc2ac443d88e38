"""The tests' own servers: what every other test of this directory stands on."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.support.psql import psql
from tests.support.roles import logged_in_as
from tests.support.servers import Server


@pytest.mark.three_versions
def test_a_database_is_fresh_and_on_the_major_asked_for(connection: psycopg.Connection, major: int) -> None:
    """The server is the version that the test's mark named, and the database holds no table."""
    assert connection.info.server_version // 10000 == major
    found = connection.execute(
        "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
    )
    assert found.fetchone() == (0,)


def test_a_role_may_own_tables_in_the_database(
    database: str, connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    """A role logs in, and what it owns doesn't hinder its being dropped."""
    role = make_role("owner", member_of=["pg_read_all_data"])
    connection.execute("grant create on schema public to public")
    with psycopg.connect(logged_in_as(role, database)) as own:
        own.execute("create table t (id int)")
        assert own.info.user == role


@pytest.mark.three_versions
def test_psql_talks_to_the_same_database(database: str, connection: psycopg.Connection) -> None:
    """The real psql reads what psycopg wrote."""
    connection.execute("create table t as select 7 as n")
    assert psql(database, "-At", "-c", "select n from t").stdout == "7\n"
    assert psql(database, "-At", input="select n + 1 from t;").stdout == "8\n"


def test_a_server_of_ones_own_can_be_had(own_server: Server, server: Server) -> None:
    """A test that breaks its server has one for itself."""
    with psycopg.connect(own_server.dsn()) as connection:
        assert connection.info.port != psycopg.conninfo.conninfo_to_dict(server.dsn())["port"]
