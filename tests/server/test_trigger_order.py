"""A key that is made again acts where and as it acted: its triggers' order and whether they are enabled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from queries.errors import Refused
from queries.models import OnDelete
from queries.steps import ChangeKey
from tests.support.roles import logged_in_as
from tests.support.runs import Desk, desk, state, there_and_back
from tests.support.two_tables import SCHEMA


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.fixture(params=[False, True], ids=["plain", "partitioned"])
def parted(connection: psycopg.Connection, request: pytest.FixtureRequest) -> bool:
    """``first`` cascades before ``second`` blocks: made the other way round, no row of a could go."""
    kind = "partition by range (id)" if request.param else ""
    connection.execute(sql.SQL("create table a (id int primary key) ") + sql.SQL(kind))
    if request.param:
        connection.execute(
            "create table a0 partition of a for values from (0) to (10);"
            "create table a1 partition of a for values from (10) to (20)"
        )
    connection.execute(
        "create table d (id int primary key, one int, two int);"
        "alter table d add constraint first foreign key (one) references a on delete cascade;"
        "alter table d add constraint second foreign key (two) references a on delete restrict;"
        "insert into a select generate_series(1, 15);"
        "insert into d select g, g, g from generate_series(1, 15) as g"
    )
    return bool(request.param)


def _delete(connection: psycopg.Connection) -> None:
    """What depends on the order of the keys, on each leaf; undone again."""
    with connection.transaction(force_rollback=True):
        for number in (5, 15):
            connection.execute("delete from a where id = %s", [number])


def _change(to: OnDelete) -> ChangeKey:
    return ChangeKey(id="change", table="d", name="first", on_delete=to)


@pytest.mark.three_versions
@pytest.mark.usefixtures("parted")
def test_a_delete_that_worked_still_works_after_the_way_back(
    at: Desk, connection: psycopg.Connection
) -> None:
    _delete(connection)
    there_and_back(at, connection, _change(OnDelete.SET_NULL))
    _delete(connection)
    there_and_back(at, connection, _change(OnDelete.RESTRICT))
    _delete(connection)


@pytest.mark.three_versions
@pytest.mark.usefixtures("parted")
def test_a_key_that_is_changed_acts_in_its_old_place(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(_change(OnDelete.RESTRICT))
    at.apply(_change(OnDelete.CASCADE))
    _delete(connection)


@pytest.mark.usefixtures("parted")
def test_without_its_old_place_the_delete_would_be_blocked(connection: psycopg.Connection) -> None:
    connection.execute(
        "alter table d drop constraint first,"
        " add constraint first foreign key (one) references a on delete cascade"
    )
    with pytest.raises(psycopg.errors.IntegrityError):
        _delete(connection)


@pytest.mark.three_versions
def test_an_order_that_can_not_be_kept_is_said(
    at: Desk, connection: psycopg.Connection, *, parted: bool
) -> None:
    """From 15 on a leaf's triggers take their root's names: on a leaf that came later they move ahead."""
    if parted:
        connection.execute("create table a2 partition of a for values from (20) to (30)")
    seen = at.apply(ChangeKey(id="change", table="d", name="second", on_delete=OnDelete.CASCADE))
    said = [each for each in seen.questions[0].differences if "another order" in each]
    if not parted or connection.info.server_version < 150000:
        assert not said
    else:
        assert said == [
            f"on {event} of a2 its keys now act in another order: second, first"
            for event in ("delete", "update")
        ]


def _disabled(connection: psycopg.Connection) -> None:
    connection.execute(
        "create table p (id int primary key); create table c (id int constraint k references p);"
        "insert into p values (1); insert into c values (1)"
    )
    connection.execute("alter table p disable trigger all; alter table c disable trigger all")


@pytest.mark.three_versions
def test_disabled_triggers_of_a_changed_key_stay_disabled(at: Desk, connection: psycopg.Connection) -> None:
    _disabled(connection)
    there_and_back(at, connection, ChangeKey(id="c", table="c", name="k", on_delete=OnDelete.CASCADE))
    connection.execute("insert into c values (9); delete from p")
    assert connection.execute("select id from c order by id").fetchall() == [(1,), (9,)]


def test_who_is_no_superuser_is_told_before_disabled_triggers_are_enabled(
    connection: psycopg.Connection, make_role: Callable[..., str], database: str
) -> None:
    _disabled(connection)
    name = make_role("owner")
    role = sql.Identifier(name)
    connection.execute(sql.SQL("alter table p owner to {0}; alter table c owner to {0}").format(role))
    of = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("grant create on database {} to {}").format(of, role))
    before = state(connection)
    with desk(logged_in_as(name, database)) as owner:
        with pytest.raises(Refused, match=r"triggers of k are disabled .* only a superuser"):
            owner.apply(ChangeKey(id="c", table="c", name="k", on_delete=OnDelete.CASCADE))
        assert state(connection) == before
        assert owner.last.state == "failed"
