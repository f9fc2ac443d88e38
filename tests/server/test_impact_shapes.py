"""Deletes from and through tables of every shape: partitions, heirs, composite keys, types, odd names."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.deletes import figures, make, refusal, told

pytestmark = pytest.mark.three_versions


def test_composite_keys_are_followed_as_a_whole(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (a int, b int, primary key (a, b)); create table c (a int, b int, "
        "foreign key (a, b) references p on delete cascade); insert into p values (1, 1), (1, 2); "
        "insert into c values (1, 1), (1, 2), (1, null), (null, 1), (1, 1)",
    )
    assert figures(told(connection, "p", "b = 1"))["c"] == (2, 0, 0, 0)


def test_match_full_set_null_of_one_column_is_refused(connection: psycopg.Connection, major: int) -> None:
    script = (
        "create table p (a int, b int, primary key (a, b)); create table c (a int, b int, "
        "foreign key (a, b) references p match full on delete set null CHOSEN); "
        "insert into p values (1, 1); insert into c values (1, 1)"
    )
    make(connection, script.replace("CHOSEN", "(b)" if major >= 15 else ""))
    assert told(connection, "p").outcome == ("blocked" if major >= 15 else "ok")


def test_a_list_of_columns_touches_those_alone(connection: psycopg.Connection, major: int) -> None:
    script = (
        "create table p (a int, b int, primary key (a, b)); create table c (a int not null, b int, "
        "foreign key (a, b) references p on delete set null CHOSEN); "
        "insert into p values (1, 1); insert into c values (1, 1)"
    )
    make(connection, script.replace("CHOSEN", "(b)" if major >= 15 else ""))
    assert told(connection, "p").outcome == ("ok" if major >= 15 else "blocked")


def test_a_default_sets_off_another_key_that_shares_the_column(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (t int, id int, primary key (t, id)); create table q (t int, id int, "
        "primary key (t, id)); create table c (t int default 0, p int default 0, q int, "
        "constraint to_p foreign key (t, p) references p on delete set default, "
        "constraint to_q foreign key (t, q) references q); insert into p values (0, 0), (1, 1); "
        "insert into q values (1, 1); insert into c values (1, 1, 1)",
    )
    assert told(connection, "p", "t = 1").blocked_by[0].constraint == "to_q"


@pytest.mark.parametrize(
    ("parent", "child", "value"),
    [
        ("int", "bigint", "7"),
        ("bigint", "smallint", "7"),
        ("numeric", "int", "7"),
        ("varchar(9)", "char(9)", "x"),
        ("char(9)", "varchar(9)", "x"),
        ("text", "name", "x"),
        ("timestamptz", "date", "2020-01-01"),
        ("double precision", "numeric", "7"),
        ("uuid", "uuid", "00000000-0000-0000-0000-000000000000"),
        ("bit(3)", "bit(3)", "101"),
        ("int[]", "int[]", "{1,2}"),
        ("int4range", "int4range", "[1,3)"),
    ],
)
def test_keys_compare_by_their_own_operators(
    connection: psycopg.Connection, parent: str, child: str, value: str
) -> None:
    script = (
        "create table p (id PARENT primary key); create table c (p_id CHILD references p on delete cascade); "
        "create table d (p_id CHILD references p on delete set null); "
        "insert into p values ('VALUE'); insert into c values ('VALUE'); insert into d values ('VALUE')"
    )
    for word, part in (("PARENT", parent), ("CHILD", child), ("VALUE", value)):
        script = script.replace(word, part)
    make(connection, script)
    found = told(connection, "p")
    assert figures(found) == {"p": (1, 0, 0, 0), "c": (1, 0, 0, 0), "d": (0, 1, 0, 0)}


def test_keys_to_unique_constraints_and_bare_indexes(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key, code text unique, n int); create unique index on p (n); "
        "create table c (code text references p (code) on delete cascade); "
        "create table d (n int references p (n) on delete cascade); "
        "insert into p values (1, 'x', 1), (2, null, null); insert into c values ('x'), (null); "
        "insert into d values (1), (1)",
    )
    assert figures(told(connection, "p")) == {"p": (2, 0, 0, 0), "c": (1, 0, 0, 0), "d": (2, 0, 0, 0)}


PARTITIONED = (
    "create table p (id int primary key) partition by range (id); "
    "create table p_low partition of p for values from (0) to (10); "
    "create table p_high partition of p for values from (10) to (20); "
    "create table c (id int, p_id int) partition by list (p_id); "
    "create table c_1 partition of c for values in (1, null); "
    "create table c_rest partition of c default; "
    "insert into p values (1), (2), (11); insert into c values (1, 1), (2, 2), (3, 11), (4, 11); "
)


def test_partitions_on_either_side_count_as_one_table(connection: psycopg.Connection) -> None:
    make(connection, PARTITIONED + "alter table c add foreign key (p_id) references p on delete cascade")
    assert figures(told(connection, "p", "id <> 2")) == {"p": (2, 0, 0, 0), "c": (3, 0, 0, 0)}


def test_the_declared_constraint_is_named(connection: psycopg.Connection) -> None:
    make(connection, PARTITIONED + "alter table c add constraint declared foreign key (p_id) references p")
    assert told(connection, "p", "id = 11").blocked_by[0].constraint == "declared"


def test_a_row_that_is_set_null_moves_to_another_partition(connection: psycopg.Connection) -> None:
    make(connection, PARTITIONED + "alter table c add foreign key (p_id) references p on delete set null")
    assert figures(told(connection, "p", "id = 11"))["c"] == (0, 2, 0, 0)


def test_a_leaf_can_be_deleted_from(connection: psycopg.Connection) -> None:
    make(connection, PARTITIONED + "alter table c add foreign key (p_id) references p on delete cascade")
    assert figures(told(connection, "p_high")) == {"p": (1, 0, 0, 0), "c": (2, 0, 0, 0)}


def test_the_order_of_keys_is_each_leafs_own(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key) partition by range (id); "
        "create table p0 partition of p for values from (0) to (10); create table c (p_id int); "
        "alter table c add constraint k1 foreign key (p_id) references p on delete cascade; "
        "alter table c add constraint k2 foreign key (p_id) references p on delete restrict; "
        "create table p1 partition of p for values from (10) to (20); "
        "insert into p values (1), (11); insert into c values (1), (11)",
    )
    for where in ("id = 1", "id = 11"):
        real = refusal(connection, "p", where)
        assert (told(connection, "p", where).outcome == "blocked") == (real is not None)


def test_heirs_lose_rows_too_and_are_not_covered_by_the_key(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table heir (own int primary key) inherits (p); "
        "create table c (p_id int references p on delete cascade); "
        "create table d (own int references heir on delete cascade); "
        "insert into p values (1); insert into heir values (2, 20); insert into c values (1); "
        "insert into d values (20)",
    )
    found = figures(told(connection, "p"))
    assert found == {"p": (1, 0, 0, 0), "heir": (1, 0, 0, 0), "c": (1, 0, 0, 0), "d": (1, 0, 0, 0)}


def test_a_key_that_is_not_valid_acts(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int); insert into p values (1); "
        "insert into c values (1), (7); "
        "alter table c add foreign key (p_id) references p on delete cascade not valid",
    )
    assert figures(told(connection, "p"))["c"] == (1, 0, 0, 0)


def test_a_key_that_is_switched_off_leaves_orphans_and_is_named(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int references p); "
        "insert into p values (1); insert into c values (1); alter table p disable trigger all",
    )
    found = told(connection, "p")
    assert (found.outcome, [each.kind for each in found.warnings]) == ("ok", ["disabled"])


def test_a_users_trigger_is_named_and_makes_it_uncertain(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int references p on delete cascade); "
        "insert into p values (1); insert into c values (1); create function f() returns trigger "
        "language plpgsql as $$begin return null; end$$; "
        "create trigger keep before delete on c for each row execute function f()",
    )
    found = told(connection, "p")
    assert (found.outcome, found.warnings[0].object) == ("uncertain", "keep on public.c")


def test_a_rule_is_named_and_makes_it_uncertain(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (p_id int references p on delete cascade); "
        "insert into p values (1); insert into c values (1); "
        "create rule keep as on delete to c do instead nothing",
    )
    found = told(connection, "p")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "rule")


def test_odd_names_are_followed(connection: psycopg.Connection) -> None:
    make(
        connection,
        'create schema "Odd "" %s"; create table "Odd "" %s"."P ""%(x)s" ("I d%" int primary key); '
        'create table "Odd "" %s"."é\'c" ("Select" int default 5 references "Odd "" %s"."P ""%(x)s" '
        'on delete set default check ("Select" < 9)); '
        'insert into "Odd "" %s"."P ""%(x)s" values (1), (5); insert into "Odd "" %s"."é\'c" values (1)',
    )
    found = told(connection, '"Odd "" %s"."P ""%(x)s"', '"I d%" = 1')
    assert (found.outcome, [each.set_default for each in found.effects]) == ("ok", [0, 1])


def test_two_parents_whose_order_decides_are_uncertain(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table c (a int, b int, "
        "foreign key (a) references p on delete cascade, foreign key (b) references p on delete restrict); "
        "insert into p values (1), (2); insert into c values (1, 2)",
    )
    found = told(connection, "p")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "order")
