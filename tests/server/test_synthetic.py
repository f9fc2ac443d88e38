"""Made-up rows: every constraint that a table has is satisfied, whatever its columns are called."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from queries.catalog import Catalog, catalog
from queries.names import table_name
from queries.synthetic import CannotMakeRow, Row, insert_row, stub_parents
from queries.systems import load, system

pytestmark = pytest.mark.three_versions
Connection = psycopg.Connection[Any]

TABLES = {
    "quoted names": 'create table t ("Id %" int generated always as identity, "select" text not null)',
    "a composite key": """
        create table p (tenant int, id bigint, primary key (tenant, id));
        create table t (tenant int not null, a bigint not null, b bigint not null, check (a <> b),
            foreign key (tenant, a) references p, foreign key (tenant, b) references p)""",
    "enum and domains": """
        create type mood as enum ('sad', 'ok');
        create domain share as numeric(5, 2) check (value > 20) check (value < 30);
        create domain half as share default 26 check (value <> 25);
        create table t (m mood not null, ms mood[] not null check (cardinality(ms) = 2),
            s share not null, h half not null)""",
    "generated and checked columns": """
        create table t (price numeric(6, 2) not null check (price > 50),
            status text not null check (status in ('new', 'old')),
            stars int not null default 0 check (stars between 3 and 5),
            code text not null check (code ~ '^[A-Z]{3}$'),
            hash text not null check (length(hash) = 64),
            mail text not null check (mail like '%@%.org'),
            doubled numeric generated always as (price * 2) stored check (doubled < 103))""",
    "the last free pair": """
        create table t (a boolean not null, b boolean not null, unique (a, b));
        insert into t values (true, true), (true, false), (false, true)""",
    "a unique expression": """
        create table t (mail text not null default 'A@example.org', active boolean not null default true);
        create unique index on t (lower(mail)) where active;
        insert into t values ('a@EXAMPLE.org')""",
    "a serial that lags behind": """
        create table t (id serial primary key); insert into t select generate_series(1, 9)""",
    "an identity that lags behind": """
        create table t (id int generated always as identity primary key);
        insert into t overriding system value select generate_series(1, 9)""",
    "an exclusion constraint": """
        create table t (room int4range not null, exclude using gist (room with &&));
        insert into t values ('[1,9)')""",
    "partitions of child and parent": """
        create table p (id int, region text, primary key (id, region)) partition by list (region);
        create table p_eu partition of p for values in ('eu', 'ch') partition by range (id);
        create table p_eu_low partition of p_eu for values from (minvalue) to (0);
        create table t (pid int not null, region text not null, at timestamptz not null,
            foreign key (pid, region) references p) partition by range (at);
        create table t_1 partition of t for values from ('2024-01-01') to ('2024-02-01')""",
    "a hash partition that has no siblings": """
        create table t (id int primary key) partition by hash (id);
        create table t_2 partition of t for values with (modulus 3, remainder 2)""",
    "a partition's own check": """
        create table t (id int, n int) partition by list (id);
        create table t_1 partition of t for values in (1);
        alter table t_1 alter n set not null, add check (n > 70)""",
    "a self reference that is not null": """
        create table t (id int generated always as identity primary key, up int not null references t)""",
    "a circle with one nullable key": """
        create table p (id int primary key, t_id int);
        create table t (id int primary key, p_id int not null references p);
        alter table p add foreign key (t_id) references t""",
    "a circle of one to one that is deferrable": """
        create table p (id int primary key, t_id int not null unique);
        create table t (id int primary key, p_id int not null unique references p deferrable);
        alter table p add foreign key (t_id) references t deferrable initially deferred""",
    "a circle with one deferrable key": """
        create table p (id int primary key, t_id int not null);
        create table t (id int primary key, p_id int not null references p);
        alter table p add foreign key (t_id) references t deferrable""",
    "one of two parents": """
        create table p (id int primary key);
        create table t (a int references p, b int references p, check (num_nonnulls(a, b) = 1))""",
    "a key that a check narrows": """
        create table p (id int primary key);
        create table t (id int primary key references p check (id between 7 and 9))""",
    "a smaller type than the parent's": """
        create table p (id int primary key, code text not null unique);
        create table t (id smallint not null references p, code varchar(3) not null references p (code))""",
    "a key of all or nothing": """
        create table p (a int, b int, primary key (a, b));
        create table t (a int not null, b int, foreign key (a, b) references p match full)""",
    "types of every kind": """
        create type pair as (a int, b text);
        create table t (a uuid not null, b jsonb not null check (jsonb_typeof(b) = 'array'),
            c json not null, d bytea not null check (octet_length(d) = 20), e int[] not null, f inet not null,
            g tstzrange not null,
            h interval not null, i point not null, j bit(5) not null, k money not null, l macaddr not null,
            m tsvector not null, n varchar(3) not null unique, o "char" not null, p pair not null,
            q regclass not null,
            r date not null check (r >= '2020-01-01' and r < '2020-01-03'),
            s time not null, u circle not null,
            v pg_lsn not null, w char(2) not null unique,
            x numeric not null, y float8 not null, z xid not null)""",
}  # fmt: skip


def made(connection: Connection, script: str, **given: object) -> Row:
    connection.execute(script.encode())
    with connection.transaction():
        known = catalog(connection)
        row = insert_row(connection, known, known.by_name["public", "t"], given=given)
        connection.execute("set constraints all immediate")
    return row


@pytest.mark.parametrize("script", TABLES.values(), ids=TABLES)
def test_a_row_can_be_made_with(connection: Connection, script: str) -> None:
    made(connection, script)


@pytest.mark.parametrize("name", ["gaztime", "patients"])
def test_a_row_can_be_made_in_every_table_of_a_sample_system(connection: Connection, name: str) -> None:
    load(connection, system(name))
    with connection.transaction(force_rollback=True):
        known = catalog(connection)
        for table in known.tables.values():
            assert insert_row(connection, known, table)


def test_nulls_are_left_out_and_defaults_are_used(connection: Connection) -> None:
    row = made(connection, "create table t (a text, b int default 7, c int default null, d text not null)")
    assert row.keys() == {"b", "d"}
    assert row["b"] == "7"


def test_what_is_given_is_kept_also_in_an_identity_column(connection: Connection) -> None:
    script = (
        "create table t (id int generated always as identity primary key, at date, note text default 'x')"
    )
    assert made(connection, script, id=42, at="2024-02-29", note=None) == {"id": "42", "at": "2024-02-29"}


def test_no_value_that_is_given_is_cut_to_fit(connection: Connection) -> None:
    with pytest.raises(CannotMakeRow) as caught:
        made(connection, "create table t (code varchar(3))", code="abcd")
    assert caught.value.sqlstate == "22001"


def test_stubs_share_the_parents_that_they_need(connection: Connection) -> None:
    connection.execute("create table owners (id int primary key)")
    connection.execute(
        "create table t (a int, b text, owner int not null references owners, primary key (a, b))"
    )
    with connection.transaction():
        known = catalog(connection)
        table = known.find(table_name("t"))
        assert table is not None
        stubs = stub_parents(connection, known, table, columns=["a", "b"], values=[(1, "x"), (2, "y")])
    assert [made.name for made, _ in stubs] == ["owners", "t", "t"]
    assert [(row["a"], row["b"]) for _, row in stubs[1:]] == [("1", "x"), ("2", "y")]
    assert rows_of(connection, known) == {"public.owners": 1, "public.t": 2}


def test_the_constraint_that_lets_no_row_in_is_named(connection: Connection) -> None:
    with pytest.raises(CannotMakeRow) as caught:
        made(connection, "create table t (a int not null constraint never check (a > 0 and a < 0))")
    assert (caught.value.constraint, caught.value.sqlstate) == ("never", "23514")


def test_a_circle_that_nothing_can_enter_is_told(connection: Connection) -> None:
    script = """
        create table p (id int primary key, t_id int not null);
        create table t (id int primary key, p_id int not null references p);
        alter table p add foreign key (t_id) references t"""
    with pytest.raises(CannotMakeRow, match="NOT NULL and not deferrable"):
        made(connection, script)


def test_a_trigger_that_refuses_or_swallows_the_row_is_told(connection: Connection) -> None:
    connection.execute("""
        create function swallow() returns trigger language plpgsql as $$begin return null; end$$;
        create function refuse() returns trigger language plpgsql as $$begin raise 'not on Sundays'; end$$;
        create table s (a int);
        create trigger s before insert on s for each row execute function swallow()""")
    script = (
        "create table t (a int); create trigger t before insert on t for each row execute function refuse()"
    )
    with pytest.raises(CannotMakeRow, match="not on Sundays"):
        made(connection, script)
    with connection.transaction():
        known = catalog(connection)
        with pytest.raises(CannotMakeRow, match="trigger or rule"):
            insert_row(connection, known, known.by_name["public", "s"])


def test_a_failure_leaves_the_callers_transaction_as_it_was(connection: Connection) -> None:
    connection.execute(
        "create table p (id int primary key); create table t (p int not null references p, check (false))"
    )
    with connection.transaction():
        known = catalog(connection)
        with pytest.raises(CannotMakeRow):
            insert_row(connection, known, known.by_name["public", "t"])
    assert rows_of(connection, known) == {"public.p": 0, "public.t": 0}


def rows_of(connection: Connection, known: Catalog) -> dict[str, int]:
    counted = {}
    for table in known.tables.values():
        name = psycopg.sql.Identifier(table.schema, table.name)
        row = connection.execute(psycopg.sql.SQL("select count(*) from {}").format(name)).fetchone()
        counted[table.text] = row[0] if row else -1
    return counted
