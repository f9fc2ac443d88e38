"""PostgreSQL is the judge: on random tables our orphans are the very rows that it rejects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from queries.orphans import OrphanCount, Reference, State
from tests.support.orphan_counts import add, counts, hide, made, remove, wished

CASES = 60
NUMBERS, WORDS = ("0", "1", "2", "7"), ("a", "A", "a ", "b", "")
TYPES: tuple[tuple[LiteralString, LiteralString, tuple[str, ...]], ...] = (
    ("int", "int", NUMBERS),
    ("bigint", "smallint", NUMBERS),
    ("numeric(5, 1)", "bigint", NUMBERS),
    ("whole", "int", NUMBERS),
    ("int", "whole", NUMBERS),
    ("text", "varchar(4)", WORDS),
    ("varchar(4)", "char(3)", WORDS),
    ("char(3)", "varchar(4)", WORDS),
    ('text collate "C"', 'text collate "POSIX"', WORDS),
    ("timestamp", "date", ("2020-01-01", "2021-01-01", "2022-01-01")),
    ("int[]", "int[]", ("{}", "{1}", "{1,NULL}")),
)
REJECTED = """
create function rejected() returns int language plpgsql as $$
declare
    kept kept;
    found int := 0;
begin
    for kept in select * from kept loop
        begin
            insert into c select (kept).*;
        exception when foreign_key_violation then
            found := found + 1;
        end;
    end loop;
    return found;
end
$$"""


@dataclass(frozen=True)
class Case:
    """Two tables and their rows, all from one number."""

    types: tuple[tuple[LiteralString, LiteralString, tuple[str, ...]], ...]
    parents: tuple[tuple[str | None, ...], ...]
    children: tuple[tuple[str | None, ...], ...]
    match_full: bool
    parts: tuple[LiteralString, LiteralString]  # how parent and child are divided
    by_primary_key: bool


def case(seed: int) -> Case:
    """The case of that number, the same everywhere."""
    random = Random(seed)
    types = tuple(random.choice(TYPES) for _ in range(random.choice((1, 1, 2, 3))))
    by_primary_key = random.random() < 0.5

    def row(null: float) -> tuple[str | None, ...]:
        return tuple(None if random.random() < null else random.choice(values) for *_, values in types)

    return Case(
        types,
        tuple(row(0 if by_primary_key else 0.1) for _ in range(random.randrange(12))),
        tuple(row(random.choice((0, 0.3))) for _ in range(random.randrange(16))),
        random.random() < 0.4,
        (random.choice(("", "hash", "inherited")), random.choice(("", "hash", "inherited"))),
        by_primary_key,
    )


def build(connection: psycopg.Connection, given: Case) -> Reference:
    """Make the case's tables; gives the key between them."""
    names = [sql.Identifier(f"k{place}") for place in range(len(given.types))]
    keyed = sql.SQL(", ").join(names)
    made(connection, "drop schema public cascade", "create schema public", "create domain whole as int")
    unique = sql.SQL("{} ({})").format(sql.SQL("primary key" if given.by_primary_key else "unique"), keyed)
    for place, table in enumerate(("p", "c")):
        columns = [
            sql.SQL("{} {}").format(name, sql.SQL((parent, child)[place]))
            for name, (parent, child, _) in zip(names, given.types, strict=True)
        ]
        divided = sql.SQL("partition by hash ({})" if given.parts[place] == "hash" else "").format(names[0])
        inside = sql.SQL(", ").join([*columns, *([unique] if table == "p" else [])])
        connection.execute(sql.SQL("create table {} ({}) {}").format(sql.Identifier(table), inside, divided))
        divide(connection, table, given.parts[place])
    made(connection, "create table kept (like c)")
    others = given.parents[::4] if given.parts[0] == "inherited" else ()
    for table, rows in (("p", given.parents[1:] if others else given.parents), ("p1", others)):
        fill(connection, table, rows)
    fill(connection, "kept", given.children)
    made(connection, "insert into c select * from kept", REJECTED)
    if given.parts[1] == "inherited":
        made(connection, "insert into c1 select * from kept")
    text = ", ".join(f"k{place}" for place in range(len(given.types)))
    return replace(wished(connection, f"c({text})", f"p({text})"), match_full=given.match_full)


def divide(connection: psycopg.Connection, table: str, how: str) -> None:
    """Two partitions, or a child by inheritance that gets rows of its own."""
    parts = {
        "own": sql.Identifier(table),
        "one": sql.Identifier(f"{table}1"),
        "two": sql.Identifier(f"{table}2"),
    }
    if how == "hash":
        halves = "create table {} partition of {own} for values with (modulus 2, remainder {})"
        for name, rest in (("one", 0), ("two", 1)):
            connection.execute(sql.SQL(halves).format(parts[name], rest, own=parts["own"]))
    if how == "inherited":
        connection.execute(sql.SQL("create table {one} () inherits ({own})").format(**parts))


def fill(connection: psycopg.Connection, table: str, rows: tuple[tuple[str | None, ...], ...]) -> None:
    """Insert the rows, of equal ones in a parent the first alone."""
    for row in rows:
        values = sql.SQL(", ").join(sql.Literal(value) for value in row)
        statement = sql.SQL("insert into {} values ({}) on conflict do nothing")
        connection.execute(statement.format(sql.Identifier(table), values))


def judged(connection: psycopg.Connection, reference: Reference) -> int:
    """How many of the kept rows the server rejects, one by one, with the key in place and no row yet."""
    made(connection, "truncate only c" if reference.child.kind == "r" else "truncate c")
    assert add(connection, reference, match_full=reference.match_full)
    row = connection.execute("select rejected()").fetchone()
    assert row
    return int(row[0])


@pytest.mark.three_versions
def test_our_orphans_are_the_rows_that_the_server_rejects(connection: psycopg.Connection) -> None:
    for seed in range(CASES):
        check(connection, seed)


def check(connection: psycopg.Connection, seed: int) -> None:
    """Count, then let the server add the key with, without and around the orphans."""
    given = case(seed)
    reference = build(connection, given)
    answer = one(connection, reference)
    assert answer.state is State.EXACT, (given, answer.why)
    assert answer.rows == len(given.children)
    expected = (lambda row: all(v is None for v in row)) if given.match_full else (lambda row: None in row)
    assert answer.null_rows == sum(map(expected, given.children)), given
    if answer.orphans:
        assert not add(connection, reference, match_full=given.match_full), given
    assert remove(connection, reference) == answer.orphans, given
    assert one(connection, reference).is_clean, given
    assert add(connection, reference, match_full=given.match_full), given
    made(connection, "alter table c drop constraint judge")
    assert judged(connection, reference) == answer.orphans, given
    hide(connection, "truncate c", "insert into c select * from kept")
    (declared,) = counts(connection)
    assert (declared.rows, declared.orphans, declared.null_rows) == (
        answer.rows,
        answer.orphans,
        answer.null_rows,
    )


def one(connection: psycopg.Connection, reference: Reference) -> OrphanCount:
    """The only answer."""
    (answer,) = counts(connection, reference)
    return answer
