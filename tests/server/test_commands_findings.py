"""``audit`` and ``orphans``, run as a script would, on a real server."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from queries.systems import system
from tests.support import schemas
from tests.support.command import PROGRAM, environment, pgtether, process
from tests.support.roles import logged_in_as

ODD = """
create table "P'arent" (id int primary key);
create table "C""hild" (id int primary key, "p%" int);
alter table "C""hild" add constraint "k""ey" foreign key ("p%") references "P'arent";
insert into "P'arent" values (1);
insert into "C""hild" values (1, 1), (2, null);
"""
KEY = 'public."C""hild"("p%") -> public."P\'arent"(id)'
POLICY = """
schema_version = 1
name = "odd"

[[foreign_key]]
child = '"C""hild"("p%")'
parent = '''"P'arent"(id)'''
on_delete = "cascade"
why = "So they say"
"""


@pytest.fixture
def odd(database: str, connection: psycopg.Connection) -> str:
    """A key between tables with a quote in their names, without an index."""
    connection.execute(ODD)
    return database


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """A policy that wants that key to cascade."""
    (tmp_path / "policy.toml").write_text(POLICY, "utf-8")
    return str(tmp_path / "policy.toml")


@pytest.fixture
def gaztime(database: str) -> str:
    """The system gaztime at scale 1."""
    assert pgtether("load", "gaztime", "-d", database).code == 0
    return database


@pytest.mark.three_versions
def test_an_audit_is_one_document_and_exits_with_1(odd: str, policy: str) -> None:
    ran = pgtether("audit", "--json", "--policy", policy, "-d", odd)
    schemas.check(ran.document, schemas.AUDIT)
    assert ran.code == 1
    assert {finding["key"] for finding in ran.document["findings"]} == {
        f"key-without-index {KEY}",
        f"wrong-on-delete {KEY}",
    }


def test_the_policy_may_stand_before_the_command(odd: str, policy: str) -> None:
    before = pgtether("--policy", policy, "audit", "--json", "-d", odd)
    assert before.out == pgtether("audit", "--policy", policy, "--json", "-d", odd).out


def test_fail_on_decides_about_the_exit_code_alone(odd: str) -> None:
    codes = {
        limit: pgtether("audit", "--fail-on", limit, "-d", odd)
        for limit in ("error", "warning", "info", "never")
    }
    assert [codes[limit].code for limit in codes] == [0, 1, 1, 0]
    assert len({ran.out for ran in codes.values()}) == 1
    assert pgtether("audit", "-d", odd).code == 1


def test_a_rule_can_be_asked_for_alone_and_must_exist(odd: str, policy: str) -> None:
    ran = pgtether("audit", "--rule", "wrong-on-delete", "--policy", policy, "--csv", "-d", odd)
    assert [row["rule"] for row in csv.DictReader(io.StringIO(ran.out))] == ["wrong-on-delete"]
    ran = pgtether("audit", "--rule", "wrong-on-delet", "-d", odd)
    assert (ran.code, ran.out) == (2, "")
    assert "wrong-on-delete" in ran.err


def test_a_bad_policy_is_told_with_its_line(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(POLICY.replace("on_delete", "on_delite"), "utf-8")
    for command in ("audit", "orphans"):
        ran = pgtether(command, "--policy", str(path), "-d", odd)
        assert (ran.code, ran.out) == (2, "")
        assert f"{path}:" in ran.err


@pytest.mark.three_versions
def test_the_fix_of_a_finding_runs_as_it_is_printed_and_so_does_its_way_back(
    odd: str, policy: str, connection: psycopg.Connection
) -> None:
    before = pgtether("snapshot", "--fingerprint", "-d", odd).out
    findings = pgtether("audit", "--json", "--policy", policy, "-d", odd).document["findings"]
    for finding in findings:
        for statement in finding["fix"]["forward"]:
            connection.execute(statement)
    assert pgtether("audit", "--policy", policy, "-d", odd).code == 0
    for finding in reversed(findings):
        for statement in finding["fix"]["back"]:
            connection.execute(statement)
    assert pgtether("snapshot", "--fingerprint", "-d", odd).out == before


def test_a_fix_leaves_rows_alone(gaztime: str) -> None:
    wanted = str(system("gaztime").policy)
    findings = pgtether("audit", "--json", "--policy", wanted, "-d", gaztime).document["findings"]
    statements = [each for finding in findings for each in finding["fix"]["forward"]]
    assert {statement.split()[0] for statement in statements} == {"alter", "create"}


@pytest.mark.three_versions
def test_clean_keys_exit_with_0(odd: str) -> None:
    ran = pgtether("orphans", "--json", "-d", odd)
    schemas.check(ran.document, schemas.ORPHANS)
    assert ran.code == 0
    (key,) = ran.document["foreign_keys"]
    assert (key["rows"], key["orphans"], key["null_rows"], key["declared"]) == (2, 0, 1, True)


@pytest.mark.three_versions
def test_orphans_of_keys_that_are_only_wanted_exit_with_1(gaztime: str) -> None:
    ran = pgtether("orphans", "--json", "--policy", str(system("gaztime").policy), "-d", gaztime)
    schemas.check(ran.document, schemas.ORPHANS)
    assert ran.code == 1
    assert not any(key["declared"] for key in ran.document["foreign_keys"])
    assert len(ran.document["foreign_keys"]) == 11
    assert "orphans in 9 keys of 11" in ran.err
    assert pgtether("orphans", "-d", gaztime).code == 0


def test_a_wanted_key_that_is_declared_is_counted_once(odd: str, policy: str) -> None:
    assert len(pgtether("orphans", "--json", "--policy", policy, "-d", odd).document["foreign_keys"]) == 1


def test_orphans_of_one_table_are_those_of_its_own_keys(gaztime: str) -> None:
    wanted = str(system("gaztime").policy)
    ran = pgtether("orphans", "drivers", "--csv", "--policy", wanted, "-d", gaztime)
    assert [row["columns"] for row in csv.DictReader(io.StringIO(ran.out))] == ["user_id", "vehicle_id"]
    assert pgtether("orphans", "driverz", "-d", gaztime).code == 2


def test_text_shows_the_rows_and_no_progress_where_there_is_no_terminal(gaztime: str) -> None:
    ran = pgtether("orphans", "--policy", str(system("gaztime").policy), "-d", gaztime)
    assert "1,700       17" in ran.out
    assert "For example in public.orders: customer_id=" in ran.out
    assert "\r" not in ran.err


def test_what_can_not_be_read_is_no_zero_and_exits_with_1(
    odd: str, connection: psycopg.Connection, make_role: Callable[..., str]
) -> None:
    role = make_role("reader")
    connection.execute("create table shown (id int)")
    ran = pgtether("orphans", "--json", "-d", logged_in_as(role, odd))
    assert ran.code == 1
    schemas.check(ran.document, schemas.ORPHANS)
    (key,) = ran.document["foreign_keys"]
    assert (key["orphans"], key["state"]) == (None, "unreadable")
    assert "could not be counted" in ran.err


@pytest.mark.parametrize("words", [("audit",), ("orphans",)])
def test_without_a_server_the_exit_code_is_3_and_stdout_empty(words: tuple[str, ...]) -> None:
    ran = pgtether(*words, "--json", "-h", "127.0.0.1", "-p", "1")
    assert (ran.code, ran.out) == (3, "")


def test_a_policy_that_is_not_there_is_told_without_connecting() -> None:
    ran = pgtether("audit", "--policy", "/no/such/policy.toml", "-h", "127.0.0.1", "-p", "1")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_statement_on_the_server(
    odd: str, connection: psycopg.Connection, sent: signal.Signals, code: int
) -> None:
    """Behind a lock the count waits; the process ends, and its session with it."""
    waiting = (
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    with connection.transaction():
        connection.execute('lock table "C""hild" in access exclusive mode')
        with (
            subprocess.Popen(
                [*PROGRAM, "orphans", "-d", odd],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
            ) as running,
            psycopg.connect(odd, autocommit=True) as watcher,
        ):
            _wait_until(watcher, waiting, 1)
            running.send_signal(sent)
            out, err = running.communicate(timeout=20)
            _wait_until(watcher, waiting, 0)
        assert (running.returncode, out) == (code, b"")
        assert b"Traceback" not in err


def _wait_until(connection: psycopg.Connection, statement: str, number: int) -> None:
    for _ in range(400):
        if connection.execute(statement.encode()).fetchone() == (number,):
            return
        time.sleep(0.05)
    raise AssertionError(f"It never was {number}: {statement}")


def test_a_statement_timeout_is_told_and_is_no_traceback(odd: str, connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute('lock table "C""hild" in access exclusive mode')
        ran = process("orphans", "--timeout", "0.2", "--json", "-d", odd)
    assert ran.code == 1
    assert ran.document["foreign_keys"][0]["state"] == "unfinished"
