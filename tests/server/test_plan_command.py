"""``plan``, run as a script would: what is in it, what is said beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import psycopg
import pytest

from queries.plan import parsed_plan, undecided
from tests.support import schemas
from tests.support.command import on_terminal, pgtether
from tests.support.shop import CHILD, ORPHANS, PARENT, SHOP, policy_file


@pytest.fixture
def shop(database: str, connection: psycopg.Connection) -> str:
    """Orders of which some have no customer."""
    connection.execute(SHOP)
    return database


@pytest.mark.three_versions
def test_a_plan_is_printed_as_a_file_that_reads_back(shop: str, tmp_path: Path) -> None:
    ran = pgtether("plan", "--policy", policy_file(tmp_path, orphans="delete"), "-d", shop)
    assert ran.code == 0
    made = parsed_plan(ran.out)
    assert [step.kind for step in made.step] == ["create index", "add key", "repair orphans", "validate key"]
    assert f"# {ORPHANS} orphans in 24 rows." in ran.out
    assert set(made.fingerprint) == {CHILD.partition("(")[0], PARENT.partition("(")[0]}


@pytest.mark.three_versions
def test_json_holds_the_plan_and_its_sql_both_ways(
    shop: str, tmp_path: Path, connection: psycopg.Connection
) -> None:
    ran = pgtether("plan", "--json", "--policy", policy_file(tmp_path, orphans="delete"), "-d", shop)
    schemas.check(ran.document, schemas.PLAN)
    steps = {step["kind"]: step for step in ran.document["steps"]}
    assert [step["id"] for step in ran.document["plan"]["step"]] == [
        step["id"] for step in ran.document["steps"]
    ]
    for statement in steps["create index"]["forward"] + steps["add key"]["forward"]:
        connection.execute(statement)
    for statement in steps["add key"]["back"] + steps["create index"]["back"]:
        connection.execute(statement)
    assert steps["add key"]["locks"] == [
        {"table": text.partition("(")[0], "mode": "SHARE ROW EXCLUSIVE", "blocks": "writes"}
        for text in (CHILD, PARENT)
    ]
    assert steps["validate key"]["back"] is None  # it makes a key again that is not there yet


def test_the_steps_are_told_with_their_locks_and_what_these_block(shop: str, tmp_path: Path) -> None:
    ran = pgtether("plan", "--policy", policy_file(tmp_path, orphans="park"), "-d", shop)
    child, parent = CHILD.partition("(")[0], PARENT.partition("(")[0]
    assert f"SHARE ROW EXCLUSIVE on {child}, {parent}: blocks writes" in ran.err
    assert f"SHARE UPDATE EXCLUSIVE on {child}: blocks nothing" in ran.err
    assert "4 orphans in 1 key." in ran.err


def test_orphans_without_a_decision_are_undecided_and_said_to_be(shop: str, tmp_path: Path) -> None:
    ran = pgtether("plan", "--policy", policy_file(tmp_path), "-d", shop)
    assert ran.code == 0
    assert undecided(parsed_plan(ran.out)) == (f"{CHILD} -> {PARENT}",)
    assert 'ON DELETE CASCADE suggests by = "delete".' in ran.out
    assert f"Undecided, so that the plan can't be applied yet: the orphans of {CHILD}" in ran.err


@pytest.mark.parametrize("repair", ["park", "delete", "set-null", "stub", "leave"])
def test_the_option_decides_what_the_policy_doesn_t(shop: str, tmp_path: Path, repair: str) -> None:
    ran = pgtether("plan", "--policy", policy_file(tmp_path), "--orphans", repair, "-d", shop)
    made = parsed_plan(ran.out)
    assert [step.by for step in made.step if step.kind == "repair orphans"] == [repair]
    assert ("validate key" in {step.kind for step in made.step}) is (repair != "leave")
    ran = pgtether("plan", "--json", "--policy", policy_file(tmp_path), "--orphans", repair, "-d", shop)
    schemas.check(ran.document, schemas.PLAN)


def test_the_policy_is_stronger_than_the_option(shop: str, tmp_path: Path) -> None:
    policy = policy_file(tmp_path, orphans="park")
    ran = pgtether("--policy", policy, "plan", "--orphans", "delete", "-d", shop)
    assert [step.by for step in parsed_plan(ran.out).step if step.kind == "repair orphans"] == ["park"]


def test_nothing_to_do_is_an_empty_plan_and_says_so(
    shop: str, tmp_path: Path, connection: psycopg.Connection
) -> None:
    connection.execute("""
        delete from "Or""ders" where "cust%" > 10;
        create index on "Or""ders" ("cust%");
        alter table "Or""ders" add foreign key ("cust%") references "Cust'omers" on delete cascade;
    """)
    policy = policy_file(tmp_path)
    ran = pgtether("plan", "--policy", policy, "-d", shop)
    assert (ran.code, parsed_plan(ran.out).step) == (0, ())
    assert "Nothing to do" in ran.err
    document = pgtether("plan", "--policy", policy, "--json", "-d", shop).document
    schemas.check(document, schemas.PLAN)
    assert document["steps"] == []


def test_orphans_under_a_key_that_stands_not_valid_are_repaired_before_it_is_validated(
    shop: str, tmp_path: Path, connection: psycopg.Connection
) -> None:
    connection.execute("""
        create index on "Or""ders" ("cust%");
        alter table "Or""ders" add constraint old foreign key ("cust%") references "Cust'omers"
            on delete cascade not valid;
    """)
    ran = pgtether("plan", "--policy", policy_file(tmp_path, orphans="delete"), "-d", shop)
    assert [step.kind for step in parsed_plan(ran.out).step] == ["repair orphans", "validate key"]
    assert f"# {ORPHANS} orphans" in ran.out


def test_what_no_step_can_mend_and_what_is_muted_is_told(shop: str, tmp_path: Path) -> None:
    more = f"""
[[foreign_key]]
child = "gone(a)"
parent = '''"Cust'omers"(id)'''
on_delete = "cascade"
why = "It was there once"

[[mute]]
key = '''missing-foreign-key {CHILD} -> {PARENT}'''
why = "Next year"
"""
    ran = pgtether("plan", "--policy", policy_file(tmp_path, more=more), "-d", shop)
    assert (ran.code, parsed_plan(ran.out).step) == (0, ())
    assert "Not in the plan: There is no table public.gone" in ran.err
    assert "1 wish that the policy mutes" in ran.err


def test_a_file_is_written_whole_and_never_over_another(shop: str, tmp_path: Path) -> None:
    policy, file = policy_file(tmp_path, orphans="delete"), tmp_path / "plan.toml"
    ran = pgtether("plan", "--policy", policy, "-o", str(file), "-d", shop)
    assert (ran.code, ran.out) == (0, "")
    assert tomllib.loads(file.read_text("utf-8"))["name"] == "shop"
    assert pgtether("plan", "--policy", policy, "-o", str(file), "-d", shop).code == 0
    policy = policy_file(tmp_path, orphans="park")
    ran = pgtether("plan", "--policy", policy, "-o", str(file), "-d", shop)
    assert ran.code == 2
    assert "holds something else" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "none was named"),
        (("--policy", "nowhere.toml"), "nowhere.toml"),
        (("--orphans", "burn"), "'burn'"),
        (("--online",), "--online"),
    ],
)
def test_a_wrong_argument_is_usage(shop: str, words: tuple[str, ...], said: str) -> None:
    ran = pgtether("plan", *words, "-d", shop)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_no_server_is_3(tmp_path: Path) -> None:
    ran = pgtether("plan", "--policy", policy_file(tmp_path), "-d", "host=127.0.0.1 port=1")
    assert (ran.code, ran.out) == (3, "")


def test_counting_is_told_on_a_terminal(shop: str, tmp_path: Path) -> None:
    ran = on_terminal("plan", "--policy", policy_file(tmp_path), "-d", shop, width=200)
    assert f"\r\x1b[Korphans: 1 of 1: {CHILD} -> {PARENT}\r\x1b[K" in ran.out
