"""Keys proved by what they do; afterwards the database is as it was."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from queries.catalog import ForeignKey, catalog
from queries.probe import Proof, probe
from queries.systems import load, system

pytestmark = pytest.mark.three_versions
Connection = psycopg.Connection[Any]

PARENT = """
    create table p (id serial primary key, tenant int not null default 3, code text unique,
        unique (tenant, id));
    insert into p (code) values ('a'), ('b');
"""
PROVEN = {
    "cascade": "create table c (id serial primary key, p int not null references p on delete cascade)",
    "set null": "create table c (id serial primary key, p int references p on delete set null)",
    "set null without a primary key": """
        create table c (p int references p on delete set null, note text not null)""",
    "set default": """
        create table c (id int primary key, p int default 1 references p on delete set default)""",
    "set default without a default": """
        create table c (id int primary key, p int references p on delete set default)""",
    "restrict": "create table c (p int references p on delete restrict)",
    "no action": "create table c (p int references p)",
    "no action, deferred": "create table c (p int references p deferrable initially deferred)",
    "no action, deferrable": "create table c (p int references p deferrable)",
    "cascade to a unique column of another type": """
        create table c (code varchar(4) references p (code) on delete cascade)""",
    "cascade, not validated": """
        create table c (p smallint); insert into c values (77);
        alter table c add foreign key (p) references p on delete cascade not valid""",
    "cascade by two columns, both or none": """
        create table c (tenant int not null, p int not null,
            foreign key (tenant, p) references p (tenant, id) match full on delete cascade)""",
    "restrict on a partitioned child": """
        create table c (id int, p int references p on delete restrict) partition by range (id);
        create table c_1 partition of c for values from (0) to (10)""",
    "cascade from a partitioned parent": """
        create table q (id int primary key) partition by range (id);
        create table q_1 partition of q for values from (5) to (9);
        create table c (q_id int references q on delete cascade)""",
    "cascade within a table": """
        create table c (id int primary key, up int not null references c on delete cascade)""",
    "no action in a circle of one to one": """
        create table q (id int primary key, c_id int not null unique);
        create table c (id int primary key, q_id int not null unique references q deferrable);
        alter table q add foreign key (c_id) references c deferrable initially deferred""",
}
NOT_PROVEN = {
    "set null on a column that is not null": (
        "create table c (p int not null references p on delete set null)",
        "23502",
        "p is NOT NULL: every delete of a parent with children fails",
    ),
    "a default that is no parent": (
        "create table c (p int default 99 references p on delete set default)",
        "23503",
        "no row of public.p has the default: every delete of a parent with children fails",
    ),
    "disabled triggers": (
        "create table c (p int references p on delete cascade); alter table c disable trigger all",
        "",
        "its triggers are disabled: it does nothing",
    ),
    "a rule that keeps the parent": (
        "create table c (p int references p on delete cascade);"
        "create rule r as on delete to p do instead nothing",
        "",
        "a trigger or rule of public.p kept it",
    ),
    "no row that can be made": (
        "create table c (p int references p on delete cascade, constraint never check (false))",
        "23514",
        "never",
    ),
    "nothing to know the child by": (
        "create table c (p int references p on delete set null)",
        "",
        "public.c has no column besides the key's to know the row by",
    ),
}


def keys(connection: Connection, script: str) -> tuple[ForeignKey, ...]:
    connection.execute((PARENT + script).encode())
    with connection.transaction():
        return catalog(connection).foreign_keys


def proofs(connection: Connection, script: str) -> list[Proof]:
    found = keys(connection, script)
    with connection.transaction():
        known = catalog(connection)
    before = contents(connection)
    given = [probe(connection, known, key) for key in found]
    assert contents(connection) == before
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    return given


def contents(connection: Connection) -> dict[str, tuple[Any, ...]]:
    """Count and checksum of every table."""
    with connection.transaction():
        tables = catalog(connection).tables.values()
    asked = psycopg.sql.SQL("select count(*), md5(string_agg(t::text, ' ' order by t::text)) from {} as t")
    named = {table.text: psycopg.sql.Identifier(table.schema, table.name) for table in tables}
    return {text: connection.execute(asked.format(name)).fetchone() or () for text, name in named.items()}


@pytest.mark.parametrize("script", PROVEN.values(), ids=PROVEN)
def test_it_is_proven(connection: Connection, script: str) -> None:
    given = proofs(connection, script)
    assert [proof for proof in given if not proof.proven] == []
    assert all(proof.actual == proof.expected for proof in given)


@pytest.mark.parametrize(("script", "sqlstate", "why"), NOT_PROVEN.values(), ids=NOT_PROVEN)
def test_it_is_not_proven(connection: Connection, script: str, sqlstate: str, why: str) -> None:
    (proof,) = proofs(connection, script)
    assert not proof.proven
    assert proof.sqlstate == sqlstate
    assert why in proof.why


def test_restrict_is_known_by_the_sqlstate_of_its_version(connection: Connection, major: int) -> None:
    (proof,) = proofs(connection, "create table c (p int references p on delete restrict)")
    assert proof.proven
    assert proof.sqlstate == ("23001" if major >= 18 else "23503")


def test_another_key_that_blocks_is_named(connection: Connection) -> None:
    """The first cascades to the child; what hangs on the child by a trigger's doing keeps it there."""
    (cascade, _) = proofs(
        connection,
        """
        create table c (id int primary key, p int not null references p on delete cascade);
        create table g (c_id int constraint g_keeps_c references c on delete restrict);
        create function grow() returns trigger language plpgsql as
            $$begin insert into g values (new.id); return null; end$$;
        create trigger grow after insert on c for each row execute function grow()""",
    )
    assert not cascade.proven
    assert cascade.actual == "the delete is refused by g_keeps_c"


def test_an_orphan_that_a_trigger_leaves_is_told(connection: Connection) -> None:
    (proof,) = proofs(
        connection,
        """
        create table c (p int references p on delete cascade);
        create function keep() returns trigger language plpgsql as $$begin return null; end$$;
        create trigger keep before delete on c for each row execute function keep()""",
    )
    assert proof.actual == "the child stays as it was"
    assert "orphan" in proof.why


def test_set_null_touches_only_its_columns(connection: Connection, major: int) -> None:
    columns = "(p)" if major >= 15 else ""
    (proof,) = proofs(
        connection,
        f"""
        create table c (id int primary key, tenant int {"not null" if columns else ""}, p int,
            foreign key (tenant, p) references p (tenant, id) on delete set null {columns})""",
    )
    assert proof.proven
    assert proof.expected == f"the child stays, {'p' if columns else 'tenant, p'} null"


def test_a_lock_that_is_not_to_be_had_is_told(connection: Connection, database: str) -> None:
    (key,) = keys(connection, "create table c (p int references p)")
    with connection.transaction():
        known = catalog(connection)
    with psycopg.connect(database) as other:
        other.execute("lock table c in share mode")
        proof = probe(connection, known, key)
    assert (proof.proven, proof.sqlstate, proof.actual) == (False, "55P03", "not known")
    assert "a second" in proof.why


@pytest.mark.parametrize("name", ["gaztime", "patients"])
def test_every_key_of_a_sample_system_is_proven(connection: Connection, name: str) -> None:
    load(connection, system(name))
    with connection.transaction():
        known = catalog(connection)
    before = contents(connection)
    given = [probe(connection, known, key) for key in known.foreign_keys]
    assert [proof for proof in given if not proof.proven] == []
    assert contents(connection) == before
