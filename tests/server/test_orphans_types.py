"""Columns of different types and collations: compared as PostgreSQL's own check of the key compares them."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from queries.orphans import State
from tests.support.orphan_counts import add, count, counts, figures, made, remove, wished

TYPES = [
    ("int", "bigint", "3000000000"),
    ("bigint", "smallint", "7"),
    ("numeric", "int", "7"),
    ("varchar(20)", "char(9)", "'x'"),
    ("char(9)", "varchar(20)", "'x'"),
    ("text", "varchar(5)", "'x'"),
    ("text", "name", "'x'"),
    ("name", "text", "'x'"),
    ('"char"', '"char"', "'x'"),
    ("timestamptz", "date", "'2020-01-01'"),
    ("timestamp", "date", "'2020-01-01'"),
    ("bit(3)", "bit(3)", "'101'"),
    ("bit varying(3)", "bit(3)", "'101'"),
    ("uuid", "uuid", "'00000000-0000-0000-0000-000000000000'"),
    ("int[]", "int[]", "'{1,2}'"),
    ("colour", "colour", "'red'"),
    ("int4range", "int4range", "'[1,3)'"),
    ("number", "int", "7"),
    ("int", "number", "7"),
    ("word", "varchar(9)", "'x'"),
    ("double precision", "int", "7"),
    ("double precision", "numeric", "7"),
    ("macaddr8", "macaddr", "'08:00:2b:01:02:03'"),
    ("inet", "cidr", "'10.0.0.0/8'"),
    ("oid", "int", "7"),
    ("pair", "pair", "row(1, 2)"),
]


@pytest.mark.three_versions
def test_any_two_types_that_the_server_takes_for_a_key_are_compared(connection: psycopg.Connection) -> None:
    made(
        connection,
        "create type colour as enum ('red')",
        "create type pair as (a int, b int)",
        "create domain number as int check (value > 0)",
        "create domain short as varchar(9)",
        "create domain word as short",
    )
    for parent, child, value in TYPES:
        made(connection, "drop table if exists c, p")
        parts = {"p": sql.SQL(parent), "c": sql.SQL(child), "v": sql.SQL(value)}
        connection.execute(sql.SQL("create table p (id {p} primary key)").format(**parts))
        connection.execute(sql.SQL("create table c (p_id {c})").format(**parts))
        connection.execute(sql.SQL("insert into c values (({v})::{c})").format(**parts))
        reference = wished(connection, "c(p_id)", "p(id)")
        assert figures(counts(connection, reference)[0]) == (1, 1, 0), (parent, child)
        assert not add(connection, reference), (parent, child)
        assert remove(connection, reference) == 1
        assert add(connection, reference), (parent, child)
        made(connection, "alter table c disable trigger all")
        connection.execute(sql.SQL("insert into c values (({v})::{c})").format(**parts))
        assert figures(count(connection)) == (1, 1, 0), (parent, child)


@pytest.mark.three_versions
def test_types_that_the_server_refuses_are_told(connection: psycopg.Connection) -> None:
    refused = [
        ("int", "uuid"), ("int", "numeric"), ("bigint", "text"), ("uuid", "text"), ("int[]", "bigint[]"),
        ("colour", "shade"), ("date", "text"), ("smallint", "double precision"), ("point_id", "text"),
    ]  # fmt: skip
    made(
        connection,
        "create type colour as enum ('red')",
        "create type shade as enum ('red')",
        "create domain point_id as int",
    )
    for parent, child in refused:
        made(connection, "drop table if exists c, p")
        parts = {"p": sql.SQL(parent), "c": sql.SQL(child)}
        connection.execute(sql.SQL("create table p (id {p} primary key)").format(**parts))
        connection.execute(sql.SQL("create table c (p_id {c})").format(**parts))
        answer = count(connection, "c(p_id)", "p(id)")
        assert (answer.state, answer.orphans) == (State.UNREADABLE, None), (parent, child)
        assert "no equality operator between" in answer.why
        with pytest.raises(psycopg.errors.DatatypeMismatch):
            add(connection, wished(connection, "c(p_id)", "p(id)"))


def test_a_key_compares_by_the_operators_it_was_made_with(connection: psycopg.Connection) -> None:
    """char(n) pads, so that blanks at the end don't make an orphan; text would."""
    made(
        connection,
        "create table p (code char(5) primary key)",
        "create table c (code varchar(9))",
        "insert into p values ('ab')",
        "insert into c values ('ab   '), ('ab'), ('abc')",
    )
    assert figures(count(connection, "c(code)", "p(code)")) == (3, 1, 0)


@pytest.mark.parametrize(("parent", "child", "orphan"), [("blind", "C", 0), ("C", "blind", 1)])
def test_the_parents_collation_decides(
    connection: psycopg.Connection, parent: str, child: str, orphan: int
) -> None:
    """18 refuses such a key as soon as one collation is not deterministic, so it is only intended here."""
    made(
        connection,
        "create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    )
    collations = {"p": sql.Identifier(parent), "c": sql.Identifier(child)}
    connection.execute(sql.SQL("create table p (id text collate {p} primary key)").format(**collations))
    connection.execute(sql.SQL("create table c (p_id text collate {c})").format(**collations))
    made(connection, "insert into p values ('A')", "insert into c values ('a')")
    assert figures(count(connection, "c(p_id)", "p(id)")) == (1, orphan, 0)
