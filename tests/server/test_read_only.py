"""Reading can't write, whatever a person types."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo

from queries.connection import assert_read_only, connect, connect_reading, expression, reading, typed
from queries.errors import BadExpression, CannotConnect, Refused
from queries.server import server as asked
from queries.writing import record, work
from tests.support import wire
from tests.support.servers import Server, _run_as_user

_LEFT = (
    (sql.SQL("kept"), 3),
    (sql.SQL("pg_largeobject_metadata"), 0),
    (sql.SQL("numbers where is_called"), 0),
)
RUNS = "runs"  # and is taken back by the ROLLBACK that ends every reading transaction
_COUNT = sql.SQL("select count(*) from kept where {}")


@pytest.fixture
def kept(connection: psycopg.Connection, database: str) -> str:
    """A database with one table of three rows, and a sequence."""
    connection.execute("create table kept (id int primary key, name text)")
    connection.execute("insert into kept select i, 'row ' || i from generate_series(1, 3) as i")
    connection.execute("create sequence numbers")
    return database


def count(connection: Connection, where: str) -> int:
    """How many rows of the table the typed expression picks."""
    row = typed(connection, _COUNT.format(expression(where))).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.three_versions
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("true); commit; begin read write; insert into kept values (4); --", "42601"),
        ("true); rollback; insert into kept values (4); begin; select (true", "42601"),
        ("true; set default_transaction_read_only = off", "42601"),
        ("exists (with gone as (delete from kept returning 1) select from gone)", "0A000"),
        ("set_config('transaction_read_only', 'off', false) = 'off'", "25001"),
        ("nextval('numbers') > 0", "25006"),
        ("query_to_xml('delete from kept', false, false, '') is not null", "0A000 25006"),
        ("query_to_xml('commit', false, false, '') is not null", "22000"),
        ("set_config('default_transaction_read_only', 'off', false) = 'off'", RUNS),
        ("set_config('session_replication_role', 'replica', false) is not null", RUNS),
        ("(select lo_create(4711)) > 0", f"25006 {RUNS}"),
        ("pg_notify('somebody', 'heard')::text is not null", RUNS),
    ],
)
def test_an_injection_changes_nothing(
    where: str, said: str, kept: str, connection: psycopg.Connection
) -> None:
    connection.execute("listen somebody")
    with connect_reading(kept) as reader:
        assert outcome(reader, where) in said.split()
        with reading(reader):
            assert_read_only(reader)
            assert count(reader, "true") == 3
        assert reader.execute("show default_transaction_read_only").fetchone() == ("on",)
        assert reader.execute("show session_replication_role").fetchone() == ("origin",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("insert into kept values (5)")
    for left, rows in _LEFT:
        found = connection.execute(sql.SQL("select count(*) from {}").format(left)).fetchone()
        assert found == (rows,), left
    assert list(connection.notifies(timeout=0.1)) == []


def outcome(reader: Connection, where: str) -> str:
    """The SQLSTATE of what was typed, or that it ran."""
    try:
        with reading(reader):
            count(reader, where)
    except BadExpression as error:
        return error.sqlstate
    return RUNS


def test_a_second_statement_is_a_syntax_error_shown_as_the_server_gave_it(kept: str) -> None:
    with connect_reading(kept) as reader, pytest.raises(BadExpression) as caught, reading(reader):
        count(reader, "name like 'row%'); delete from kept; select (true")
    assert caught.value.sqlstate == "42601"
    assert caught.value.exit_code == 2
    assert caught.value.message == "cannot insert multiple commands into a prepared statement"


def test_a_mistake_is_pointed_at(kept: str) -> None:
    with connect_reading(kept) as reader, pytest.raises(BadExpression) as caught, reading(reader):
        count(reader, "nmae = 'row 1'")
    assert caught.value.pointer == "nmae = 'row 1'\n^"
    assert caught.value.hint == 'Perhaps you meant to reference the column "kept.name".'


def test_what_is_typed_may_hold_percent_signs_and_end_in_a_comment(kept: str) -> None:
    with connect_reading(kept) as reader, reading(reader):
        assert count(reader, "name like '%2' and id % 2 = 0 -- the even one") == 1


def test_a_column_that_the_role_may_not_read_is_no_mistake_of_the_expression(
    kept: str, make_role: object
) -> None:
    assert callable(make_role)
    role = make_role("stranger")
    with (
        connect_reading(make_conninfo(kept, user=role)) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        reading(reader),
    ):
        count(reader, "id = 1")


def test_a_reading_transaction_inside_another_joins_it(kept: str) -> None:
    with connect_reading(kept) as reader, reading(reader):
        snapshot = reader.execute("select pg_current_snapshot()::text").fetchone()
        with reading(reader):
            assert reader.execute("select pg_current_snapshot()::text").fetchone() == snapshot
        assert reader.execute("select count(*) from kept").fetchone() == (3,)


def test_a_transaction_that_may_write_is_not_taken_for_reading(kept: str) -> None:
    with (
        connect(kept) as connection,
        connection.transaction(),
        pytest.raises(Refused, match="could write"),
        reading(connection),
    ):
        pass


def test_a_connection_lost_while_reading_is_worth_another_try(
    kept: str, connection: psycopg.Connection
) -> None:
    def read(reader: Connection) -> None:
        with reading(reader):
            connection.execute("select pg_terminate_backend(%s)", [reader.info.backend_pid])
            reader.execute("select pg_sleep(5)")

    with connect_reading(kept) as reader, pytest.raises(CannotConnect, match="lost while reading"):
        read(reader)


def test_behind_a_transaction_pooler_no_setting_leaks_and_nothing_writes(kept: str) -> None:
    with wire.transaction_pooler(kept) as there:
        with connect_reading(f"{there} dbname=shop") as reader, reading(reader):
            facts = asked(reader)
            assert (facts.pooled, facts.access) == (True, "READ ONLY · postgres")
            assert "pooler" in facts.warnings[0]
            assert count(reader, "true") == 3
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                reader.execute("insert into kept values (4)")
        with psycopg.connect(there, autocommit=True) as stranger:
            shown = "select pg_backend_pid(), current_setting('default_transaction_read_only')"
            answers = {row for _ in range(4) for row in stranger.execute(shown)}
            assert [setting for _, setting in answers] == ["off", "off"]
        for connect_writing in (work, record):
            with pytest.raises(Refused, match="pooler") as caught:
                connect_writing(there)
            assert caught.value.exit_code == 4


@pytest.mark.every_version
def test_the_work_connection_lets_go_when_its_client_vanishes(kept: str, major: int) -> None:
    with work(kept, countdown=60) as connection:
        shown = {
            row[0]: row[1] for row in connection.execute("select name, setting from pg_settings").fetchall()
        }
        assert connection.execute("show transaction_read_only").fetchone() == ("off",)
    assert shown["idle_in_transaction_session_timeout"] == "65000"
    assert (shown["tcp_user_timeout"], shown["tcp_keepalives_idle"]) == ("25000", "10")
    assert shown.get("client_connection_check_interval") == ("5000" if major >= 14 else None)
    assert shown.get("idle_session_timeout") == ("0" if major >= 14 else None)


def test_the_badge_of_a_connection_that_may_write_says_so(kept: str) -> None:
    with record(kept) as connection:
        assert asked(connection).access == "WRITING · postgres"


def test_a_standby_is_read_and_never_written(own_server: Server) -> None:
    assert own_server.bin is not None
    assert own_server.data is not None
    (own_server.data / "standby.signal").touch()
    _run_as_user(
        [own_server.bin / "pg_ctl", "restart", "-w", "-m", "fast", "-D", own_server.data, "-l", "/dev/null"]
    )
    with connect_reading(own_server.conninfo) as reader, reading(reader):
        assert asked(reader).standing == "standby"
        assert typed(reader, sql.SQL("select 1 where {}").format(expression("true"))).fetchone() == (1,)
    with pytest.raises(Refused, match="is a standby") as caught:
        work(own_server.conninfo)
    assert caught.value.do == "Connect to its primary."


def test_a_role_that_reads_by_default_is_not_overruled(
    kept: str, connection: psycopg.Connection, make_role: object
) -> None:
    assert callable(make_role)
    role = make_role("reader")
    connection.execute(
        sql.SQL("alter role {} set default_transaction_read_only = on").format(sql.Identifier(role))
    )
    with pytest.raises(Refused, match=r"read only.*set by: user"):
        work(make_conninfo(kept, user=role))
