"""Which index serves a key: each verdict against what the lookup of a cascade costs the server."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import Connection, sql

from queries.catalog import Catalog, catalog
from queries.usable_index import Cover, key_coverage

pytestmark = pytest.mark.three_versions


class Case(NamedTuple):
    """An index of ``child`` (or other statements), the key's columns, and what it is worth."""

    made: str
    cover: Cover
    columns: tuple[str, ...] = ("a",)


NONE, PART, FULL = Cover.NONE, Cover.PART, Cover.FULL

CASES = {
    "none": Case("select 1", NONE),
    "plain": Case("create index x on child (a)", FULL),
    "first of several": Case("create index x on child (a, z)", FULL),
    "expression": Case("create index x on child (abs(a))", NONE),
    "partial on another column": Case("create index x on child (a) where d", NONE),
    "partial on the key's range": Case("create index x on child (a) where a > 0", NONE),
    "partial where not null": Case("create index x on child (a) where a is not null", FULL),
    "partial where both are not null": Case(
        "create index x on child (a, b) where a is not null and b is not null", FULL, ("a", "b")
    ),
    "partial where not null and more": Case("create index x on child (a) where a is not null and d", NONE),
    "not first": Case("create index x on child (z, a)", NONE),
    "descending": Case("create index x on child (a desc nulls last)", FULL),
    "BRIN": Case("create index x on child using brin (a)", NONE),
    "hash": Case("create index x on child using hash (a)", FULL),
    "composite": Case("create index x on child (a, b)", FULL, ("a", "b")),
    "composite reversed": Case("create index x on child (b, a)", FULL, ("a", "b")),
    "composite with a gap": Case("create index x on child (a, z, b)", PART, ("a", "b")),
    "composite by its first column": Case("create index x on child (a) include (b)", PART, ("a", "b")),
    "composite and more": Case("create index x on child (b, a, z)", FULL, ("a", "b")),
    "hash on one of two": Case("create index x on child using hash (a)", PART, ("a", "b")),
    "text": Case("create index x on child (t)", FULL, ("t",)),
    "text by another collation": Case('create index x on child (t collate "C")', NONE, ("t",)),
    "text for patterns": Case("create index x on child (t text_pattern_ops)", FULL, ("t",)),
    "text as SP-GiST": Case("create index x on child using spgist (t)", FULL, ("t",)),
    "varchar to text": Case("create index x on child (v)", FULL, ("v",)),
    "varchar for patterns": Case("create index x on child (v varchar_pattern_ops)", FULL, ("v",)),
    "char to text": Case("create index x on child (c)", NONE, ("c",)),
    "int to bigint": Case("create index x on child (i8)", FULL, ("i8",)),
    "int to numeric": Case("create index x on child (i)", NONE, ("i",)),
    "GiST": Case("create extension btree_gist; create index x on child using gist (a)", FULL),
    "GiST across types": Case(
        "create extension btree_gist; create index x on child using gist (i8)", NONE, ("i8",)
    ),
    "GIN": Case("create extension btree_gin; create index x on child using gin (a)", FULL),
    "GIN across types": Case(
        "create extension btree_gin; create index x on child using gin (i8)", NONE, ("i8",)
    ),
    "bloom": Case("create extension bloom; create index x on child using bloom (a)", NONE),
    "domain": Case("create index x on child (m)", FULL, ("m",)),
}

TABLES = """
create domain amount as int;
create table parent (a int, b int, t text, c text, i numeric, v text, i8 bigint, m int);
create table child (
    z int, a int, b int, d bool, t text, c char(12), i int, v varchar(40), i8 int, m amount
);
insert into child
select n % 7, n, n % 1000, n % 2 = 0, md5(n::text), n::text, n, md5(n::text), n, n
from generate_series(1, 20000) as n;
"""
ROOM = 3.0  # a lookup that an index serves costs nearly what it costs with the best index; GIN twice that


def keyed(connection: Connection[Any], columns: tuple[str, ...]) -> None:
    """A key over the columns; the parent needs to be unique only by them."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    connection.execute(sql.SQL("alter table parent add unique ({})").format(names))
    connection.execute(
        sql.SQL(
            "alter table child add constraint k foreign key ({0}) references parent ({0}) not valid"
        ).format(names)
    )
    connection.execute("analyze child")


def read(connection: Connection[Any]) -> Catalog:
    with connection.transaction():
        return catalog(connection)


def operands(connection: Connection[Any]) -> list[tuple[str, str, str, str]]:
    """For each column of the key: parent's type, operator, column and the type that it compares as."""
    return connection.execute(
        """
        select k.atttypid::regtype::text, o.oprname, a.attname, o.oprright::regtype::text
        from pg_constraint as c
        cross join unnest(c.conkey, c.confkey, c.conpfeqop) as u (child, parent, operator)
        join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = u.child
        join pg_attribute as k on k.attrelid = c.confrelid and k.attnum = u.parent
        join pg_operator as o on o.oid = u.operator
        where c.conname = 'k' and c.conparentid = 0
        order by u.child
        """
    ).fetchall()


def lookup_cost(connection: Connection[Any]) -> float:
    """What the query of a cascade costs under a generic plan, as ``RI_FKey_cascade_del`` writes it."""
    rows = operands(connection)
    types = ", ".join(row[0] for row in rows)
    tests = (
        f"${n} operator(pg_catalog.{operator}) {column}::{right}"
        for n, (_, operator, column, right) in enumerate(rows, 1)
    )
    lookup = text("prepare lookup ({}) as delete from child where {}")
    nulls = ", ".join("null" for _ in rows)
    connection.execute("set plan_cache_mode = force_generic_plan")
    connection.execute(lookup.format(text(types), text(" and ".join(tests))))
    plan = connection.execute(text(f"explain (format json) execute lookup ({nulls})")).fetchone()
    connection.execute("deallocate lookup")
    assert plan
    return float(plan[0][0]["Plan"]["Total Cost"])


def best_cost(connection: Connection[Any]) -> float:
    """The same with the index made for it: on what the key compares."""
    made_for_it = ", ".join(f"({column}::{right})" for _, _, column, right in operands(connection))
    connection.execute(text(f"create index best on child ({made_for_it})"))
    connection.execute("analyze child")
    return lookup_cost(connection)


def text(statement: str) -> sql.SQL:
    """A statement made of the names above."""
    return sql.SQL(statement)


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_what_the_lookup_costs(connection: Connection[Any], name: str) -> None:
    made, cover, columns = CASES[name]
    connection.execute(TABLES)
    keyed(connection, columns)
    scan = lookup_cost(connection)
    connection.execute(text(made))
    connection.execute("analyze child")
    now, cost = read(connection), lookup_cost(connection)
    assert key_coverage(now, now.foreign_keys[0]).cover is cover
    connection.execute("drop index if exists x")
    best = best_cost(connection)
    assert best * 10 < scan
    if cover is PART:  # 18 skips over the gap at a price
        assert cost * 5 < scan
    else:
        assert (cost <= best * ROOM) == (cover is FULL)


def test_an_invalid_index_serves_nothing(connection: Connection[Any]) -> None:
    connection.execute(TABLES)
    keyed(connection, ("b",))
    scan = lookup_cost(connection)
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("create unique index concurrently x on child (b)")
    now = read(connection)
    assert key_coverage(now, now.foreign_keys[0]).cover is NONE
    assert key_coverage(now, now.foreign_keys[0]).why == "is not valid"
    assert lookup_cost(connection) == scan


PARTITIONED = """
create table parent (a int primary key);
create table child (z int, a int references parent) partition by range (z);
create table low partition of child for values from (0) to (10) partition by range (z);
create table lowest partition of low for values from (0) to (5);
create table lower partition of low for values from (5) to (10);
create table high (a int, z int);
alter table child attach partition high for values from (10) to (20);
"""


@pytest.mark.parametrize(
    ("made", "cover"),
    [
        ("create index on child (a)", FULL),
        ("create index on low (a); create index on high (a)", FULL),
        ("create index on lowest (a); create index on lower (a); create index on high (a, z)", FULL),
        ("create index on lowest (a); create index on high (a)", NONE),
        ("create index on only child (a)", NONE),
        ("create index on low (a); create index on high (z, a)", NONE),
    ],
)
def test_a_partitioned_child_needs_an_index_on_every_leaf(
    connection: Connection[Any], made: str, cover: Cover
) -> None:
    connection.execute(PARTITIONED)
    connection.execute(text(made))
    now = read(connection)
    assert key_coverage(now, now.foreign_keys[0]).cover is cover


def test_an_index_that_does_not_serve_says_what_it_lacks(connection: Connection[Any]) -> None:
    connection.execute("create table parent (a int unique); create table child (a int references parent (a))")
    connection.execute("create index on child using brin (a)")
    now = read(connection)
    assert (
        key_coverage(now, now.foreign_keys[0]).why == "is of the kind brin, which does not find single rows"
    )
