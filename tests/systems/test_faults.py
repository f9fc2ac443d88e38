"""The sample systems hold just the faults that faults.toml plants, and their documents' scripts meet them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from queries.models import Repair
from queries.names import ColumnsName, KeyName, column_name, columns_name, key_name, table_name
from queries.policy import Policy, policy
from queries.systems import System, load
from tests.support.psql import psql
from tests.systems.samples import each_system, faults

Connection = psycopg.Connection[Any]


@pytest.mark.three_versions
@pytest.mark.parametrize("scale", [1, 2])
@each_system
def test_the_orphans_are_the_planted_ones(connection: Connection, sample: System, scale: int) -> None:
    """Every key of the policy is counted by plain SQL; what faults.toml doesn't name has none."""
    load(connection, sample, scale=scale)
    planted = {fault["key"]: fault["rows_per_scale"] * scale for fault in faults(sample)["orphans"]}
    counted = {str(wanted): _orphans(connection, before) for wanted, before in _keys(sample)}
    assert {key: rows for key, rows in counted.items() if rows} == planted


@each_system
def test_nothing_hangs_on_orphans_that_are_to_go(connection: Connection, sample: System) -> None:
    """A row that a repair deletes or parks is nobody's parent by any key that is wanted or there."""
    load(connection, sample, scale=2)
    keys = [before for _, before in _keys(sample)]
    for key, wanted in zip(keys, policy(sample.policy).foreign_key, strict=True):
        if wanted.orphans in {Repair.DELETE, Repair.PARK}:
            for other in keys:
                if other.parent.table == key.child.table:
                    assert _rows_on_orphans(connection, key, other) == 0, f"{other} hangs on orphans of {key}"


@each_system
def test_every_implied_step_is_needed(connection: Connection, sample: System) -> None:
    """The columns that need a DROP NOT NULL are NOT NULL; those that need an index lead none."""
    load(connection, sample)
    for implied in faults(sample)["implied"]:
        not_null, leads_index = _column_facts(connection, columns_name(implied["object"]))
        assert {"drop not null": not_null, "create index": not leads_index}[implied["step"]]


@each_system
def test_the_findings_name_what_the_policy_wants(sample: System) -> None:
    """Each key, index and rename of the policy is a planted fault, for none of them is there."""
    wanted = policy(sample.policy)
    planted = {(fault["rule"], fault["object"]) for fault in faults(sample)["finding"]}
    expected = {("missing-foreign-key", str(key)) for key, _ in _keys(sample)}
    expected |= {("missing-index", f"public.{index.on}") for index in wanted.index}
    expected |= {("rename-column", _qualified(column_name(rename.column))) for rename in wanted.rename}
    assert expected <= planted


@each_system
def test_the_document_s_script_fails_on_orphans(
    database: str, connection: Connection, sample: System
) -> None:
    """As the documents warn: orphans prevent the keys."""
    load(connection, sample)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        psql(database, "-f", str(sample.migration))
    assert "violates foreign key constraint" in failed.value.stderr


@pytest.mark.three_versions
@each_system
def test_the_document_s_script_runs_once_the_orphans_are_gone(
    database: str, connection: Connection, sample: System
) -> None:
    """Cleaned as the documents do it, by deleting, the script makes every key that the policy names."""
    load(connection, sample)
    keys = [before for _, before in _keys(sample)]
    while sum(_delete_orphans(connection, key) for key in keys):
        continue  # what was deleted has left orphans of its own
    psql(database, "-f", str(sample.migration))
    made = connection.execute(
        "select conname from pg_catalog.pg_constraint where contype = 'f' and convalidated"
    )
    assert {key.name for key in policy(sample.policy).foreign_key} <= {row[0] for row in made}


def _keys(sample: System) -> Iterator[tuple[KeyName, KeyName]]:
    """The policy's keys: as it names them, and with the columns that are there before its renames."""
    wanted: Policy = policy(sample.policy)
    old = {(column_name(r.column).table, r.to): column_name(r.column).columns[0] for r in wanted.rename}
    for key in wanted.foreign_key:
        child, parent = columns_name(str(key.child)), columns_name(key.parent)
        before = tuple(old.get((child.table, column), column) for column in child.columns)
        yield (
            key_name(f"public.{child} -> public.{parent}"),
            KeyName(ColumnsName(child.table, before), parent),
        )


def _qualified(column: ColumnsName) -> str:
    return f"public.{column}"


def _parts(key: KeyName) -> dict[str, sql.Identifier]:
    """Each key of the systems has one column."""
    return {
        "child": sql.Identifier("public", key.child.table.name),
        "column": sql.Identifier(key.child.columns[0]),
        "parent": sql.Identifier("public", key.parent.table.name),
        "ref": sql.Identifier(key.parent.columns[0]),
    }


def _orphaned(key: KeyName) -> sql.Composed:
    """The from and where of a key's orphans, as ``child``."""
    return sql.SQL("""
        from {child} as child
        where child.{column} is not null
          and not exists (select from {parent} as parent where parent.{ref} = child.{column})
    """).format(**_parts(key))


def _orphans(connection: Connection, key: KeyName) -> int:
    return _count(connection, sql.SQL("select count(*) {orphaned}").format(orphaned=_orphaned(key)))


def _rows_on_orphans(connection: Connection, key: KeyName, other: KeyName) -> int:
    counting = sql.SQL("select count(*) from {child} where {column} in (select child.{ref} {orphaned})")
    return _count(connection, counting.format(orphaned=_orphaned(key), **_parts(other)))


def _delete_orphans(connection: Connection, key: KeyName) -> int:
    deleting = sql.SQL("delete from {child} where ctid in (select child.ctid {orphaned})")
    return connection.execute(deleting.format(orphaned=_orphaned(key), **_parts(key))).rowcount


def _count(connection: Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _column_facts(connection: Connection, name: ColumnsName) -> tuple[bool, bool]:
    """Whether the column is NOT NULL, and whether it leads an index."""
    facts = """
        select a.attnotnull, exists (select from pg_catalog.pg_index as i
                                      where i.indrelid = a.attrelid and i.indkey[0] = a.attnum)
        from pg_catalog.pg_attribute as a where a.attrelid = %s::regclass and a.attname = %s
    """
    row = connection.execute(facts, (str(table_name(str(name.table))), name.columns[0])).fetchone()
    assert row is not None
    return bool(row[0]), bool(row[1])
