"""A sample system goes into an empty database, whole or not at all."""

from __future__ import annotations

import re
from typing import Any, LiteralString

import psycopg
import pytest

from queries.errors import Refused, UsageError
from queries.systems import System, contents, load, system
from tests.systems.samples import each_system

Connection = psycopg.Connection[Any]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('create table "Odd" (id int)', 'table public."Odd"'),
        ("create view public.v as select 1 as one", "view public.v"),
        ("create sequence public.s", "sequence public.s"),
        ("create schema other create table t (id int)", "table other.t"),
        ("create type public.mood as enum ('fine')", "type public.mood"),
        ("create domain public.positive as int check (value > 0)", "type public.positive"),
        ("create type public.pair as (a int, b int)", "type public.pair"),
        ("create function public.one() returns int language sql as 'select 1'", "function public.one"),
    ],
)
@pytest.mark.three_versions
def test_a_database_with_anything_in_it_is_refused_by_name(
    connection: Connection, statement: LiteralString, said: str
) -> None:
    """One object, of whatever kind, is said once, and nothing is loaded."""
    assert contents(connection) == ()
    connection.execute(statement)
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        load(connection, system("patients"))
    assert refused.value.exit_code == 4
    assert contents(connection) == (said,)


def test_a_full_database_is_refused_with_its_first_five_objects(connection: Connection) -> None:
    """The refusal stays short, and says how much it leaves out."""
    load(connection, system("gaztime"))
    with pytest.raises(Refused, match=r"table public\.pods.* and 7 more\."):
        load(connection, system("gaztime"))


def test_a_load_is_all_or_nothing(database: str, connection: Connection) -> None:
    """Who may not create in the schema gets a sentence, and the database stays empty."""
    connection.execute("drop schema public")
    with pytest.raises(Refused, match="gaztime can't be loaded here"):
        load(connection, system("gaztime"))
    connection.execute("create schema public")
    connection.execute("set default_transaction_read_only = on")
    with pytest.raises(Refused, match="read-only transaction"):
        load(connection, system("gaztime"))
    assert contents(connection) == ()


def test_a_connection_that_is_not_in_autocommit_loads_and_commits(
    database: str, connection: Connection
) -> None:
    """The load is over when the call is."""
    with psycopg.connect(database) as other:
        load(other, system("patients"))
        assert "table public.patients" in contents(connection)


@pytest.mark.parametrize("scale", [0, -1, 10_001])
def test_a_scale_out_of_range_is_a_matter_of_usage(connection: Connection, scale: int) -> None:
    """The range is said."""
    with pytest.raises(UsageError, match="from 1 to 10000"):
        load(connection, system("patients"), scale=scale)


def test_an_unknown_system_is_answered_with_those_there_are() -> None:
    """Nobody has to look for the list."""
    with pytest.raises(UsageError, match=r"There are: .*gaztime, patients"):
        system("gastime")


@each_system
def test_a_system_says_what_it_is_in_one_sentence(sample: System) -> None:
    """It begins with the system's name."""
    assert sample.sentence.lower().startswith(sample.name)
    assert sample.sentence.endswith(".")
