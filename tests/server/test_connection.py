"""Connecting as psql does, and one clear sentence with the right exit code where there is no connection."""

from __future__ import annotations

import socket
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from queries.connection import connect, connect_reading, conninfo
from queries.errors import BadConninfo, CannotConnect, PgtetherError, ServerTooOld
from queries.server import server as asked
from tests.support import wire
from tests.support.servers import Server, free_port


@pytest.fixture
def place(database: str) -> dict[str, str]:
    """Host, port, user and dbname of the test's database."""
    return {name: str(value) for name, value in conninfo_to_dict(database).items()}


@pytest.fixture(autouse=True)
def _no_libpq_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own PG* variables have no say."""
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSWORD", "PGCONNECT_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


def refusal(text: str) -> PgtetherError:
    """The error of a connect that must fail."""
    with pytest.raises(PgtetherError) as caught:
        connect(conninfo(text)).close()
    return caught.value


@pytest.mark.parametrize(
    ("text", "dbname"),
    [
        ("shop", "shop"),
        ("host=a dbname=shop", "shop"),
        ("postgresql://a/shop", "shop"),
        ("postgres://a/shop", "shop"),
        ("Odd name", "Odd name"),
    ],
)
def test_a_word_is_a_database_and_anything_else_a_conninfo(text: str, dbname: str) -> None:
    assert conninfo_to_dict(conninfo(text))["dbname"] == dbname
    assert conninfo_to_dict(conninfo(dbname=text))["dbname"] == dbname


def test_where_string_and_option_both_speak_the_string_wins_as_in_psql() -> None:
    found = conninfo_to_dict(conninfo("host=a dbname=shop", host="b", port=6000, user="maria"))
    assert found == {"host": "a", "dbname": "shop", "port": "6000", "user": "maria"}


def test_a_database_given_twice_is_refused() -> None:
    with pytest.raises(BadConninfo, match="given twice"):
        conninfo("shop", dbname="other")


def test_the_application_is_named_unless_the_person_names_it(database: str) -> None:
    for given, name in ((database, "pgtether"), (f"{database} application_name=mine", "mine")):
        with connect_reading(given) as connection:
            assert connection.execute("show application_name").fetchone() == (name,)


def test_text_comes_as_unicode_whatever_the_client_encoding_of_the_environment(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with connect_reading(database) as connection:
        assert connection.execute("select 'Łódź €'").fetchone() == ("Łódź €",)


def test_variables_of_libpq_are_read(place: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("host", "port", "user"):
        monkeypatch.setenv(f"PG{name.upper()}", place[name])
    with connect_reading(conninfo(place["dbname"])) as connection:
        assert connection.info.dbname == place["dbname"]


@pytest.mark.parametrize("said_by", ["string", "variable"])
def test_a_service_beats_the_variables_as_in_libpq(
    said_by: str, place: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"{name}={value}\n" for name, value in place.items())
    (tmp_path / "services").write_text(f"[shop]\n{lines}", "utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.setenv("PGHOST", "127.0.0.9")
    monkeypatch.setenv("PGPORT", "1")
    if said_by == "variable":
        monkeypatch.setenv("PGSERVICE", "shop")
    text = conninfo("service=shop" if said_by == "string" else "")
    with connect_reading(text) as connection:
        assert (connection.info.host, str(connection.info.port)) == (place["host"], place["port"])


def test_of_several_hosts_the_one_that_answers_is_named(place: dict[str, str]) -> None:
    several = make_conninfo(
        "", **place | {"host": "127.0.0.1,127.0.0.1", "port": f"{free_port()},{place['port']}"}
    )
    with connect_reading(several) as connection:
        assert asked(connection).place == f"127.0.0.1:{place['port']}"


@pytest.mark.every_version
def test_the_badge_tells_where_one_is(database: str, place: dict[str, str], major: int) -> None:
    with connect_reading(database) as connection:
        facts = asked(connection)
    head = f"{place['dbname']} · 127.0.0.1:{place['port']} · PostgreSQL {facts.version}"
    assert facts.badge == f"{head} · primary · no TLS"
    assert facts.access == "READ ONLY · postgres"
    assert (facts.version_num // 10000, facts.superuser, facts.pooled) == (major, True, False)
    assert (facts.search_path, facts.warnings) == (("public",), ())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dbname": "no_such"}, "There is no such database"),
        ({"user": "nobody_such"}, "There is no such role"),
        ({"port": "1"}, "No server listens there"),
        ({"host": "no-such-host.invalid"}, "The host's name is not known"),
        ({"host": "/no/such/directory"}, "No server listens there"),
        ({"sslmode": "require"}, "TLS was asked for and the server does not offer it"),
        ({"sslmode": "verify-full", "sslrootcert": "system"}, "TLS was asked for"),
        ({"target_session_attrs": "standby"}, "not of the kind that target_session_attrs asks for"),
    ],
)
def test_each_reason_has_its_sentence(change: dict[str, str], sentence: str, place: dict[str, str]) -> None:
    error = refusal(make_conninfo("", **place | change))
    assert isinstance(error, CannotConnect)
    assert error.exit_code == 3
    assert sentence in error.what
    assert error.do


def test_of_several_hosts_the_one_that_came_furthest_explains(place: dict[str, str]) -> None:
    hosts = {"host": "127.0.0.1,127.0.0.1", "port": f"{place['port']},1", "dbname": "no_such"}
    error = refusal(make_conninfo("", **place | hosts))
    assert (
        error.what == f"No connection to 127.0.0.1:{place['port']}. There is no such database on the server."
    )
    assert "127.0.0.1:1: Connection refused" in error.means


_RULES = """\
host all      postgres,guest all trust
host template1 all           all reject
host all      maria          all scram-sha-256
"""


@pytest.fixture
def strict_server(own_server: Server) -> str:
    """A server that wants a password from everybody but postgres, and lets nobody in to template1."""
    assert own_server.data is not None
    with psycopg.connect(own_server.conninfo, autocommit=True) as connection:
        connection.execute("create role maria login password 'right' connection limit 1")
        connection.execute("create role guest nologin")
        connection.execute("create database closed allow_connections false")
        (own_server.data / "pg_hba.conf").write_text(_RULES, "utf-8")
        connection.execute("select pg_reload_conf()")
        connection.execute("select pg_sleep(0.2)")
    return own_server.conninfo


def test_a_server_that_lets_nobody_in_says_why(
    strict_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    for change, sentence in {
        "user=maria": "The server asks for a password and none was given.",
        "user=maria password=wrong-secret": "did not accept this role with this password",
        "user=maria password=right dbname=template1": "pg_hba.conf does not let this role in",
        "user=nobody_such": "pg_hba.conf does not let this role in",
        "user=guest": "This role may not log in.",
        "dbname=closed": "takes no connections now",
    }.items():
        error = refusal(f"{strict_server} {change}")
        assert isinstance(error, CannotConnect)
        assert sentence in error.what
        assert "wrong-secret" not in str(error)


def test_the_password_file_is_read(
    strict_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text("127.0.0.1:*:*:maria:right\n", "utf-8")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    with connect_reading(conninfo(f"{strict_server} user=maria")) as connection:
        assert asked(connection).access == "READ ONLY · maria"
        assert "No connection" in refusal(f"{strict_server} user=maria").what
        assert "no connection left" in refusal(f"{strict_server} user=maria").what


@pytest.mark.parametrize(
    ("sqlstate", "said", "sentence"),
    [
        ("53300", "sorry, too many clients already", "no connection left"),
        ("57P03", "the database system is starting up", "takes no connections now"),
        ("57P03", "the database system is shutting down", "takes no connections now"),
        ("3D000", "Datenbank »shop« existiert nicht", "existiert nicht"),
    ],
)
def test_what_a_server_says_is_told_in_any_language(sqlstate: str, said: str, sentence: str) -> None:
    with wire.listening(wire.refusing(sqlstate, said)) as there:
        error = refusal(f"{there} dbname=shop")
    assert error.exit_code == 3
    assert sentence in str(error)
    assert said in error.means


def test_silence_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        error = refusal(f"host=127.0.0.1 port={port} dbname=shop connect_timeout=2")
    assert isinstance(error, CannotConnect)
    assert "Nobody answered in time" in error.what


def test_something_that_is_no_postgresql_is_told() -> None:
    with wire.listening(lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as there:
        error = refusal(f"{there} sslmode=prefer dbname=shop")
    assert "What listens there is not PostgreSQL" in error.what


def test_a_server_below_13_is_refused() -> None:
    with wire.listening(wire.server_of_version("12.22")) as there:
        error = refusal(f"{there} dbname=shop")
    assert isinstance(error, ServerTooOld)
    assert (error.exit_code, error.what) == (2, "The server is PostgreSQL 12.22; pgtether needs 13 or newer.")


@pytest.mark.parametrize(
    "text",
    [
        "host=a nosuch=1",
        "host='a",
        "postgresql://[::1/shop",
        "postgresql://a/shop?nosuch=1",
        "host=127.0.0.1 port=abc",
        "host=127.0.0.1 sslmode=perhaps",
        "host=127.0.0.1 connect_timeout=soon",
        "host=127.0.0.1 sslmode=verify-ca sslrootcert=system",
        "host=127.0.0.1 ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
        "host=a,b port=1,2,3",
        "service=no_such_service",
        "host=" + "a" * 70,
    ],
)
def test_a_string_that_libpq_cannot_read_is_a_usage_error(text: str) -> None:
    error = refusal(text)
    assert isinstance(error, BadConninfo)
    assert error.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "host=a password=my secret dbname=shop",
        "password='secret",
        "postgresql://maria:secret@[::1/shop",
        "postgresql://maria:se@secret@a/shop",
        "postgresql://maria:/secret@a/shop",
        "postgresql://maria:%zzsecret@a/shop",
    ],
)
def test_no_message_holds_a_password(text: str) -> None:
    error = refusal(text)
    assert isinstance(error, BadConninfo)
    assert "secret" not in str(error)
