"""Repairing orphans: what is taken is kept exactly and comes back exactly; what can't be kept is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from queries.errors import Failed, Refused, StepFailed
from queries.models import OnDelete, Repair
from queries.steps import AddKey, RepairOrphans
from tests.support.roles import logged_in_as
from tests.support.runs import Desk, desk, state, there_and_back
from tests.support.two_tables import INDEX, NULLABLE, REPAIR, SCHEMA

TAKING = pytest.mark.parametrize("by", [Repair.PARK, Repair.DELETE])


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


def repair(by: Repair, child: str = "orders(user_id)", parent: str = "users(id)") -> RepairOrphans:
    """The step."""
    return RepairOrphans(id="orphans", child=child, parent=parent, by=by)


TYPES = """
create type pair as (a int, b text);
create type mood as enum ('sad', 'it''s "ok"');
create domain short as varchar(5) check (value <> '');
create table p (id int primary key);
create table c (
    id int generated always as identity, p int, twice int generated always as (p * 2) stored,
    j json, jb jsonb, b bytea, a int[], at2 text[], ts timestamptz, d date, iv interval, f8 float8, f4 float4,
    ch char(5), one "char", m money, co pair, cos pair[], mo mood, sh short, n numeric(10, 3), u uuid, i inet,
    r int4range, bi bit(5), vb varbit, nm name, po point, x tsvector, o oid, rc regclass,
    t time with time zone
);
insert into c (p, j, jb, b, a, at2, ts, d, iv, f8, f4, ch, one, m, co, cos, mo, sh, n, u, i, r, bi, vb, nm,
    po, x, o, rc, t)
values (
    9, '{"z": 1, "a": 2, "z": [1,  2]}', '{"b": 1}', '\\x00ff27', '[0:1]={1,null}',
    array['null', 'a,"b', '', null, e'\\n\\\\'],
    '1850-01-01 00:00:00.000001+00', 'infinity', '1 mon -2 days 03:00:00.5', 0.1::float8 + 0.2, 1e-30, 'ab',
    'x', -1234.56, row(1, null), array[row(null, 'é "x"')::pair, null], 'it''s "ok"', 'abc', 1.500,
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.1.2.3/8', '[1,5)', '10101', '1', 'nm', '(1,2)', 'a b:1',
    4294967295, 'p', '12:00:00+01:30'
), (8, null, null, null, null, null, null, null, null, null, null, null, null, null, row(null, null), null,
    null, null, null, null, null, null, null, null, null, null, null, null, null, null);
"""


@pytest.mark.three_versions
@pytest.mark.parametrize("by", [Repair.PARK, Repair.SET_NULL])
def test_values_of_every_type_come_back_exactly(at: Desk, connection: psycopg.Connection, by: Repair) -> None:
    connection.execute(TYPES)
    connection.execute("alter table c add xm xml")
    try:
        connection.execute("update c set xm = '<a>&amp;</a> text' where p = 9")
    except psycopg.errors.FeatureNotSupported:
        connection.execute("alter table c drop xm")
    at.work.execute(
        "set datestyle = 'SQL, DMY'; set intervalstyle = 'iso_8601'; set timezone = 'Asia/Kolkata'"
    )
    at.work.execute("set extra_float_digits = -5; set bytea_output = 'escape'; set array_nulls = off")
    there_and_back(at, connection, repair(by, "c(p)", "p(id)"))


def test_what_is_parked_is_what_was_there(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(REPAIR)
    parked = connection.execute(
        "select run, step, relation, change, columns, before, after from pgtether.parked_row order by parked"
    ).fetchall()
    columns = ["id", "user_id", "note"]
    common = (1, "orphans", "public.orders", "deleted", columns)
    assert parked == [(*common, ["20", "21", "o"], None), (*common, ["21", "22", "o"], None)]
    assert [(each.relation, each.change, each.rows) for each in at.last.parked] == [
        ("public.orders", "deleted", 2)
    ]
    assert [step.rows for step in at.last.steps] == [2]


def test_a_nulled_row_is_kept_before_and_after(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(NULLABLE, repair(Repair.SET_NULL))
    parked = connection.execute("select before, after from pgtether.parked_row order by parked").fetchall()
    assert parked[0] == (["20", "21", "o"], ["20", None, "o"])


@pytest.mark.parametrize("by", [Repair.PARK, Repair.DELETE])
@pytest.mark.parametrize(
    "rule", ["cascade", "set null", "restrict", "no action deferrable initially deferred"]
)
def test_rows_that_hang_on_orphans_are_a_reason_to_refuse(
    at: Desk, connection: psycopg.Connection, by: Repair, rule: str
) -> None:
    connection.execute(
        "create table parts (id int, o int); insert into parts values (1, 20), (2, 20), (3, 1)"
    )
    connection.execute(
        f"alter table parts add constraint of foreign key (o) references orders on delete {rule}"
    )
    before = state(connection)
    with pytest.raises(Refused, match=r"2 rows of public\.parts hang on the orphans of .* through of"):
        at.apply(INDEX, repair(by))
    assert state(connection) == before
    assert [step.state for step in at.last.steps] == ["started", "failed"]
    connection.execute("delete from parts where o = 20")
    there_and_back(at, connection, repair(by))


def test_set_null_is_refused_on_not_null(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    with pytest.raises(Refused, match="is NOT NULL") as caught:
        at.apply(repair(Repair.SET_NULL))
    assert "drop not null" in caught.value.do
    assert state(connection) == before


def test_set_null_is_refused_where_rows_hang_on_the_column(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute(
        "create unique index on orders (user_id) where false; alter table orders alter user_id drop not null;"
        "delete from orders where id > 21; alter table orders add unique (user_id);"
        "create table parts (u int references orders (user_id) on update cascade);"
        "insert into parts values (21)"
    )
    with pytest.raises(Refused, match="hang on the orphans"):
        at.apply(repair(Repair.SET_NULL))


@pytest.mark.three_versions
@pytest.mark.parametrize("by", [Repair.PARK, Repair.SET_NULL])
def test_equal_rows_of_a_table_without_a_key_come_back_one_by_one(
    at: Desk, connection: psycopg.Connection, by: Repair
) -> None:
    connection.execute(
        "create table c (p int, t text);"
        "insert into c values (99, 'x'), (99, 'x'), (98, 'x'), (99, 'y'), (null, 'x'), (null, 'x')"
    )
    there_and_back(at, connection, repair(by, "c(p)"))


PARTED = """
create table c (id int, u int, t text) partition by list (id);
create table c1 (t text, gone int, u int, id int);
alter table c1 drop column gone;
alter table c attach partition c1 for values in (1);
create table c2 partition of c for values in (2, 3) partition by list (id);
create table c3 partition of c2 for values in (3);
insert into c values (1, 99, 'a'), (1, 1, 'b'), (3, 99, 'c'), (3, null, 'd');
"""
INHERITED = """
create table c (id int, u int, t text);
create table more (extra int) inherits (c);
insert into c values (1, 99, 'a'), (2, 1, 'b');
insert into more values (3, 99, 'child of its own', 5);
"""


@pytest.mark.three_versions
@pytest.mark.parametrize("by", [Repair.PARK, Repair.SET_NULL])
@pytest.mark.parametrize("kind", [PARTED, INHERITED], ids=["partitioned", "inherited"])
def test_children_of_a_child_are_repaired_as_the_key_sees_them(
    at: Desk, connection: psycopg.Connection, by: Repair, kind: str
) -> None:
    connection.execute(kind)
    key = AddKey(id="key", child="c(u)", parent="users(id)", on_delete=OnDelete.SET_NULL, name="k")
    there_and_back(at, connection, repair(by, "c(u)"), key)
    at.apply(repair(by, "c(u)"))
    assert at.last.steps[0].rows == (2 if kind == PARTED else 1)
    if kind == INHERITED:
        assert connection.execute("select count(*) from more where u = 99").fetchone() == (1,)


def test_a_key_of_several_columns_and_to_itself(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute(
        "create table n (a int, b int, up_a int, up_b int, primary key (a, b));"
        "insert into n values (1, 1, null, null), (1, 2, 1, 1), (1, 3, 9, 9), (1, 4, 9, null), (1, 5, 1, 5)"
    )
    there_and_back(
        at,
        connection,
        repair(Repair.PARK, "n(up_a, up_b)", "n(a, b)"),
        AddKey(id="key", child="n(up_a, up_b)", parent="n(a, b)", on_delete=OnDelete.CASCADE, name="k"),
    )
    connection.execute("insert into n values (1, 6, 1, 3)")
    with pytest.raises(Refused, match="orphans are still there"):
        at.apply(repair(Repair.PARK, "n(up_a, up_b)", "n(a, b)"))


HOLDS = """
create function held() returns trigger language plpgsql as $$begin return null; end$$;
create trigger held before {event} on orders for each row when (old.id = 20) execute function held();
"""


@pytest.mark.parametrize(("by", "event"), [(Repair.PARK, "delete"), (Repair.SET_NULL, "update")])
def test_a_trigger_that_keeps_an_orphan_fails_the_repair(
    at: Desk, connection: psycopg.Connection, by: Repair, event: str
) -> None:
    connection.execute(HOLDS.format(event=event))
    before = state(connection)
    with pytest.raises(Refused, match="orphans are still there"):
        at.apply(NULLABLE, repair(by))
    assert state(connection) == before


def test_a_rule_that_turns_the_delete_away_fails_the_repair(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute("create rule kept as on delete to orders do instead nothing")
    before = state(connection)
    with pytest.raises(Failed):
        at.apply(REPAIR)
    assert state(connection) == before


def test_a_trigger_finds_the_tables_that_it_names(at: Desk, connection: psycopg.Connection) -> None:
    connection.execute(
        "create table log (id int);"
        "create function logged() returns trigger language plpgsql as "
        "$$begin insert into log values (old.id); return old; end$$;"
        "create trigger logged before delete on orders for each row execute function logged()"
    )
    at.apply(REPAIR)
    assert connection.execute("select count(*) from log").fetchone() == (2,)


def test_row_security_that_hides_orphans_is_an_error(
    connection: psycopg.Connection, make_role: Callable[..., str], database: str
) -> None:
    connection.execute(SCHEMA)
    role = make_role("owner")
    statements = sql.SQL(
        "alter table orders owner to {role}; alter table users owner to {role};"
        "alter table orders enable row level security; alter table orders force row level security;"
        "create policy part on orders using (id < 20); grant create on database {database} to {role}"
    )
    names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.info.dbname)}
    connection.execute(statements.format(**names))
    with desk(logged_in_as(role, database)) as owner, pytest.raises(StepFailed, match="row-level security"):
        owner.apply(REPAIR)


def test_leave_changes_nothing(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    at.apply(repair(Repair.LEAVE))
    assert state(connection) == before
    at.rollback()
    assert state(connection) == before
