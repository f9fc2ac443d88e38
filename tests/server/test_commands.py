"""Each command that reads, run as a script would, on a real server."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from queries.catalog import catalog
from queries.connection import reading
from queries.policy import parsed_policy
from queries.snapshot import catalog_of, snapshot
from queries.systems import SYSTEMS
from tests.support import schemas
from tests.support.command import PROGRAM, environment, pgtether, process
from tests.support.roles import logged_in_as

ODD = """
create schema "Odd ""S";
create table "Odd ""S"."P'arent" (id int primary key, "a,b" int unique);
create table "Odd ""S"."C""hild" (
    id int, "p%" int references "Odd ""S"."P'arent" on delete set null,
    "line\nbreak" int references "Odd ""S"."P'arent" ("a,b") on delete cascade
);
create table public.parted (id int primary key, up int references public.parted) partition by range (id);
create table public.part1 partition of public.parted for values from (0) to (10);
insert into public.parted values (1, null);
analyze;
"""
#: Commands that only read and need no more than a connection, with the schema of what they print.
READING = {
    ("tables",): schemas.TABLES,
    ("graph",): schemas.GRAPH,
    ("graph", "parted"): schemas.GRAPH,
    ("graph", '"Odd ""S"."C""hild"'): schemas.GRAPH,
    ("snapshot",): schemas.SNAPSHOT,
    ("snapshot", "--fingerprint"): schemas.FINGERPRINT,
}


@pytest.fixture
def odd(database: str, connection: psycopg.Connection) -> str:
    """A database with names that have a quote, a comma, a percent sign and a line break in them."""
    connection.execute(ODD)
    return database


@pytest.mark.three_versions
@pytest.mark.parametrize("words", READING)
def test_json_is_one_document_of_its_schema(odd: str, words: tuple[str, ...]) -> None:
    ran = pgtether(*words, "--json", "-d", odd)
    assert ran.code == 0
    schemas.check(ran.document, READING[words])


@pytest.mark.parametrize("words", READING)
def test_an_empty_database_is_no_failure(database: str, words: tuple[str, ...]) -> None:
    if len(words) > 1 and words[0] == "graph":
        words = ("graph",)
    ran = pgtether(*words, "--json", "-d", database)
    assert ran.code == 0
    schemas.check(ran.document, READING[words])
    assert pgtether(*words, "-d", database).code == 0


def test_tables_says_what_is_known_and_what_is_not(odd: str, connection: psycopg.Connection) -> None:
    connection.execute("create table never_analysed (id int)")
    tables = {each["table"]: each for each in pgtether("tables", "--json", "-d", odd).document["tables"]}
    parent, parted, unknown = (
        tables[name] for name in ('"Odd ""S"."P\'arent"', "public.parted", "public.never_analysed")
    )
    assert (parent["keys_out"], parent["keys_in"], parent["indexes"]) == (0, 2, 2)
    assert (parted["kind"], parted["partitions"], parted["rows"]) == ("partitioned", 1, 1)
    assert (unknown["rows"], unknown["rows_are"]) == (None, "unknown")
    assert "public.part1" not in tables


def test_csv_says_the_same_as_json(odd: str) -> None:
    for command, part in (("tables", "tables"), ("graph", "foreign_keys")):
        rows = list(csv.DictReader(io.StringIO(pgtether(command, "--csv", "-d", odd).out)))
        found = pgtether(command, "--json", "-d", odd).document[part]
        assert [row["table"] for row in rows] == [each["table"] for each in found]
        assert list(rows[0]) == list(found[0])


def test_text_is_never_cut_and_a_line_break_in_a_name_breaks_no_line(odd: str) -> None:
    text = pgtether("graph", "-d", odd).out
    assert '"line\\nbreak"' in text
    assert 'C "Odd ""S"."C""hild"' in text
    assert "…" not in text
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_table_that_is_not_there_is_told_with_the_nearest_name(odd: str) -> None:
    ran = pgtether("graph", "partet", "-d", odd)
    assert (ran.code, ran.out) == (2, "")
    assert "no table named partet" in ran.err
    assert "public.parted" in ran.err


@pytest.mark.three_versions
@pytest.mark.parametrize(
    "name", ["", '"', "a.b.c.d", "x'; drop table parted; --", "a b", "no_schema.t", "pg_class"]
)
def test_what_is_no_table_is_usage_and_changes_nothing(odd: str, name: str) -> None:
    ran = pgtether("graph", "-d", odd, "--", name)
    assert (ran.code, ran.out) == (2, "")
    assert len(pgtether("tables", "--json", "-d", odd).document["tables"]) == 3


def test_a_bare_name_follows_the_search_path(odd: str, connection: psycopg.Connection) -> None:
    connection.execute("create schema first; create table first.parted (id int)")
    assert pgtether("graph", "parted", "--json", "-d", odd).document["tables"] == ["public.parted"]
    options = f"{odd} options='-c search_path=first,public'"
    assert pgtether("graph", "PARTED", "--json", "-d", options).document["tables"] == ["first.parted"]


def test_mermaid_and_dot_are_printed_for_odd_names(odd: str) -> None:
    drawn = pgtether("graph", "--format", "mermaid", "-d", odd).out
    assert drawn.startswith("flowchart LR\n")
    assert "==>" in drawn
    assert '""' not in drawn
    drawn = pgtether("graph", "--format", "dot", "-d", odd).out
    assert drawn.count("->") == 3
    assert "style=dashed" in drawn


@pytest.mark.parametrize("words", [*READING, ("policy",), ("load", "gaztime")])
def test_without_a_server_the_exit_code_is_3_and_stdout_empty(words: tuple[str, ...]) -> None:
    ran = pgtether(*words, "-h", "127.0.0.1", "-p", "1", "-d", "x")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("pgtether: No connection to 127.0.0.1:1.")


def test_a_snapshot_comes_back_as_the_same_catalog(odd: str, connection: psycopg.Connection) -> None:
    with reading(connection):
        found = catalog(connection)
    assert catalog_of(snapshot(found, database="d", server_version="18.4"), path="-") == found
    assert catalog_of(pgtether("snapshot", "-d", odd).out, path="-") == found


def test_a_fingerprint_is_the_same_for_a_database_made_again(
    odd: str, connection: psycopg.Connection
) -> None:
    before = pgtether("snapshot", "--fingerprint", "-d", odd).out
    connection.execute('drop table public.parted; drop schema "Odd ""S" cascade')
    connection.execute(ODD)
    assert pgtether("snapshot", "--fingerprint", "-d", odd).out == before
    assert before.startswith("table ")


def test_a_file_is_written_whole_and_another_one_stays(odd: str, tmp_path: Path) -> None:
    target, foreign = tmp_path / "snapshot.json", tmp_path / "notes.txt"
    for _ in range(2):
        ran = pgtether("snapshot", "-o", str(target), "-d", odd)
        assert (ran.code, ran.out, ran.err) == (0, "", f"Wrote {target}.\n")
    schemas.check(json.loads(target.read_text("utf-8")), schemas.SNAPSHOT)
    foreign.write_text("mine")
    ran = pgtether("snapshot", "-o", str(foreign), "-d", odd)
    assert (ran.code, foreign.read_text()) == (2, "mine")
    assert sorted(tmp_path.iterdir()) == [foreign, target]


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(odd: str, tmp_path: Path) -> None:
    target, link = tmp_path / "kept.json", tmp_path / "link.json"
    target.touch(mode=0o640)
    target.chmod(0o640)
    link.symlink_to(target)
    assert pgtether("snapshot", "-o", str(link), "-d", odd).code == 0
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.stat().st_size


def test_a_file_that_can_not_be_written_is_usage(odd: str, tmp_path: Path) -> None:
    ran = pgtether("snapshot", "-o", str(tmp_path / "none" / "x"), "-d", odd)
    assert (ran.code, ran.out) == (2, "")
    assert "can't be written" in ran.err


def test_a_policy_says_what_is_there_and_is_not_overwritten(odd: str, tmp_path: Path) -> None:
    text = pgtether("policy", "-d", odd).out
    assert {key.on_delete.value for key in parsed_policy(text).foreign_key} == {
        "set null",
        "cascade",
        "no action",
    }
    target = tmp_path / "policy.toml"
    assert pgtether("policy", "-o", str(target), "-d", odd).code == 0
    edited = target.read_text("utf-8") + "# ours\n"
    target.write_text(edited, "utf-8")
    assert pgtether("policy", "-o", str(target), "-d", odd).code == 2
    assert target.read_text("utf-8") == edited


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_is_loaded_once(database: str, system: str) -> None:
    assert pgtether("load", system, "-d", database).code == 0
    again = pgtether("load", system, "-d", database)
    assert again.code == 4
    assert "is not empty" in again.err


def test_a_system_that_is_not_there_is_told_without_connecting() -> None:
    ran = pgtether("load", "nosuch", "-h", "127.0.0.1", "-p", "1")
    assert ran.code == 2
    assert "gaztime" in ran.err


def test_what_a_role_may_not_read_is_said(
    odd: str, connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    ran = pgtether("tables", "--json", "-d", logged_in_as(make_role("reader"), odd))
    assert ran.code == 0
    assert ran.document["not_readable"] == 3
    assert "may not read the rows of 3 tables" in ran.err


def test_what_the_server_refuses_is_told_with_its_sqlstate(
    odd: str, connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    connection.execute("revoke select on pg_catalog.pg_constraint from public")
    ran = pgtether("tables", "--json", "-d", logged_in_as(make_role("reader"), odd))
    assert (ran.code, ran.out) == (4, "")
    assert "permission denied for table pg_constraint (SQLSTATE 42501)" in ran.err
    assert "Nothing was changed" in ran.err


def test_a_load_that_is_told_to_end_leaves_nothing(database: str, connection: psycopg.Connection) -> None:
    at_work = b"select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
    with subprocess.Popen(
        [*PROGRAM, "load", "gaztime", "--scale", "1000", "-d", database],
        stderr=subprocess.PIPE,
        env=environment(),
    ) as running:
        while connection.execute(at_work + b" and pid <> pg_backend_pid()").fetchone() == (0,):
            assert running.poll() is None
            time.sleep(0.02)
        running.terminate()
        _, told = running.communicate(timeout=20)
    assert running.returncode == 143
    assert b"Traceback" not in told
    assert pgtether("tables", "--json", "-d", database).document["tables"] == []


def test_pg_variables_and_service_files_go_to_libpq(odd: str, tmp_path: Path) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(odd)
    service = tmp_path / "services"
    service.write_text("[here]\n" + "\n".join(f"{name}={value}" for name, value in parts.items()) + "\n")
    by_service = process("tables", "--csv", env={"PGSERVICEFILE": str(service), "PGSERVICE": "here"})
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "dbname": "PGDATABASE",
        "password": "PGPASSWORD",
    }
    by_variables = process("tables", "--csv", env={names[name]: str(value) for name, value in parts.items()})
    assert by_service.code == by_variables.code == 0
    assert by_service.out == by_variables.out == pgtether("tables", "--csv", "-d", odd).out
