"""What breaks in the middle of a run changes nothing, or all of it, and the record says which."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from queries import writing
from queries.apply import apply
from queries.errors import ConnectionLost, Failed, StepFailed
from queries.events import Answer
from queries.steps import SqlStep
from tests.support import servers
from tests.support.breaking import STEPS, answered, end_session, soon, to_question
from tests.support.command import environment
from tests.support.runs import Desk, desk, driven, plan_of, state
from tests.support.servers import Server
from tests.support.two_tables import NULLABLE, SCHEMA

SLOW = SqlStep(id="slow", forward="select pg_sleep(30)")
SLEEPS = (
    "select pid from pg_stat_activity where query like '%pg_sleep%' and state = 'active' "
    "and pid <> pg_backend_pid() and datname = current_database()"
)


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@contextmanager
def unchanged(connection: psycopg.Connection, conninfo: str, outcome: str) -> Iterator[None]:
    """What happens inside leaves the database as it was, its run with that state, and the next run goes."""
    before = state(connection)
    yield
    assert state(connection) == before
    with desk(conninfo) as another:
        assert another.last.state == outcome
        another.apply(*STEPS)
        assert another.last.state == "applied"
        another.rollback()
        assert another.last.state == "rolled back"
    assert state(connection) == before


def when_asleep(connection: psycopg.Connection, act: Callable[[int], None]) -> threading.Thread:
    """In a thread: once a step sleeps, act on its process."""

    def watch() -> None:
        soon(lambda: connection.execute(SLEEPS).fetchone())
        (pid,) = connection.execute(SLEEPS).fetchone() or (0,)
        act(pid)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_face_that_goes_away_at_the_question_rolls_back(at: Desk, connection: psycopg.Connection) -> None:
    with unchanged(connection, at.conninfo, "rolled back"):
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        to_question(carried)
        carried.close()


def test_a_face_that_goes_away_in_the_middle_rolls_back(at: Desk, connection: psycopg.Connection) -> None:
    with unchanged(connection, at.conninfo, "rolled back"):
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        for _ in range(4):
            next(carried)
        carried.close()


def test_ctrl_c_ends_the_statement_and_rolls_back(at: Desk, connection: psycopg.Connection) -> None:
    with unchanged(connection, at.conninfo, "rolled back"):
        thread = when_asleep(connection, lambda _: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            at.apply(NULLABLE, SLOW)
        thread.join()
        assert not connection.execute(SLEEPS).fetchone()


def test_ctrl_c_while_the_way_back_runs_leaves_the_run_applied(
    at: Desk, connection: psycopg.Connection
) -> None:
    at.apply(NULLABLE, SqlStep(id="slow", forward="select 1", back="select pg_sleep(30)"))
    applied = state(connection)
    thread = when_asleep(connection, lambda _: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        at.rollback()
    thread.join()
    assert state(connection) == applied
    assert at.last.state == "applied"


@pytest.mark.three_versions
def test_a_client_that_is_killed_in_a_step_leaves_nothing(
    at: Desk, connection: psycopg.Connection, database: str
) -> None:
    with unchanged(connection, database, "failed"):
        program = [sys.executable, "-m", "tests.support.apply_and_hang", database, "1.5"]
        with subprocess.Popen(program, env=environment()) as client:
            soon(lambda: connection.execute(SLEEPS).fetchone())
            assert at.last.state == "running"
            client.kill()
        soon(lambda: at.last.state == "failed")
        soon(lambda: not connection.execute(SLEEPS).fetchone())


def test_a_work_session_that_is_ended_in_a_statement_fails_its_step(
    at: Desk, connection: psycopg.Connection
) -> None:
    with unchanged(connection, at.conninfo, "failed"):
        thread = when_asleep(connection, lambda pid: end_session(connection, pid))
        with pytest.raises(StepFailed) as caught:
            at.apply(NULLABLE, SLOW)
        thread.join()
        assert caught.value.sqlstate == "57P01"
        assert "nothing was changed" in caught.value.means
        assert [step.state for step in at.last.steps] == ["started", "failed"]


@pytest.mark.parametrize("answer", list(Answer))
def test_a_work_session_that_is_ended_at_the_question_changes_nothing(
    at: Desk, connection: psycopg.Connection, answer: Answer
) -> None:
    with unchanged(connection, at.conninfo, "rolled back" if answer is Answer.ROLLBACK else "failed"):
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        end_session(connection, to_question(carried).pid)
        answered(carried, answer, is_lost=answer is not Answer.ROLLBACK)


@pytest.mark.parametrize("answer", [Answer.COMMIT, Answer.ROLLBACK])
def test_a_record_session_that_is_ended_at_the_question_changes_nothing(
    at: Desk, connection: psycopg.Connection, answer: Answer
) -> None:
    with unchanged(connection, at.conninfo, "rolled back" if answer is Answer.ROLLBACK else "failed"):
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        to_question(carried)
        end_session(connection, at.record.info.backend_pid)
        answered(carried, answer, is_lost=answer is not Answer.ROLLBACK)


def test_a_record_session_that_is_ended_between_steps_changes_nothing(
    at: Desk, connection: psycopg.Connection
) -> None:
    with unchanged(connection, at.conninfo, "failed"):
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        for _ in range(3):
            next(carried)
        end_session(connection, at.record.info.backend_pid)
        with pytest.raises(Failed, match="connection was lost"):
            driven(carried)


def test_a_countdown_that_runs_out_frees_the_locks(at: Desk, connection: psycopg.Connection) -> None:
    with unchanged(connection, at.conninfo, "failed"), writing.work(at.conninfo, countdown=-4.7) as work:
        carried = apply(plan_of(*STEPS), work=work, record=at.record, countdown=0)
        pid = to_question(carried).pid
        soon(lambda: not connection.execute("select from pg_stat_activity where pid = %s", [pid]).fetchone())
        connection.execute("set lock_timeout = '1s'; lock table orders in access exclusive mode")
        with pytest.raises(Failed, match="idle-in-transaction timeout"):
            carried.send(Answer.COMMIT)


def test_a_server_that_stops_at_once_has_nothing_of_the_run(own_server: Server) -> None:
    assert own_server.data is not None
    home = own_server.data.parent
    with psycopg.connect(own_server.conninfo, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute("alter database postgres set synchronous_commit = on")
        before = state(connection)
    with desk(own_server.conninfo) as at:
        at.apply(NULLABLE)
        at.rollback()
        carried = apply(plan_of(*STEPS), work=at.work, record=at.record)
        to_question(carried)
        servers.stop(home)
        with pytest.raises((Failed, ConnectionLost)) as caught:
            carried.send(Answer.COMMIT)
        assert "nothing was changed" in caught.value.means or caught.value.exit_code == 5
    servers.start_again(home, own_server.major)
    with psycopg.connect(own_server.conninfo, autocommit=True) as connection:
        assert state(connection) == before
    with desk(own_server.conninfo) as at:
        assert at.states == ["failed", "rolled back"]
        at.apply(*STEPS)
        assert at.last.state == "applied"
