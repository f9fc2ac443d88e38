"""What could not be counted is told, never 0: privileges, row security, time, locks, a person's cancel."""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer

import psycopg
import pytest
from psycopg import sql

from queries.connection import reading
from queries.errors import Interrupted
from queries.orphans import OrphanCount, Progress, State, declared, orphans
from tests.support.orphan_counts import count, counts, made, seen, wished
from tests.support.roles import logged_in_as

MakeRole = Callable[..., str]
SHOP = (
    "create table customers (id int primary key, name text)",
    "create table orders (id int primary key, customer_id int, note text)",
    "insert into customers values (1)",
    "insert into orders values (10, 1), (11, 2)",
)


def granted(connection: psycopg.Connection, role: str, *grants: str) -> None:
    """Give the role those privileges."""
    for grant in grants:
        connection.execute(sql.SQL("grant {} to {}").format(sql.SQL(grant), sql.Identifier(role)))


def asked_as(role: str, database: str, child: str = "orders(customer_id)") -> OrphanCount:
    """What that role is told."""
    with psycopg.connect(logged_in_as(role, database), autocommit=True) as own:
        return count(own, child, "customers(id)")


@pytest.mark.three_versions
@pytest.mark.parametrize(
    ("grants", "untold"),
    [
        ([], "public.orders(customer_id); this role may not read public.customers(id)"),
        (["select on orders"], "this role may not read public.customers(id)"),
        (["select on customers"], "this role may not read public.orders(customer_id)"),
        (
            ["select on customers", "select (id) on orders"],
            "this role may not read public.orders(customer_id)",
        ),
        (["select on orders", "select (name) on customers"], "this role may not read public.customers(id)"),
    ],
)
def test_a_table_that_may_not_be_read_is_named(
    database: str, connection: psycopg.Connection, make_role: MakeRole, grants: list[str], untold: str
) -> None:
    made(connection, *SHOP)
    role = make_role("reader")
    granted(connection, role, *grants)
    answer = asked_as(role, database)
    assert (answer.state, answer.rows, answer.orphans, answer.null_rows) == (
        State.UNREADABLE,
        None,
        None,
        None,
    )
    assert answer.why.endswith(untold)
    assert not answer.is_clean


def test_grants_on_the_keys_own_columns_are_enough(
    database: str, connection: psycopg.Connection, make_role: MakeRole
) -> None:
    """The sample then goes without the primary key."""
    made(connection, *SHOP)
    role = make_role("reader")
    granted(connection, role, "select (customer_id) on orders", "select (id) on customers")
    answer = asked_as(role, database)
    assert (answer.state, answer.rows, answer.orphans) == (State.EXACT, 2, 1)
    assert answer.sample == ({"customer_id": "2"},)


def test_a_schema_that_may_not_be_used_is_named(
    database: str, connection: psycopg.Connection, make_role: MakeRole
) -> None:
    made(
        connection,
        *SHOP,
        "create schema hidden",
        "create table hidden.visits (customer_id int)",
        "grant select on all tables in schema public, hidden to public",
    )
    answer = asked_as(make_role("reader"), database, "hidden.visits(customer_id)")
    assert answer.state is State.UNREADABLE
    assert answer.why == "this role may not use schema hidden, so hidden.visits can't be read"


@pytest.mark.three_versions
@pytest.mark.parametrize("table", ["orders", "customers"])
def test_row_security_that_hides_rows_is_told(
    database: str, connection: psycopg.Connection, make_role: MakeRole, table: str
) -> None:
    made(connection, *SHOP, "grant select on all tables in schema public to public")
    own = sql.Identifier(table)
    connection.execute(sql.SQL("alter table {} enable row level security").format(own))
    connection.execute(sql.SQL("create policy none_at_all on {} using (false)").format(own))
    answer = asked_as(make_role("reader"), database)
    assert (answer.state, answer.orphans) == (State.UNREADABLE, None)
    assert answer.why.startswith(f"row security hides rows of public.{table} from this role")
    knowing = asked_as(make_role("knowing", bypass_row_security=True), database)
    assert (knowing.state, knowing.orphans) == (State.EXACT, 1)


def test_one_key_that_can_not_be_read_does_not_hide_the_others(
    database: str, connection: psycopg.Connection, make_role: MakeRole
) -> None:
    made(
        connection,
        *SHOP,
        "alter table orders add foreign key (customer_id) references customers not valid",
        "create table secrets (customer_id int references customers)",
        "insert into secrets values (1)",
        "grant select on orders, customers to public",
    )
    with psycopg.connect(logged_in_as(make_role("reader"), database), autocommit=True) as own:
        states = {answer.table: (answer.state, answer.orphans) for answer in counts(own)}
    assert states == {"public.orders": (State.EXACT, 1), "public.secrets": (State.UNREADABLE, None)}


def test_a_key_that_went_since_the_catalog_was_read_is_told(connection: psycopg.Connection) -> None:
    made(connection, *SHOP, "alter table orders add foreign key (customer_id) references customers not valid")
    keys = declared(seen(connection))
    made(connection, "alter table orders rename customer_id to client_id")
    wish = wished(connection, "orders(client_id)", "customers(id)")
    for change in ("select", "alter table orders rename to sales", "drop table sales"):
        connection.execute(change)
        for answer in counts(connection, *keys, *[wish] * (change != "select")):
            assert (answer.state, answer.orphans) == (State.UNREADABLE, None)
            assert "gone since the catalog was read" in answer.why


def slow_key(connection: psycopg.Connection) -> None:
    """Two keys, of which the larger table's compares by a function that takes its time."""
    made(
        connection,
        "create function slow(int, int) returns int immutable language plpgsql as"
        " 'begin perform pg_sleep(0.05); return pg_catalog.btint4cmp($1, $2); end'",
        "create function slow_equal(int, int) returns bool immutable language plpgsql as"
        " 'begin perform pg_sleep(0.05); return $1 operator(pg_catalog.=) $2; end'",
        "create operator === (leftarg = int, rightarg = int, function = slow_equal, commutator = ===)",
        "create operator class slow_ops for type int using btree as operator 1 <, operator 2 <=,"
        " operator 3 ===, operator 4 >=, operator 5 >, function 1 slow(int, int)",
        "create table p (id int)",
        "create unique index on p (id slow_ops)",
        "create table c (p_id int)",
        "insert into p select 1",
        "insert into c select i from generate_series(1, 2000) as i",
        "vacuum analyze c",
    )


def test_a_count_that_runs_out_of_time_is_unfinished_and_the_next_goes_on(
    connection: psycopg.Connection,
) -> None:
    slow_key(connection)
    made(connection, *SHOP)
    slow = wished(connection, "c(p_id)", "p(id)")
    quick = wished(connection, "orders(customer_id)", "customers(id)")
    first, second = counts(connection, slow, quick, timeout=0.3)
    assert (first.state, first.orphans, first.why) == (State.UNFINISHED, None, "it took longer than 0.3 s")
    assert (second.state, second.orphans) == (State.EXACT, 1)
    assert connection.execute("show statement_timeout").fetchone() == ("0",)


def test_the_sessions_own_time_limit_is_kept_and_told(connection: psycopg.Connection) -> None:
    slow_key(connection)
    made(connection, "set statement_timeout = '250ms'")
    answer = count(connection, "c(p_id)", "p(id)")
    assert (answer.state, answer.why) == (State.UNFINISHED, "it took longer than 0.25 s")


@pytest.mark.three_versions
def test_a_persons_cancel_ends_it_and_the_connection_stays_of_use(connection: psycopg.Connection) -> None:
    slow_key(connection)
    events = orphans(connection, [wished(connection, "c(p_id)", "p(id)")], timeout=60)
    assert isinstance(next(events), Progress)
    timer = Timer(0.3, connection.cancel_safe)
    timer.start()
    with pytest.raises(Interrupted, match="0 of 1"):
        next(events)
    timer.join()
    assert connection.execute("select 1").fetchone() == (1,)


def test_a_locked_table_is_not_waited_for_for_ever(database: str, connection: psycopg.Connection) -> None:
    made(connection, *SHOP)
    reference = wished(connection, "orders(customer_id)", "customers(id)")
    with psycopg.connect(database) as other:
        other.execute("lock table customers in access exclusive mode")
        (answer,) = counts(connection, reference)
    assert answer.state is State.UNFINISHED
    assert answer.why == "another session held a lock on public.orders or public.customers for more than 5 s"


def test_within_a_callers_transaction_its_settings_and_its_snapshot_stay(
    database: str, connection: psycopg.Connection
) -> None:
    made(connection, *SHOP)
    good = wished(connection, "orders(customer_id)", "customers(id)")
    bad = wished(connection, "orders(note)", "customers(id)")
    with psycopg.connect(database, autocommit=True) as own, reading(own):
        assert [answer.state for answer in counts(own, good, bad)] == [State.EXACT, State.UNREADABLE]
        made(connection, "insert into orders values (12, 3)")
        assert [answer.orphans for answer in counts(own, good)] == [1]
        assert own.execute("show work_mem").fetchone() == connection.execute("show work_mem").fetchone()
        assert own.execute("show row_security").fetchone() == ("on",)


def test_nothing_is_written_and_no_settings_are_left(connection: psycopg.Connection) -> None:
    made(connection, *SHOP)
    before = connection.execute("select name, setting from pg_settings order by name").fetchall()
    count(connection, "orders(customer_id)", "customers(id)")
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert connection.execute("select name, setting from pg_settings order by name").fetchall() == before
