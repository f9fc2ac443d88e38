"""The undo kit: a DELETE done for real is taken back by psql, and every table is what it was."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from queries.catalog import catalog
from queries.checksums import Checksum, checksums
from queries.connection import reading
from queries.impact import Deletion
from queries.impact.saved import SCRIPT, Saved, save_rows
from queries.names import table_name
from tests.property.making import case
from tests.support.deletes import read
from tests.support.psql import psql

CASCADES = """
create table a (id int primary key, mail text);
create table b (id int primary key, a int references a on delete cascade, at timestamptz default now());
create table c (
    id int primary key, b int references b on delete cascade, data bytea, about jsonb, x float8[]
);
create table d (id int primary key, b int references b on delete set null, note text);
create table e (id int primary key, a int default 7 references a on delete set default, f numeric);
insert into a select g, E'tab\\t, back\\\\slash, line\\n, ''quote ' || g from generate_series(1, 9) as g;
insert into b select g, g % 9 + 1 from generate_series(1, 90) as g;
insert into c
select g, g % 90 + 1, decode(md5(g::text), 'hex'), '{"a": [1, null]}', array[g / 3.0, null, 'nan']
from generate_series(1, 300) as g;
insert into d select g, g % 90 + 1, nullif('n' || g % 5, 'n0') from generate_series(1, 300) as g;
insert into e select g, g % 9 + 1, g / 7.0 from generate_series(1, 90) as g;
"""
CIRCLE = """
create table a (id int primary key, up int references a on delete cascade, b int not null);
create table b (id int primary key, a int not null references a on delete cascade);
create table c (
    id int primary key, a int references a on delete set null, b int references b on delete cascade
);
with more as (insert into a select g, nullif(g / 2, 0), g from generate_series(1, 40) as g)
insert into b select g, g % 40 + 1 from generate_series(1, 40) as g;
alter table a add foreign key (b) references b on delete cascade;
insert into c select g, g % 40 + 1, (g + 7) % 40 + 1 from generate_series(1, 80) as g;
"""
ODD = """
create schema "Odd ""S%";
create table "Odd ""S%"."Par'ent
%s" ("I d" int generated always as identity, "k%" text, primary key ("I d", "k%"));
create table "Odd ""S%"."child:a" (
    id int generated always as identity primary key,
    "p 1" int, ":'p2'" text,
    twice int generated always as (id * 2) stored,
    foreign key ("p 1", ":'p2'") references "Odd ""S%"."Par'ent
%s" on delete cascade
);
create table "Odd ""S%"."no key" (
    a int, b text, c json, foreign key (a, b) references "Odd ""S%"."Par'ent
%s" on delete set null
);
insert into "Odd ""S%"."Par'ent
%s" ("k%") select 'k' || g from generate_series(1, 6) as g;
insert into "Odd ""S%"."child:a" ("p 1", ":'p2'") select g % 6 + 1, 'k' || g % 6 + 1
from generate_series(1, 24) as g;
insert into "Odd ""S%"."no key" select g % 6 + 1, 'k' || g % 6 + 1, '{"a":  1}'
from generate_series(1, 24) as g;
insert into "Odd ""S%"."no key" values (null, null, '{"a":  1}'), (null, 'k1', null);
"""
PARTS = """
create table p (id int, at int, note text, primary key (id, at)) partition by range (at);
create table p1 partition of p for values from (0) to (10);
create table p2 (gone int, note text, at int not null, id int not null);
alter table p2 drop column gone;
alter table p attach partition p2 for values from (10) to (20);
create table q (n int primary key, code int default 0 not null) partition by range (n);
create table q1 partition of q for values from (0) to (50);
create table q2 partition of q for values from (50) to (500);
create table r (id int primary key, p int, at int, foreign key (p, at) references p on delete cascade);
create table s (code int default 0, id int, r int references r on delete cascade, primary key (code, id))
    partition by list (code);
create table s0 partition of s for values in (0);
create table s1 partition of s default;
create table u (id int unique);
insert into u select g from generate_series(0, 30) as g;
alter table s add foreign key (code) references u (id) on delete set default;
create table v (u int references u (id) on delete set null on update cascade, words text, doc json);
insert into p select g, g % 20, 'n' || g from generate_series(1, 60) as g;
insert into r select g, g % 60 + 1, (g % 60 + 1) % 20 from generate_series(1, 120) as g;
insert into s select g % 30 + 1, g, g % 120 + 1 from generate_series(1, 240) as g;
insert into v select g % 30 + 1, 'same', '{"a":   1}' from generate_series(1, 90) as g;
insert into v select null, 'same', '{"a":   1}' from generate_series(1, 5) as g;
"""
HEIRS = """
create table a (id int primary key, note text);
create table a2 (more int) inherits (a);
create table c (id int primary key, a int references a on delete cascade);
create table n (a int references a on delete set null, b int);
insert into a select g, 'own' from generate_series(1, 5) as g;
insert into a2 select g, 'heir', g from generate_series(4, 9) as g;
insert into c select g, g % 5 + 1 from generate_series(1, 10) as g;
insert into n select g % 5 + 1, 1 from generate_series(1, 10) as g;
"""
TYPES = """
create type pair as (a int, b text);
create domain small as int check (value < 100);
create table p (id char(3) primary key);
create table c (
    p char(3) references p on delete cascade, d date, t timestamptz, i interval, f float8, r float4,
    n numeric, b bytea, m money, o bool, l lseg, g int4range, z regclass, w pair, s small, v int[], k name
);
insert into p values ('a'), ('bcd');
insert into c values (
    'a', '2026-02-01', '1890-03-04 05:06:07.123456+00', '-1 year 2 days -03:04:05.6', 0.1::float8 + 0.2,
    1.1e-30, 1.2300, '\\x00275c0aff', '1234.56', true, '((1,2),(3,4.5))', '(,5)', 'p', '(1,"a,""b")', 99,
    '[0:2]={1,null,3}', 'x');
insert into c (p) values ('a');
"""
DELETES = {
    "cascades, set null, set default": (CASCADES, "a", "id in (2, 3)"),
    "a whole table": (CASCADES, "b", "true"),
    "a circle of keys that can't be deferred": (CIRCLE, "a", "id = 2"),
    "rows of partitions": (PARTS, "p", "id < 15"),
    "rows that move to another partition, in their key": (PARTS, "u", "id between 3 and 9"),
    "rows of a table that inherits": (HEIRS, "a", "id > 3"),
    "values of every kind": (TYPES, "p", "id = 'a'"),
    "odd names, identity, generated columns, no key": (
        ODD,
        '"Odd ""S%"."Par\'ent\n%s"',
        "\"k%\" like 'k1%' or true",
    ),
}


def kit(connection: psycopg.Connection, table: str, where: str, folder: Path) -> None:
    """Save the rows."""
    with reading(connection):
        known = catalog(connection)
        subject = known.find(table_name(table))
        assert subject is not None
        for _ in save_rows(connection, Deletion(subject, where), catalog=known, folder=folder):
            pass


def state(connection: psycopg.Connection) -> dict[str, Checksum]:
    """Every table of the database."""
    return checksums(connection, catalog(connection))


def delete(connection: psycopg.Connection, table: str, where: str) -> None:
    """For real."""
    connection.execute(" ".join(["delete from", table, "where", where]).encode())


@pytest.mark.three_versions
def test_values_are_exact_whatever_the_session_writes_them_like(
    database: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute(TYPES)
    before = state(connection)
    odd = (
        "-c datestyle=sql,dmy -c intervalstyle=sql_standard -c extra_float_digits=-15 -c bytea_output=escape"
    )
    with psycopg.connect(database, options=odd, autocommit=True) as other:
        kit(other, "p", "true", tmp_path)
    delete(connection, "p", "true")
    psql(f"{database} options='{odd}'", "-f", str(tmp_path / SCRIPT))
    assert state(connection) == before


def test_what_somebody_has_taken_meanwhile_leaves_all_as_it_is(
    database: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute(CASCADES)
    kit(connection, "a", "id = 2", tmp_path)
    delete(connection, "a", "id = 2")
    connection.execute("insert into b values (1, null)")
    meanwhile = state(connection)
    done = psql(database, "-f", str(tmp_path / SCRIPT), check=False)
    assert (done.returncode, "b_pkey" in done.stderr) == (3, True)
    assert state(connection) == meanwhile


def test_half_a_kit_is_removed(connection: psycopg.Connection, tmp_path: Path) -> None:
    connection.execute(CASCADES)
    with reading(connection):
        known = catalog(connection)
        subject = known.find(table_name("a"))
        assert subject is not None
        saving = save_rows(connection, Deletion(subject, "true"), catalog=known, folder=tmp_path)
        assert isinstance(next(saving), Saved)
        saving.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.three_versions
@pytest.mark.parametrize("name", DELETES)
def test_what_a_delete_takes_comes_back(
    database: str, connection: psycopg.Connection, tmp_path: Path, name: str
) -> None:
    schema, table, where = DELETES[name]
    connection.execute(schema.encode())
    before, folder = state(connection), tmp_path / "a 'kit"
    kit(connection, table, where, folder)
    delete(connection, table, where)
    after = state(connection)
    assert sum(before[each].checksum != after[each].checksum for each in before) >= 2
    psql(database, "-f", str(folder / SCRIPT))
    assert state(connection) == before


@pytest.mark.three_versions
def test_random_deletes_come_back(
    database: str, connection: psycopg.Connection, tmp_path: Path, major: int
) -> None:
    """A key that is NOT VALID may rightly refuse its orphans: such schemas are left out."""
    taken = 0
    for seed in range(90):
        made = case(seed, version=major)
        if any(key.not_valid for key in made.keys):
            continue
        connection.execute("drop schema public cascade; create schema public")
        connection.execute(";".join(made.statements).encode())
        if read(connection, made.target, made.where).outcome != "ok":
            continue
        before, folder = state(connection), tmp_path / str(seed)
        kit(connection, made.target, made.where, folder)
        delete(connection, made.target, made.where)
        taken += state(connection) != before
        psql(database, "-f", str(folder / SCRIPT))
        assert state(connection) == before, made.text
    assert taken >= 15
