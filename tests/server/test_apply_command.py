"""``apply``, ``verify``, ``rollback`` and ``history``, run as a script would."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.support import schemas
from tests.support.command import pgtether
from tests.support.loop import recorded
from tests.support.roles import logged_in_as
from tests.support.shop import CHILD, ORPHANS, PARENT, SHOP, policy_file

BAD_STEP = """
schema_version = 1
name = "bad"

[[step]]
id = "one"
kind = "sql"
forward = "create table one (id int)"
back = "drop table one"

[[step]]
id = "two"
kind = "sql"
forward = "select 1/0"
"""


@pytest.fixture
def shop(database: str, connection: psycopg.Connection) -> str:
    """Orders of which some have no customer."""
    connection.execute(SHOP)
    return database


@pytest.fixture
def plan(shop: str, tmp_path: Path) -> str:
    """A plan that deletes the orphans and adds the key."""
    policy, file = policy_file(tmp_path, orphans="delete"), str(tmp_path / "plan.toml")
    assert pgtether("plan", "--policy", policy, "-o", file, "-d", shop).code == 0
    return file


@pytest.mark.three_versions
def test_a_run_is_printed_as_history_prints_it(shop: str, plan: str) -> None:
    ran = pgtether("apply", plan, "--yes", "--json", "-d", shop)
    assert ran.code == 0, ran.err
    schemas.check(ran.document, schemas.RUN)
    assert (ran.document["state"], ran.document["run"]) == ("applied", 1)
    assert {step["state"] for step in ran.document["steps"]} == {"done"}
    assert [each["rows"] for each in ran.document["parked"]] == [ORPHANS]
    history = pgtether("history", "--json", "-d", shop).document
    schemas.check(history, schemas.HISTORY)
    assert [{"schema_version": 1} | run for run in history["runs"]] == [ran.document]


def test_what_happens_is_told_on_stderr_with_the_measured_locks(shop: str, plan: str) -> None:
    ran = pgtether("apply", plan, "--yes", "-d", shop)
    assert (ran.code, ran.out) == (0, "")
    assert "Run #1 begins." in ran.err
    assert f'add key k"ey: {CHILD} -> {PARENT}, on delete cascade, not valid: done' in ran.err
    assert "SHARE ROW EXCLUSIVE on" in ran.err
    assert f": delete: done, {ORPHANS} rows" in ran.err
    assert "Run #1 is applied." in ran.err


@pytest.mark.three_versions
def test_the_way_there_and_back(shop: str, plan: str) -> None:
    before = pgtether("snapshot", "--fingerprint", "-d", shop).out
    verified = pgtether("verify", plan, "-d", shop)
    assert (verified.code, "NO: the catalog does not show it" in verified.out) == (1, True)
    assert pgtether("apply", plan, "--yes", "-d", shop).code == 0
    verified = pgtether("verify", plan, "--probe", "--yes", "--json", "-d", shop)
    schemas.check(verified.document, schemas.VERIFY)
    assert verified.code == 0, verified.out
    assert [probe["key"] for probe in verified.document["probes"]] == [f"{CHILD} -> {PARENT}"]
    assert pgtether("orphans", "-d", shop).code == 0
    back = pgtether("rollback", "last", "--yes", "--json", "-d", shop)
    assert back.code == 0, back.err
    schemas.check(back.document, schemas.RUN)
    assert (back.document["state"], back.document["conflicts"]) == ("rolled back", [])
    assert {step["state"] for step in back.document["steps"]} == {"undone"}
    assert pgtether("snapshot", "--fingerprint", "-d", shop).out == before
    assert pgtether("rollback", "#1", "--yes", "-d", shop).code == 4


def test_what_is_so_already_is_left_alone(shop: str, plan: str, connection: psycopg.Connection) -> None:
    text = Path(plan).read_text("utf-8")
    Path(plan).write_text("\n".join(line for line in text.splitlines() if '" = "' not in line), "utf-8")
    assert pgtether("apply", plan, "--yes", "-d", shop).code == 0
    ran = pgtether("apply", plan, "--yes", "--json", "-d", shop)
    assert ran.code == 0
    assert {step["state"] for step in ran.document["steps"]} == {"already"}


@pytest.mark.three_versions
def test_a_rehearsal_leaves_nothing_and_no_record(
    shop: str, plan: str, connection: psycopg.Connection
) -> None:
    before = pgtether("snapshot", "--fingerprint", "-d", shop).out
    ran = pgtether("apply", plan, "--rehearse", "--yes", "--json", "-d", shop)
    assert ran.code == 0, ran.err
    schemas.check(ran.document, schemas.RUN)
    assert (ran.document["run"], ran.document["state"]) == (None, "rolled back")
    assert {step["state"] for step in ran.document["steps"]} == {"done"}
    assert pgtether("snapshot", "--fingerprint", "-d", shop).out == before
    assert connection.execute("select to_regnamespace('pgtether')").fetchone() == (None,)


def test_a_rehearsal_of_a_plan_that_fails_is_4(shop: str, tmp_path: Path) -> None:
    ran = pgtether("apply", _file(tmp_path, BAD_STEP), "--rehearse", "--yes", "--json", "-d", shop)
    assert ran.code == 4
    schemas.check(ran.document, schemas.RUN)
    assert ran.document["state"] == "failed"


@pytest.mark.three_versions
def test_a_step_that_fails_takes_all_with_it_and_is_on_record(
    shop: str, tmp_path: Path, connection: psycopg.Connection
) -> None:
    ran = pgtether("apply", _file(tmp_path, BAD_STEP), "--yes", "--json", "-d", shop)
    assert ran.code == 4
    assert "division by zero" in ran.err
    assert "Everything was rolled back: nothing was changed." in ran.err
    schemas.check(ran.document, schemas.RUN)
    assert ran.document["state"] == "failed"
    assert ran.document["steps"][1]["state"] == "failed"
    assert connection.execute("select to_regclass('one')").fetchone() == (None,)
    assert recorded(shop)[-2:] == [("two", "failed"), (None, "ended")]


def test_a_table_that_has_changed_since_is_refused(
    shop: str, plan: str, connection: psycopg.Connection
) -> None:
    connection.execute('alter table "Or""ders" add column more int')
    ran = pgtether("apply", plan, "--yes", "--json", "-d", shop)
    assert (ran.code, ran.out) == (4, "")
    assert f"{CHILD.partition('(')[0]} changed since the plan was made." in ran.err


def test_who_holds_the_lock_is_named(
    shop: str, plan: str, database: str, connection: psycopg.Connection
) -> None:
    text = Path(plan).read_text("utf-8")
    Path(plan).write_text(text.replace("[fingerprint]", '[settings]\nlock_timeout = "50ms"\n\n[fingerprint]'))
    with psycopg.connect(database) as other:
        other.execute('lock table "Or""ders" in share row exclusive mode')
        ran, holder = pgtether("apply", plan, "--yes", "-d", shop), other.info.backend_pid
    assert ran.code == 4
    assert f"Locks are held by pid {holder}" in ran.err


def test_two_runs_at_once_are_kept_apart(shop: str, plan: str, connection: psycopg.Connection) -> None:
    connection.execute("select pg_advisory_lock(1885825140, 1)")
    ran = pgtether("apply", plan, "--yes", "--json", "-d", shop)
    assert (ran.code, ran.out) == (4, "")
    assert "Another run of pgtether is at work in this database" in ran.err


def test_what_somebody_has_changed_since_is_a_conflict_and_stays(
    shop: str, plan: str, connection: psycopg.Connection
) -> None:
    assert pgtether("apply", plan, "--yes", "-d", shop).code == 0
    connection.execute("""insert into "Or""ders" values (10, 1)""")  # an orphan's place
    ran = pgtether("rollback", "1", "--yes", "--json", "-d", shop)
    assert ran.code == 0
    assert len(ran.document["conflicts"]) == 1
    assert "Left as it is: " in ran.err
    assert connection.execute("""select "cust%" from "Or""ders" where id = 10""").fetchone() == (1,)


def test_a_role_that_may_not_write_is_refused(shop: str, plan: str, make_role: Callable[..., str]) -> None:
    role = make_role("reader")
    ran = pgtether("apply", plan, "--yes", "-d", logged_in_as(role, shop))
    assert ran.code == 4
    assert "Nothing was changed." in ran.err


@pytest.mark.parametrize(
    "words",
    [("apply", "PLAN"), ("apply", "PLAN", "--rehearse"), ("verify", "PLAN", "--probe"), ("rollback", "last")],
)
def test_nobody_to_ask_and_no_yes_is_2_before_anything_is_connected_to(
    plan: str, words: tuple[str, ...]
) -> None:
    ran = pgtether(*(plan if word == "PLAN" else word for word in words), "-d", "host=127.0.0.1 port=1")
    assert (ran.code, ran.out) == (2, "")
    assert "Say --yes" in ran.err


def test_undecided_orphans_are_2_and_named(shop: str, tmp_path: Path) -> None:
    file = str(tmp_path / "undecided.toml")
    pgtether("plan", "--policy", policy_file(tmp_path), "-o", file, "-d", shop)
    ran = pgtether("apply", file, "--yes", "-d", "host=127.0.0.1 port=1")
    assert (ran.code, ran.out) == (2, "")
    assert f"{CHILD} -> {PARENT}" in ran.err


def test_an_online_plan_is_refused(tmp_path: Path) -> None:
    text = BAD_STEP.replace('name = "bad"', 'name = "bad"\nmode = "online"')
    ran = pgtether("apply", _file(tmp_path, text), "--yes", "-d", "host=127.0.0.1 port=1")
    assert (ran.code, ran.out) == (2, "")
    assert "online plan" in ran.err


def test_a_plan_without_steps_has_nothing_to_do(shop: str, tmp_path: Path) -> None:
    file = _file(tmp_path, 'schema_version = 1\nname = "none"\n')
    ran = pgtether("apply", file, "--yes", "--json", "-d", shop)
    assert ran.code == 0
    schemas.check(ran.document, schemas.RUN)
    assert pgtether("history", "--json", "-d", shop).document["runs"] == []


@pytest.mark.parametrize("command", ["apply", "verify"])
def test_a_bad_plan_is_told_with_its_line(tmp_path: Path, command: str) -> None:
    file = _file(tmp_path, BAD_STEP.replace("forward", "foreward"))
    ran = pgtether(command, file, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}:8" in ran.err
    assert pgtether(command, "nowhere.toml", "--yes").code == 2


def test_history_is_text_and_csv_too(shop: str, plan: str, tmp_path: Path) -> None:
    assert pgtether("history", "-d", shop).out == ""
    pgtether("apply", plan, "--yes", "-d", shop)
    pgtether("apply", _file(tmp_path, BAD_STEP), "--yes", "-d", shop)
    rows = list(csv.DictReader(io.StringIO(pgtether("history", "--csv", "-d", shop).out)))
    assert [(row["run"], row["plan"], row["state"]) for row in rows] == [
        ("2", "bad", "failed"),
        ("1", "shop", "applied"),
    ]
    steps = list(csv.DictReader(io.StringIO(pgtether("history", "1", "--csv", "-d", shop).out)))
    assert [step["state"] for step in steps] == ["done"] * 4
    text = pgtether("history", "last", "-d", shop).out
    assert text.startswith("Run #2: bad, failed, ")
    assert "division by zero" in text
    assert f"{ORPHANS} rows" in pgtether("history", "#1", "-d", shop).out
    assert "#2" in pgtether("history", "-d", shop).out


@pytest.mark.parametrize("command", ["rollback", "history"])
def test_a_run_that_is_not_there_is_usage(shop: str, plan: str, command: str) -> None:
    yes = ("--yes",) if command == "rollback" else ()
    assert pgtether(command, "last", *yes, "-d", shop).code == 2
    pgtether("apply", plan, "--yes", "-d", shop)
    for name in ("9", "first", "1; drop table x"):
        ran = pgtether(command, name, *yes, "-d", shop)
        assert (ran.code, ran.out) == (2, "")
        assert "Runs on record: 1 to 1" in ran.err


@pytest.mark.parametrize("command", ["apply", "verify", "rollback", "history"])
def test_no_server_is_3(plan: str, command: str) -> None:
    words = {"rollback": ("1", "--yes"), "apply": (plan, "--yes"), "verify": (plan,)}.get(command, ())
    ran = pgtether(command, *words, "-d", "host=127.0.0.1 port=1")
    assert (ran.code, ran.out) == (3, "")


def _file(folder: Path, text: str) -> str:
    path = folder / "other.toml"
    path.write_text(text, "utf-8")
    return str(path)
