"""Repair by stub: orphans are kept and get made-up parents, which go again on the way back."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.errors import Refused
from queries.models import OnDelete, Repair
from queries.steps import RepairOrphans
from queries.synthetic import CannotMakeRow
from tests.support.runs import Desk, desk, state, there_and_back
from tests.support.two_tables import KEY, SCHEMA, VALID

STUB = RepairOrphans(id="orphans", child="orders(user_id)", parent="users(id)", by=Repair.STUB)


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.mark.three_versions
def test_every_orphan_gets_a_parent_and_the_key_is_valid(at: Desk, connection: psycopg.Connection) -> None:
    seen = at.apply(KEY, STUB, VALID)
    assert seen.done("orphans").rows == 2
    found = connection.execute("select id from users where id > 20 order by id").fetchall()
    assert found == [(21,), (22,)]
    assert connection.execute("select count(*) from orders").fetchone() == (40,)


@pytest.mark.three_versions
@pytest.mark.parametrize("rule", list(OnDelete))
def test_the_way_back_removes_the_stubs_and_not_their_children(
    at: Desk, connection: psycopg.Connection, rule: OnDelete
) -> None:
    there_and_back(at, connection, KEY.model_copy(update={"on_delete": rule}), STUB, VALID)


def test_what_a_stub_needs_itself_is_made_and_removed(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute(
        "create table regions (id int primary key, code char(2) not null unique);"
        "alter table users add region int references regions;"
        "insert into regions values (1, 'xx'); update users set region = 1;"
        "alter table users alter region set not null"
    )
    there_and_back(at, connection, KEY, STUB, VALID)


def test_a_stub_that_somebody_uses_since_is_left_and_named(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(KEY, STUB, VALID)
    connection.execute("create table cards (user_id int references users on delete cascade)")
    connection.execute("insert into cards values (21)")
    seen = at.rollback()
    assert any("'id': '21'" in conflict for conflict in seen.questions[0].conflicts)
    assert connection.execute("select id from users where id > 20").fetchall() == [(21,)]
    assert connection.execute("select user_id from cards").fetchall() == [(21,)]


def test_a_stub_that_somebody_has_changed_since_is_left(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(KEY, STUB, VALID)
    connection.execute("update users set mail = 'a real one' where id = 22")
    at.rollback()
    assert connection.execute("select id, mail from users where id > 20").fetchall() == [(22, "a real one")]


def test_the_constraint_that_lets_no_stub_in_is_named(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute("alter table users add constraint few check (id <= 20)")
    before = state(connection)
    with pytest.raises(CannotMakeRow) as caught:
        at.apply(KEY, STUB, VALID)
    assert caught.value.constraint == "few"
    assert state(connection) == before
    assert at.states == ["failed"]


def test_orphans_with_some_nulls_under_match_full_are_refused(
    database: str, connection: psycopg.Connection
) -> None:
    connection.execute(
        "create table p (a int, b int, primary key (a, b)); create table c (a int, b int);"
        "insert into c values (1, null)"
    )
    connection.execute("alter table c add constraint k foreign key (a, b) references p match full not valid")
    step = RepairOrphans(id="orphans", child="c(a, b)", parent="p(a, b)", by=Repair.STUB)
    with desk(database) as at, pytest.raises(Refused, match="no parent can help"):
        at.apply(step)


def test_a_rehearsal_leaves_no_stub(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    at.rehearse(KEY, STUB, VALID)
    assert state(connection) == before
