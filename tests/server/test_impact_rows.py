"""The condition of one row, the rows along keys, keys that make a delete slow, and another rule for a key."""

from __future__ import annotations

import psycopg
import pytest

from queries.catalog import Catalog, Table, catalog
from queries.errors import BadExpression, Refused
from queries.impact import Deletion, Effect
from queries.impact.along import rows_along
from queries.impact.cost import scans
from queries.impact.where import row_condition
from queries.models import OnDelete
from queries.names import table_name
from queries.rows import Asked, order_key, page
from queries.rule_change import rule_change

ODD = """
create table "Odd %s" ("user" text, n int, b bytea, "%" text not null, primary key ("user", n, b));
insert into "Odd %s" values
    ('o''hara', 1, '\\x00ff', 'x'), (E'back\\\\slash', -2, '\\x', 'y'), ('", drop', 3, '\\x27', 'z');
"""
FAMILY = """
create table p (id bigint primary key, email text);
create table c (id int primary key, p int references p on delete cascade, note text);
create table g (id int, c int references c on delete set null);
insert into p values (1, 'a@b.c'), (2, null);
insert into c values (1, 1, 'secret'), (2, 1, null), (3, 2, 'other'), (4, null, 'none');
insert into g values (1, 1), (2, 1), (3, 3), (4, null);
"""


def known(connection: psycopg.Connection, text: str) -> tuple[Catalog, Table]:
    """The catalog, and a table of it."""
    with connection.transaction():
        found = catalog(connection)
    table = found.find(table_name(text))
    assert table is not None
    return found, table


@pytest.mark.three_versions
def test_the_condition_of_a_row_names_that_row_alone(connection: psycopg.Connection) -> None:
    connection.execute(ODD)
    found, table = known(connection, '"Odd %s"')
    asked = Asked(table, found.columns[table.oid], order_key(found, table))
    with connection.transaction():
        rows = page(connection, asked)
    assert len(rows.keys) == 3
    for row, key in zip(rows.rows, rows.keys, strict=True):
        where = row_condition(found, table, key)
        sample = rows_along(connection, Deletion(table, where), (), catalog=found, sensitive=None)
        assert sample.rows == (row,)


def test_the_condition_of_a_row_reads_well(connection: psycopg.Connection) -> None:
    connection.execute(ODD)
    found, table = known(connection, '"Odd %s"')
    where = row_condition(found, table, ("o'hara", "-1", "\\x00ff"))
    assert where == """"user" = 'o''hara' and n = -1 and b = E'\\\\x00ff'"""


@pytest.mark.three_versions
def test_rows_along_keys_are_those_that_refer_to_what_goes(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    found, table = known(connection, "p")
    by_name = {key.name: key for key in found.foreign_keys}
    path = (by_name["c_p_fkey"], by_name["g_c_fkey"])
    one = Deletion(table, "p.id = 1 -- the first")
    assert [row[0] for row in rows_along(connection, one, path[:1], catalog=found).rows] == ["1", "2"]
    below = rows_along(connection, one, path, catalog=found)
    assert (below.table.text, below.columns, below.is_all) == ("public.g", ("id", "c"), True)
    assert sorted(below.rows) == [("1", "1"), ("2", "1")]
    first = rows_along(connection, one, path, catalog=found, most=1)
    assert (len(first.rows), first.is_all) == (1, False)


def test_what_tells_of_people_is_masked_but_keys_and_nulls_are_not(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    found, table = known(connection, "p")
    both = Deletion(table, "true")
    assert rows_along(connection, both, (), catalog=found).rows == (("1", "***"), ("2", None))
    assert rows_along(connection, both, (), catalog=found, sensitive=None).rows[0] == ("1", "a@b.c")


def test_rows_along_keys_only_read(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    found, table = known(connection, "p")
    second = Deletion(table, "true); commit; delete from g where (true")
    with pytest.raises(BadExpression):
        rows_along(connection, second, (), catalog=found)
    assert connection.execute("select count(*) from g").fetchone() == (4,)


def test_a_key_over_time_is_refused_by_name(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    found, table = known(connection, "p")
    key = next(key for key in found.foreign_keys if key.name == "c_p_fkey")._replace(period=True)
    with pytest.raises(Refused, match="c_p_fkey"):
        rows_along(connection, Deletion(table, "true"), (key,), catalog=found)


def test_a_key_without_an_index_is_slow_only_where_it_costs(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    connection.execute("insert into c select i, 1, null from generate_series(10, 2009) as i")
    connection.execute("analyze")
    found, table = known(connection, "p")
    deletion = Deletion(table, "true")
    few, many = (Effect("public.p", deleted=rows) for rows in (2, 100))
    assert not list(scans(found, deletion, [few]))
    (slow,) = scans(found, deletion, [many])
    assert (slow.key.name, slow.parents, round(slow.rows)) == ("c_p_fkey", 100, 2004)
    connection.execute("create index on c (p)")
    found, table = known(connection, "p")
    assert not list(scans(found, deletion, [many]))


def test_another_rule_lets_the_columns_be_null_where_it_sets_null(connection: psycopg.Connection) -> None:
    connection.execute(FAMILY)
    connection.execute("delete from c where p is null")
    connection.execute("alter table c alter p set not null")
    found, _ = known(connection, "c")
    key = next(key for key in found.foreign_keys if key.name == "c_p_fkey")
    assert [step.kind for step in rule_change(found, key, OnDelete.RESTRICT)] == ["change key"]
    steps = rule_change(found, key, OnDelete.SET_NULL)
    assert [step.kind for step in steps] == ["drop not null", "change key"]
