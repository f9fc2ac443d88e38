"""What somebody has changed since a run is named on its way back, and left alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.models import OnDelete
from queries.steps import ChangeKey, SqlStep
from tests.support.runs import Desk, desk, state
from tests.support.two_tables import INDEX, KEY, NULLABLE, REPAIR, SCHEMA, VALID


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


def test_sql_without_a_way_back_is_named(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX, SqlStep(id="sql", forward="create table more (id int)"))
    seen = at.rollback()
    assert seen.questions[0].conflicts == ("sql: not undone: the plan gives no way back",)
    assert at.last.conflicts == seen.questions[0].conflicts
    assert at.last.state == "rolled back"
    left = connection.execute("select to_regclass('more')::text, to_regclass('orders_user_idx')").fetchone()
    assert left == ("more", None)


CHANGED = {
    "key dropped": ("alter table orders drop constraint orders_user", "key: not undone"),
    "key replaced": (
        "alter table orders drop constraint orders_user, add constraint orders_user "
        "foreign key (user_id) references users on delete restrict",
        "key: not undone",
    ),
    "key renamed": ("alter table orders rename constraint orders_user to other", "key: not undone"),
    "index dropped": ("drop index orders_user_idx", "index: not undone"),
    "column renamed": ("alter table orders rename column user_id to owner_id", "key: not undone"),
    "column dropped": ("alter table orders drop column user_id", "nullable: not undone"),
    "table dropped": ("drop table orders", "index: not undone: public.orders does not exist"),
    "null written": ("insert into orders values (900, null)", "nullable: not undone: 1 rows"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_what_somebody_has_changed_since_is_named_and_left_alone(
    at: Desk, connection: psycopg.Connection, what: str
) -> None:
    change = ChangeKey(id="change", table="orders", name="orders_user", on_delete=OnDelete.NO_ACTION)
    at.apply(NULLABLE, INDEX, KEY, REPAIR, VALID, change)
    by_hand, said = CHANGED[what]
    connection.execute(by_hand)
    left = state(connection)
    seen = at.rollback()
    assert any(said in conflict for conflict in seen.questions[0].conflicts), seen.questions[0].conflicts
    assert set(seen.questions[0].conflicts) <= set(at.last.conflicts)
    assert at.last.state == "rolled back"
    if what in ("key replaced", "key renamed"):
        assert state(connection).rows == left.rows
