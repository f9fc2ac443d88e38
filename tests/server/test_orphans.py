"""Orphans as the key itself compares: columns, nulls, types, names, partitions, inheritance."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from queries.errors import UsageError
from queries.names import ColumnsName, TableName
from queries.orphans import OrphanCount, Progress, State, intended, orphan_condition, orphans
from tests.support.orphan_counts import add, count, counts, figures, hide, made, remove, seen, wished

SHOP = (
    "create table customers (id int primary key)",
    "create table orders (id int primary key, customer_id int)",
    "insert into customers values (1), (2)",
    "insert into orders values (10, 1), (11, 2), (12, 3), (13, 4), (14, null)",
)


@pytest.mark.three_versions
def test_an_intended_key_is_counted_with_a_sample(connection: psycopg.Connection) -> None:
    made(connection, *SHOP)
    answer = count(connection, "orders(customer_id)", "customers(id)")
    assert figures(answer) == (5, 2, 1)
    assert sorted(answer.sample, key=str) == [
        {"customer_id": "3", "id": "12"},
        {"customer_id": "4", "id": "13"},
    ]
    assert (answer.table, answer.columns) == ("public.orders", ("customer_id",))
    assert (answer.ref_table, answer.ref_columns) == ("public.customers", ("id",))
    assert (answer.constraint, answer.declared, answer.valid) == (None, False, False)
    assert not answer.is_clean


@pytest.mark.three_versions
def test_orphans_hide_under_a_valid_key(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table customers (id int primary key)",
        "create table orders (customer_id int constraint owner references customers)",
    )
    hide(connection, "insert into orders values (7)")
    answer = count(connection)
    assert figures(answer) == (1, 1, 0)
    assert (answer.constraint, answer.declared, answer.valid) == ("owner", True, True)


def test_a_sample_is_as_long_as_asked_for(connection: psycopg.Connection) -> None:
    made(connection, *SHOP)
    reference = wished(connection, "orders(customer_id)", "customers(id)")
    assert [len(counts(connection, reference, sample=size)[0].sample) for size in (0, 1, 9)] == [0, 1, 2]


def test_each_key_is_announced_and_big_tables_come_first(connection: psycopg.Connection) -> None:
    made(
        connection,
        *SHOP,
        "create table visits as select i as customer_id from generate_series(1, 5000) as i",
        "vacuum analyze visits",
    )
    small = wished(connection, "orders(customer_id)", "customers(id)")
    big = wished(connection, "visits(customer_id)", "customers(id)")
    events = list(orphans(connection, [small, big]))
    assert events[0] == Progress(0, 2, "public.visits(customer_id) -> public.customers(id)")
    assert events[2] == Progress(1, 2, "public.orders(customer_id) -> public.customers(id)")
    assert [event.table for event in events if isinstance(event, OrphanCount)] == [
        "public.visits",
        "public.orders",
    ]


def test_one_constraint_name_on_two_tables_is_two_keys(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table p (id int primary key)",
        "create table a (p_id int constraint same references p)",
        "create table b (p_id int constraint same references p)",
    )
    hide(connection, "insert into b values (1), (2)")
    found = {answer.table: answer.orphans for answer in counts(connection)}
    assert found == {"public.a": 0, "public.b": 2}


PAIRS = (
    "create table p (a int, b int, primary key (a, b))",
    "create table c (id int primary key, x int, y int)",
    "insert into p values (1, 1)",
    "insert into c values (1, 1, 1), (2, 1, 2), (3, 9, null), (4, null, 1), (5, null, null)",
)


def test_match_simple_passes_over_rows_with_any_null(connection: psycopg.Connection) -> None:
    made(connection, *PAIRS, "alter table c add foreign key (x, y) references p not valid")
    answer = count(connection)
    assert figures(answer) == (5, 1, 3)
    assert answer.sample == ({"x": "1", "y": "2", "id": "2"},)


def test_match_full_passes_over_rows_that_are_all_null_alone(connection: psycopg.Connection) -> None:
    made(connection, *PAIRS, "alter table c add foreign key (x, y) references p match full not valid")
    answer = count(connection)
    assert figures(answer) == (5, 3, 1)
    assert "MATCH FULL" in answer.why


@pytest.mark.parametrize(
    "target",
    ["alter table p add unique (a, b)", "create unique index on p (b, a) include (z)"],
)
def test_a_unique_constraint_or_a_bare_unique_index_can_be_the_target(
    connection: psycopg.Connection, target: str
) -> None:
    made(connection, "create table p (a int, b int, z int)", "create table c (x int, y int)")
    connection.execute(sql.SQL(target))
    made(
        connection,
        "insert into p values (1, 2, 0), (3, null, 0)",
        "insert into c values (1, 2), (2, 1), (3, 1)",
    )
    reference = wished(connection, "c(x, y)", "p(a, b)")
    assert figures(counts(connection, reference)[0]) == (3, 2, 0)
    assert remove(connection, reference) == 2
    assert add(connection, reference)


@pytest.mark.three_versions
def test_a_partitioned_table_is_one_on_either_side(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table p (id int primary key) partition by range (id)",
        "create table p1 partition of p for values from (0) to (10)",
        "create table p2 partition of p for values from (10) to (20)",
        "create table c (id int, p_id int, primary key (id, p_id)) partition by list (p_id)",
        "create table c1 partition of c for values in (1, 15)",
        "create table c2 partition of c default",
        "insert into p values (1), (15)",
        "insert into c values (1, 1), (2, 15), (3, 12), (4, 99)",
    )
    reference = wished(connection, "c(p_id)", "p(id)")
    assert figures(counts(connection, reference)[0]) == (4, 2, 0)
    assert remove(connection, reference) == 2
    assert add(connection, reference)
    assert figures(count(connection)) == (2, 0, 0)


@pytest.mark.three_versions
def test_a_key_covers_the_tables_own_rows_and_not_those_of_inheritance_children(
    connection: psycopg.Connection,
) -> None:
    made(
        connection,
        "create table p (id int primary key)",
        "create table p_more () inherits (p)",
        "create table c (p_id int)",
        "create table c_more () inherits (c)",
        "insert into p values (1)",
        "insert into p_more values (2)",
        "insert into c values (1), (2)",
        "insert into c_more values (3), (4)",
    )
    reference = wished(connection, "c(p_id)", "p(id)")
    assert figures(counts(connection, reference)[0]) == (2, 1, 0)
    assert not add(connection, reference)
    assert remove(connection, reference) == 1
    assert add(connection, reference)


def test_a_table_may_refer_to_itself(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table staff (id int primary key, boss int)",
        "insert into staff values (1, null), (2, 1), (3, 9), (4, 3)",
    )
    reference = wished(connection, "staff(boss)", "staff(id)")
    assert figures(counts(connection, reference)[0]) == (4, 1, 1)
    assert remove(connection, reference) == 1


@pytest.mark.parametrize(
    "name",
    [
        'we"ird',
        "per%cent",
        "%(x)s",
        "%s",
        "line\nbreak",
        "Größe",
        "select",
        "a.b",
        "x" * 63,
        "'; drop",
        "{c}",
        ":c",
        " ",
    ],
)
def test_any_name_can_be_counted_and_repaired(connection: psycopg.Connection, name: str) -> None:
    own = sql.Identifier(name)
    other = sql.Identifier(name[:60] + "_p")
    for statement in (
        "create schema {own}",
        "create table {own}.{other} ({own} int primary key)",
        "create table {own}.{own} ({other} int primary key, {own} int)",
        "insert into {own}.{own} values (1, 5), (2, null)",
    ):
        connection.execute(sql.SQL(statement).format(own=own, other=other))
    child = ColumnsName(TableName(name, name), (name,))
    parent = ColumnsName(TableName(name, name[:60] + "_p"), (name,))
    reference = intended(seen(connection), child, parent)
    (answer,) = counts(connection, reference)
    assert figures(answer) == (2, 1, 1)
    assert answer.sample == ({name: "5", name[:60] + "_p": "1"},)
    assert remove(connection, reference) == 1
    assert add(connection, reference)


def test_the_condition_reads_as_a_person_would_write_it(connection: psycopg.Connection) -> None:
    made(connection, *SHOP)
    reference = wished(connection, "orders(customer_id)", "customers(id)")
    assert orphan_condition(connection, reference).as_string() == (
        "c.customer_id is not null and not exists (select from only public.customers as p"
        " where p.id operator(pg_catalog.=) c.customer_id)"
    )


def test_columns_that_are_not_unique_can_not_be_referenced(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create table p (id int, name text, unique (id) deferrable)",
        "create unique index on p (name) where id > 0",
        "create unique index on p (name, id)",
        "create table c (p_id int, name text)",
    )
    for child, parent in (("c(p_id)", "p(id)"), ("c(name)", "p(name)")):
        answer = count(connection, child, parent)
        assert (answer.state, answer.orphans) == (State.UNREADABLE, None)
        assert "no unique index" in answer.why


@pytest.mark.parametrize(
    ("child", "parent", "message"),
    [
        ("nowhere(id)", "customers(id)", "no table nowhere"),
        ("orders(nothing)", "customers(id)", "no column orders.nothing"),
        ("orders(id, customer_id)", "customers(id)", "as many columns"),
        ("orders(id, id)", "customers(id, id)", "twice"),
    ],
)
def test_a_wish_that_makes_no_key_is_refused(
    connection: psycopg.Connection, child: str, parent: str, message: str
) -> None:
    made(connection, *SHOP)
    with pytest.raises(UsageError, match=message):
        wished(connection, child, parent)
