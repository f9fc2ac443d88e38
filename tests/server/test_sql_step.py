"""Statements of a person's own: one each, within the plan's transaction, and checked."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.errors import ConnectionLost, Failed, StepFailed
from queries.steps import SqlStep
from queries.verify import verify
from tests.support.runs import Desk, desk, plan_of, state
from tests.support.two_tables import INDEX, NULLABLE, SCHEMA


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


def orders(connection: psycopg.Connection) -> int:
    """How many there are."""
    return int((connection.execute("select count(*) from orders").fetchone() or (0,))[0])


@pytest.mark.parametrize(
    "text",
    [
        "commit", "COMMIT and chain", " -- now\n ;/* a /* b */ c */ end", "rollback", "abort", "begin",
        "start transaction", "savepoint a", "release a", "prepare transaction 'a'",
        "set transaction read only",
        "set local transaction read only", "set session characteristics as transaction read only",
    ],
)  # fmt: skip
def test_a_statement_that_ends_the_transaction_is_refused_beforehand(text: str) -> None:
    with pytest.raises(ValueError, match="would end or change the transaction"):
        SqlStep(id="sql", forward=text)


@pytest.mark.parametrize(
    "text", ["prepare a as select 1", "set local work_mem = '8MB'", "(select 1)", "end_it()"]
)
def test_a_statement_that_only_looks_like_it_is_not_refused(text: str) -> None:
    assert SqlStep(id="sql", forward=text).forward_sql == text


def test_two_statements_in_one_step_are_refused_and_change_nothing(
    at: Desk, connection: psycopg.Connection
) -> None:
    before = state(connection)
    for text in ("delete from orders; commit", "delete from orders; delete from users"):
        with pytest.raises(StepFailed) as caught:
            at.apply(NULLABLE, SqlStep(id="two", forward=text))
        assert caught.value.sqlstate == "42601"
    assert state(connection) == before


@pytest.mark.parametrize("text", ["commit", "commit and chain"])
def test_a_transaction_that_was_ended_all_the_same_is_told_as_it_is(
    at: Desk, connection: psycopg.Connection, text: str
) -> None:
    hidden = SqlStep(id="hidden", forward="select 1").model_copy(update={"forward_sql": text})
    with pytest.raises(ConnectionLost, match="has ended the transaction") as caught:
        at.apply(NULLABLE, hidden, INDEX)
    assert caught.value.exit_code == 5
    assert at.last.state == "applied"
    assert [(step.step, step.state) for step in at.last.steps] == [
        ("nullable", "done"),
        ("hidden", "started"),
    ]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("select count(*) = 0 from orders", "answers False"),
        ("select true where false", "answers no row"),
        ("select null::bool", "answers None"),
    ],
)
def test_a_check_that_is_not_true_fails_the_step(
    at: Desk, connection: psycopg.Connection, check: str, said: str
) -> None:
    before = state(connection)
    with pytest.raises(Failed, match=said):
        at.apply(SqlStep(id="sql", forward="delete from orders where id = 1", check=check))
    assert state(connection) == before
    assert at.last.steps[0].state == "failed"


def test_a_check_sees_what_its_step_has_done(at: Desk, connection: psycopg.Connection) -> None:
    step = SqlStep(id="sql", forward="delete from orders", check="select count(*) = 0 from orders -- all %")
    at.apply(step)
    assert orders(connection) == 0
    assert all(each.proven for each in verify(connection, plan_of(step)))


def test_a_check_that_makes_no_sense_fails_the_step(at: Desk, connection: psycopg.Connection) -> None:
    with pytest.raises(StepFailed, match="nowhere"):
        at.apply(SqlStep(id="sql", forward="delete from orders", check="select true from nowhere"))
    assert orders(connection) == 40


def test_bare_names_of_a_person_s_own_sql_follow_the_plan_s_path(
    at: Desk, connection: psycopg.Connection
) -> None:
    connection.execute('create schema "Odd ""One"; create table "Odd ""One".notes (id int)')
    step = SqlStep(id="sql", forward="insert into notes values (1)")
    at.apply(step, search_path=('Odd "One', "public"))
    assert connection.execute('select id from "Odd ""One".notes').fetchall() == [(1,)]
