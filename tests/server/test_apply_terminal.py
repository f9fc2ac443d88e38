"""A person at the terminal: shown the steps, asked to begin and to COMMIT, and free to leave at any time."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.support.command import pgtether
from tests.support.dialogue import dialogue
from tests.support.loop import recorded
from tests.support.shop import CHILD, SHOP, policy_file

PROMPT = "commit, rollback, or w for more time: "


@pytest.fixture
def shop(database: str, connection: psycopg.Connection) -> str:
    """Orders of which some have no customer."""
    connection.execute(SHOP)
    return database


@pytest.fixture
def plan(shop: str, tmp_path: Path) -> str:
    """A plan that parks the orphans and adds the key, whose question stands for five seconds."""
    policy, file = policy_file(tmp_path, orphans="park"), tmp_path / "plan.toml"
    assert pgtether("plan", "--policy", policy, "-o", str(file), "-d", shop).code == 0
    text = file.read_text("utf-8").replace("[fingerprint]", '[settings]\ncountdown = "5s"\n\n[fingerprint]')
    file.write_text(text, "utf-8")
    return str(file)


def test_a_person_sees_the_steps_and_commits(shop: str, plan: str) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("Apply 4 steps in database")
        assert f"SHARE ROW EXCLUSIVE on {CHILD.partition('(')[0]}" in person.shown
        person.type("yes")
        person.see(PROMPT)
        assert "4 rows touched by 1 step." in person.shown
        assert "nothing is committed yet" in person.shown
        assert "Locks held until you answer:" in person.shown
        assert "ROLLBACK in 5 s. 0 waiting behind us" in person.shown
        person.type("what?")
        person.see(PROMPT)
        person.type("commit")
        assert person.end() == 0
    assert "Run #1 is applied." in person.shown


def test_a_person_says_rollback(shop: str, plan: str) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("yes")
        person.see(PROMPT)
        person.type("rollback")
        assert person.end() == 4
    assert _state(shop) == "rolled back"
    assert _is_unchanged(shop)


def test_a_person_who_does_not_begin_changes_nothing_at_all(shop: str, plan: str) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("no")
        assert person.end() == 4
    assert recorded(shop) == []


def test_a_countdown_that_runs_out_rolls_back(shop: str, plan: str) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("yes")
        person.see(PROMPT)
        person.see("ROLLBACK in 2 s")
        person.type("w")
        person.see("ROLLBACK in 5 s")
        assert person.end() == 4
        assert "Nobody answered within 5 s." in person.shown
    assert _state(shop) == "rolled back"


def test_who_waits_behind_us_is_shown(shop: str, plan: str, connection: psycopg.Connection) -> None:
    insert = """insert into "Or""ders" values (100, 1)"""
    with ThreadPoolExecutor(1) as threads, dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("yes")
        person.see(PROMPT)
        waits = threads.submit(connection.execute, insert)
        person.see(f"1 waiting behind us, the first: pid {connection.info.backend_pid}")
        person.type("commit")
        assert person.end() == 0
        assert waits.result(60).rowcount == 1


@pytest.mark.parametrize(("how", "code"), [(None, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_leaving_at_the_question_rolls_back_and_is_on_record(
    shop: str, plan: str, how: signal.Signals | None, code: int
) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("yes")
        person.see(PROMPT)
        if how is None:
            person.interrupt()
        else:
            person.send(how)
        assert person.end() == code
    assert _state(shop) == "rolled back"
    assert recorded(shop)[-1] == (None, "ended")
    assert _is_unchanged(shop)


def test_ctrl_c_in_the_middle_of_a_step_rolls_back_and_is_on_record(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "slow.toml"
    step = '[[step]]\nid = "slow"\nkind = "sql"\nforward = "select pg_sleep(60)"\n'
    file.write_text(f'schema_version = 1\nname = "slow"\n\n{step}', "utf-8")
    with dialogue("apply", str(file), "--yes", "-d", shop) as person:
        person.see("1/1  select pg_sleep(60)")
        person.interrupt()
        assert person.end() == 130
        assert "What was not committed was rolled back." in person.shown
    assert _state(shop) == "rolled back"


def test_a_connection_that_is_lost_at_the_question_changes_nothing(
    shop: str, plan: str, connection: psycopg.Connection
) -> None:
    with dialogue("apply", plan, "-d", shop) as person:
        person.see("[yes/no]")
        person.type("yes")
        person.see(PROMPT)
        connection.execute("""
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction'
        """)
        person.type("commit")
        assert person.end() == 4
    assert _state(shop) == "failed"
    assert _is_unchanged(shop)


def test_a_production_server_wants_the_database_s_name(shop: str, plan: str, tmp_path: Path) -> None:
    name = str(conninfo_to_dict(shop)["dbname"])
    (tmp_path / "pgtether").mkdir()
    (tmp_path / "pgtether" / "config.toml").write_text('[[server]]\nmatch = "*"\nproduction = true\n')
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    for typed, code in (("yes", 4), (name, 0)):
        with dialogue("apply", plan, "-d", shop, env=env) as person:
            person.see("Type the database's name to begin: ")
            assert "PRODUCTION" in person.shown
            person.type(typed)
            if code == 0:
                person.see(PROMPT)
                person.type("commit")
            assert person.end() == code


def test_a_run_is_taken_back_by_a_person(shop: str, plan: str) -> None:
    assert pgtether("apply", plan, "--yes", "-d", shop).code == 0
    for answer, code, state in (("rollback", 4, "applied"), ("commit", 0, "rolled back")):
        with dialogue("rollback", "last", "-d", shop) as person:
            person.see("Take run #1 back in database")
            person.type("yes")
            person.see(PROMPT)
            person.type(answer)
            assert person.end() == code
        assert _state(shop) == state
    assert _is_unchanged(shop)


def _state(shop: str) -> str:
    return str(pgtether("history", "last", "--json", "-d", shop).document["runs"][0]["state"])


def _is_unchanged(shop: str) -> bool:
    with psycopg.connect(shop) as connection:
        keys = connection.execute("select count(*) from pg_constraint where conname = 'k\"ey'").fetchone()
        rows = connection.execute("""select count(*) from "Or""ders" where "cust%" > 10""").fetchone()
    return (keys, rows) == ((0,), (4,))
