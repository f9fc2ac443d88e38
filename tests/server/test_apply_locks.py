"""Locks: what a step takes is what it foretells, and who stands in the way is named."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.catalog import Catalog, catalog
from queries.errors import StepFailed
from queries.models import OnDelete, Repair
from queries.plan import resolved
from queries.steps import AddKey, ChangeKey, Lock, RenameColumn, SqlStep, Step
from tests.support.runs import Desk, desk, plan_of
from tests.support.two_tables import INDEX, KEY, NULLABLE, REPAIR, SCHEMA, VALID


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


LOCKED: dict[str, tuple[str, Step]] = {
    "add key": ("", KEY),
    "validate": (
        "alter table orders add constraint orders_user foreign key (user_id) references users not valid",
        VALID,
    ),
    "change": (
        "alter table orders add constraint orders_user foreign key (user_id) references users",
        ChangeKey(id="change", table="orders", name="orders_user", on_delete=OnDelete.CASCADE),
    ),
    "index": ("", INDEX),
    "nullable": ("", NULLABLE),
    "rename": ("", RenameColumn(id="rename", table="orders", column="user_id", to="customer_id")),
    "park": ("create table parts (o int references orders)", REPAIR.model_copy(update={"by": Repair.DELETE})),
}


@pytest.mark.three_versions
@pytest.mark.parametrize("name", LOCKED)
def test_locks_are_those_that_a_step_foretells(at: Desk, connection: psycopg.Connection, name: str) -> None:
    if name in ("validate", "change"):
        connection.execute("delete from orders where user_id > 20")
    connection.execute(LOCKED[name][0] or "select 1")
    _foretold_equal_measured(at, LOCKED[name][1])


PARTITIONED = """
alter table orders rename to plain_orders;
create table orders (id int not null, user_id int not null, note text) partition by range (id);
create table orders_1 partition of orders for values from (0) to (20);
create table orders_2 partition of orders for values from (20) to (50);
alter table users rename to plain_users;
create table users (id int primary key, mail text) partition by range (id);
create table users_1 partition of users for values from (0) to (10);
create table users_2 partition of users for values from (10) to (50);
insert into users select id, mail from plain_users;
insert into orders select id, user_id, note from plain_orders where user_id <= 20;
"""


@pytest.mark.three_versions
@pytest.mark.parametrize("name", ["add key", "change", "index", "nullable", "rename", "park"])
def test_leaves_are_locked_with_their_roots(at: Desk, connection: psycopg.Connection, name: str) -> None:
    connection.execute(PARTITIONED)
    step = LOCKED[name][1]
    if name == "change":
        connection.execute(LOCKED[name][0])
    if name == "park":
        connection.execute("insert into orders values (1, 99, 'orphan')")
        assert at.rehearse(step).done("orphans").rows == 1
        return
    if isinstance(step, AddKey):
        step = step.model_copy(update={"not_valid": False})
    _foretold_equal_measured(at, step)


def _foretold_equal_measured(at: Desk, step: Step) -> None:
    with at.work.transaction():
        known = catalog(at.work)
        foretold = set()
        for lock in _locks(step, known):
            root = next(table for table in known.roots if table.text == lock.table)
            parts = (known.tables[root.oid], *known.partitions.get(root.oid, ()))
            foretold |= {(part.text, lock.mode) for part in parts}
    measured = {(lock.table, lock.mode) for lock in at.rehearse(step).done(step.id).locks}
    assert measured == foretold


def _locks(step: Step, known: Catalog) -> tuple[Lock, ...]:
    return resolved(plan_of(step), known).step[0].locks(known)


def test_who_holds_a_lock_is_named(at: Desk, connection: psycopg.Connection, database: str) -> None:
    with psycopg.connect(database, application_name="nightly") as holder, holder.transaction():
        pid = holder.info.backend_pid
        holder.execute("update orders set note = 'mine' where id = 1")
        with pytest.raises(StepFailed) as caught:
            at.apply(KEY, settings={"lock_timeout": "100ms"})
    assert caught.value.sqlstate == "55P03"
    assert f"pid {pid} (nightly, postgres" in caught.value.do
    assert "update orders set note" in caught.value.do


def test_who_only_reads_is_not_named_where_readers_do_not_wait(
    at: Desk, connection: psycopg.Connection, database: str
) -> None:
    with (
        psycopg.connect(database, application_name="reader") as reader,
        psycopg.connect(database, application_name="writer") as writer,
    ):
        reader.execute("select from orders")
        writer.execute("update orders set note = 'mine' where id = 1")
        with pytest.raises(StepFailed) as caught:
            at.apply(KEY, settings={"lock_timeout": "100ms"})
    assert "writer" in caught.value.do
    assert "reader" not in caught.value.do


def test_the_role_s_own_timeout_does_not_end_a_step(database: str, connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    with desk(database) as at:
        at.work.execute("set statement_timeout = '300ms'")
        at.apply(SqlStep(id="slow", forward="select pg_sleep(0.5)"))
        with pytest.raises(StepFailed) as caught:
            at.apply(
                SqlStep(id="slow", forward="select pg_sleep(5)", settings={"statement_timeout": "100ms"})
            )
        assert caught.value.sqlstate == "57014"
