"""Putting repaired rows back: what somebody has changed meanwhile is named and left alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.models import Repair
from queries.steps import RepairOrphans
from tests.support.runs import Desk, desk, state, there_and_back
from tests.support.two_tables import KEY, NULLABLE, REPAIR, SCHEMA, VALID

TAKING = pytest.mark.parametrize("by", [Repair.PARK, Repair.DELETE])


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


def repair(by: Repair, child: str = "orders(user_id)", parent: str = "users(id)") -> RepairOrphans:
    """The step."""
    return RepairOrphans(id="orphans", child=child, parent=parent, by=by)


@pytest.mark.three_versions
def test_a_row_whose_key_is_taken_is_a_conflict(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(KEY, REPAIR, VALID)
    connection.execute("insert into orders values (20, 1, 'mine')")
    seen = at.rollback()
    assert seen.questions[0].conflicts == ("orphans: not put back: 20, 21, o",)
    assert at.last.conflicts == seen.questions[0].conflicts
    found = connection.execute(
        "select id, user_id, note from orders where id in (20, 21) order by id"
    ).fetchall()
    assert found == [(20, 1, "mine"), (21, 22, "o")]


@pytest.mark.three_versions
def test_nulled_rows_that_somebody_has_changed_are_conflicts(
    at: Desk, connection: psycopg.Connection
) -> None:
    connection.execute("insert into orders values (41, 77, 'o'), (42, 78, 'o'), (43, 79, 'o')")
    at.apply(NULLABLE, KEY, repair(Repair.SET_NULL), VALID)
    connection.execute("update orders set note = 'changed' where id = 41")
    connection.execute("update orders set user_id = 1 where id = 42")
    connection.execute("delete from orders where id = 43")
    seen = at.rollback()
    assert [each for each in seen.questions[0].conflicts if each.startswith("orphans")] == [
        f"orphans: not put back: {number}, {user}, o" for number, user in ((41, 77), (42, 78), (43, 79))
    ]
    assert "nullable: not undone: 1 rows of public.orders hold null in user_id" in seen.questions[0].conflicts
    found = connection.execute(
        "select id, user_id from orders where id > 40 or user_id > 20 order by id"
    ).fetchall()
    assert found == [(20, 21), (21, 22), (41, None), (42, 1)]


def test_rows_come_back_though_somebody_has_dropped_the_key(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection).rows
    at.apply(KEY, REPAIR, VALID)
    connection.execute("alter table orders drop constraint orders_user")
    at.rollback()
    assert state(connection).rows == before


def test_rows_stay_parked_where_another_key_would_refuse_them(
    at: Desk, connection: psycopg.Connection
) -> None:
    at.apply(REPAIR)
    connection.execute("alter table orders add constraint late foreign key (user_id) references users")
    after = state(connection)
    seen = at.rollback()
    assert "key late refuses orphans" in seen.questions[0].conflicts[0]
    assert state(connection) == after


def test_a_deferrable_primary_key_takes_its_rows_back(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute(
        "create table c (id int primary key deferrable, p int); insert into c values (1, 99), (2, 1)"
    )
    there_and_back(at, connection, repair(Repair.PARK, "c(p)"))
