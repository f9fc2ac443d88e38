"""Where a key that sets null meets NOT NULL, and what may be done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from queries.audit import audit
from queries.catalog import catalog
from queries.facts import Facts
from queries.findings import Finding
from queries.policy import NO_POLICY
from queries.steps import DropNotNull

pytestmark = pytest.mark.three_versions


def found(connection: Connection[Any], made: str) -> tuple[Finding, ...]:
    connection.execute("create table parent (id int primary key, x int unique, unique (id, x))")
    connection.execute(made.encode())
    with connection.transaction():
        facts = Facts(catalog(connection))
    return audit(facts, NO_POLICY, rules=["set-null-on-not-null"], today=date(2026, 11, 20)).findings


def dropped(finding: Finding) -> list[tuple[str, str]]:
    return [(step.table, step.column) for step in finding.mend if isinstance(step, DropNotNull)]


def test_what_is_found_does_fail(connection: Connection[Any]) -> None:
    (finding,) = found(connection, "create table child (p int not null references parent on delete set null)")
    connection.execute("insert into parent values (1, 1); insert into child values (1)")
    with pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute("delete from parent")
    assert dropped(finding) == [("public.child", "p")]
    assert finding.message == "On delete set null, but p is NOT NULL: deletes from public.parent fail."


def test_only_the_columns_that_can_not_be_null_are_named(connection: Connection[Any]) -> None:
    made = """
        create table child (
            a int not null, b int, foreign key (a, b) references parent (id, x) on delete set null)
    """
    (finding,) = found(connection, made)
    assert finding.evidence["not_null"] == ("a",)


def test_a_primary_key_and_an_identity_are_left_to_a_person(connection: Connection[Any]) -> None:
    made = """
        create table child (id int primary key references parent on delete set null);
        create table counted (id int generated always as identity references parent on delete set null);
    """
    assert [dropped(finding) for finding in found(connection, made)] == [[], []]


def test_a_partition_may_be_the_one_that_refuses(connection: Connection[Any]) -> None:
    made = """
        create table child (z int, p int references parent on delete set null) partition by list (z);
        create table one partition of child for values in (1);
        create table two partition of child (p not null) for values in (2);
    """
    (finding,) = found(connection, made)
    assert finding.table == "public.child"
    assert dropped(finding) == [("public.two", "p")]
