"""Rows are read by key, in pages, in both directions."""

from __future__ import annotations

import psycopg
import pytest

from queries.catalog import Catalog, Table, catalog
from queries.connection import reading
from queries.names import table_name
from queries.rows import CUT, Asked, Match, Page, Way, order_key, page


def _read(connection: psycopg.Connection) -> Catalog:
    with reading(connection):
        return catalog(connection)


def _asked(
    read: Catalog, name: str, *, match: Match | None = None, whole: frozenset[str] = frozenset()
) -> Asked:
    table = read.find(table_name(name))
    assert isinstance(table, Table)
    return Asked(table, read.columns[table.oid], order_key(read, table), match, whole)


def _all_forward(connection: psycopg.Connection, asked: Asked, *, size: int) -> list[tuple[str | None, ...]]:
    found = page(connection, asked, size=size)
    rows = list(found.rows)
    while found.more_after:
        found = page(connection, asked, way=Way.AFTER, start=found.keys[-1], size=size)
        rows += found.rows
    return rows


@pytest.mark.three_versions
def test_a_composite_key_is_read_whole_in_both_directions(connection: psycopg.Connection) -> None:
    connection.execute("create table pair (a int, b text, c date, primary key (b, a))")
    connection.execute(
        "insert into pair select i % 7, 'k' || i % 5, date '2026-01-01' + i from generate_series(1, 35) as i"
    )
    asked = _asked(_read(connection), "pair")
    assert asked.key == ("b", "a")
    rows = _all_forward(connection, asked, size=4)
    assert [(row[1], row[0]) for row in rows] == sorted((f"k{i % 5}", str(i % 7)) for i in range(1, 36))
    found = page(connection, asked, way=Way.LAST, size=4)
    back = list(found.rows)
    while found.more_before:
        found = page(connection, asked, way=Way.BEFORE, start=found.keys[0], size=4)
        back = [*found.rows, *back]
    assert back == rows


@pytest.mark.three_versions
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("numeric", "values (0.1), (-3), (1e30), ('NaN')"),
        ("float8", "values (0.1::float8), (1e-300), ('-Infinity'), ('NaN')"),
        (
            "timestamptz",
            "values ('-infinity'::timestamptz), ('2026-10-25 01:30:00.123456+02'), ('0044-03-15 BC')",
        ),
        ("uuid", "values (md5('a')::uuid), (md5('b')::uuid), (md5('c')::uuid)"),
        ("text", "values (''), ('a%s'), ('Ä'), ('b''\"\\'), ('日本')"),
        ("bytea", r"values ('\x00ff'::bytea), ('\x'), ('\x5c')"),
        ("bool", "values (true), (false)"),
        ("interval", "values ('1 mon'::interval), ('29 days 23:00'), ('-1 day')"),
        ("char(4)", "values ('a'), ('ab'), ('abcd')"),
        ("int[]", "values ('{1,2}'::int[]), ('{}'), ('{1,NULL}')"),
    ],
)
def test_a_key_of_any_type_is_read_on_from_its_text(
    connection: psycopg.Connection, kind: str, values: str
) -> None:
    connection.execute(f"create table k (id {kind} primary key)")
    connection.execute(f"insert into k {values}")
    asked = _asked(_read(connection), "k", whole=frozenset(["id"]))
    expected = [row[0] for row in connection.execute("select id::text from k order by k.id")]
    assert [row[0] for row in _all_forward(connection, asked, size=1)] == expected


def test_a_page_from_a_row_knows_whether_there_are_rows_before_it(connection: psycopg.Connection) -> None:
    connection.execute("create table n as select i as id from generate_series(1, 10) as i")
    connection.execute("alter table n add primary key (id)")
    asked = _asked(_read(connection), "n")
    first = page(connection, asked, way=Way.FROM, start=("1",), size=3)
    later = page(connection, asked, way=Way.FROM, start=("9",), size=3)
    assert (first.more_before, first.more_after) == (False, True)
    assert (later.more_before, later.more_after) == (True, False)
    assert later.rows == (("9",), ("10",))


def test_a_unique_index_orders_the_rows_only_where_no_column_may_be_null(
    connection: psycopg.Connection,
) -> None:
    connection.execute("create table u (a int unique, b int not null, c int not null)")
    connection.execute("create unique index on u (b) where c > 0")
    assert _asked(_read(connection), "u").key == ()
    connection.execute("create unique index on u (c, b)")
    assert _asked(_read(connection), "u").key == ("c", "b")


def test_without_a_key_there_is_one_page_that_says_whether_there_is_more(
    connection: psycopg.Connection,
) -> None:
    connection.execute("create table heap as select i from generate_series(1, 10) as i")
    found = page(connection, _asked(_read(connection), "heap"), size=4)
    assert isinstance(found, Page)
    assert (len(found.rows), found.keys, found.more_after) == (4, (), True)


@pytest.mark.three_versions
def test_rows_match_across_the_types_of_a_key(connection: psycopg.Connection) -> None:
    connection.execute("create table parent (id bigint primary key, code char(3) unique)")
    connection.execute("create table child (id int primary key, parent_id int, code varchar(9))")
    connection.execute("insert into child values (1, 7, 'ab'), (2, 8, 'ab ')")
    read = _read(connection)
    far = _asked(read, "child", match=Match(("parent_id",), ("99999999999",), ("bigint",)))
    assert page(connection, far).rows == ()
    near = _asked(read, "child", match=Match(("parent_id",), ("7",), ("bigint",)))
    assert [row[0] for row in page(connection, near).rows] == ["1"]
    code = _asked(read, "child", match=Match(("code",), ("ab",), ("character",)))
    assert [row[0] for row in page(connection, code).rows] == ["1", "2"]


def test_long_values_are_cut_on_the_server_unless_they_lead_elsewhere(connection: psycopg.Connection) -> None:
    connection.execute("create table long (id int primary key, a text, b text, c bytea)")
    connection.execute(
        "insert into long values (1, repeat('x', 5000), repeat('y', 5000), repeat('z', 5000)::bytea)"
    )
    row = page(connection, _asked(_read(connection), "long", whole=frozenset(["b"]))).rows[0]
    assert len(row[1] or "") == CUT
    assert len(row[2] or "") == 5000
    assert len(row[3] or "") == 2 + 2 * CUT


def test_rows_of_inheriting_tables_are_not_mixed_in(connection: psycopg.Connection) -> None:
    connection.execute("create table base (id int primary key)")
    connection.execute("create table extra () inherits (base)")
    connection.execute("insert into base values (1); insert into extra values (1)")
    assert page(connection, _asked(_read(connection), "base")).rows == (("1",),)


def test_odd_names_are_only_names(connection: psycopg.Connection) -> None:
    connection.execute("""create table "a%s ""b"" :c" ("i d%" int primary key, ":'x'" text)""")
    connection.execute("""insert into "a%s ""b"" :c" values (1, 'one'), (2, null)""")
    asked = _asked(_read(connection), '"a%s ""b"" :c"')
    assert _all_forward(connection, asked, size=1) == [("1", "one"), ("2", None)]
