"""The verbs that are the same wherever a table, key, row or finding stands: plan, explain, export."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest

from queries.apply import apply
from tests.screens.conftest import GAZTIME, Opened
from tests.support.command import pgtether
from tests.support.console import Person
from tests.support.loop import carried, planned, run_connections


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def _write(person: Person, name: str) -> None:
    """Name the file instead of what was proposed."""
    await person.press("e", "ctrl+u")
    await person.write(name)
    await person.press("enter")


async def test_p_plans_the_key_that_the_policy_wants(gaztime: str, opened: Opened) -> None:
    async with opened(gaztime, policy=GAZTIME.policy, size=(160, 50)) as person:
        await person.press("enter", "end", "p")
        assert "Added to the plan" in person.screen
        await person.press("p")
        assert "already. 5 shows it." in person.screen
        await person.press("5")
        assert "subscriptions" in person.screen


async def test_p_plans_to_validate_a_key_and_says_when_nothing_is_to_change(
    database: str, connection: psycopg.Connection, opened: Opened
) -> None:
    connection.execute("create table p (id int primary key)")
    connection.execute("create table c (p_id int references p, q_id int)")
    connection.execute("create index on c (p_id); create index on c (q_id)")
    connection.execute("alter table c add constraint loose foreign key (q_id) references p not valid")
    async with opened(database, size=(160, 50)) as person:
        await person.press("enter", "p")
        assert "Nothing to change." in person.screen
        await person.press("down", "p")
        assert "validate key loose of public.c" in person.screen
        await person.press("5")
        assert "Plan" in person.screen
        assert "loose" in person.screen


async def test_p_renames_first_what_the_wanted_key_calls_by_its_new_name(
    database: str, connection: psycopg.Connection, opened: Opened, tmp_path: Path
) -> None:
    connection.execute("create table p (id int primary key); create table c (parent int)")
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'schema_version = 1\nname = "renames"\n'
        '[[rename]]\ncolumn = "c.parent"\nto = "p_id"\nwhy = "one name"\n'
        '[[foreign_key]]\nchild = "c(p_id)"\nparent = "p(id)"\non_delete = "cascade"\nwhy = "owned"\n'
    )
    async with opened(database, policy=policy, size=(160, 50)) as person:
        await person.press("enter", "p")
        assert "3 changes in all, 5 shows it." in person.screen


async def test_x_explains_what_a_delete_does_and_what_is_wrong_with_a_key(
    gaztime: str, opened: Opened
) -> None:
    async with opened(gaztime, policy=GAZTIME.policy, size=(160, 50)) as person:
        await person.press("enter", "x")
        for words in ("they stay and refer to nothing", "NOT VALID", "Not deferrable", "Wrong"):
            assert words in person.screen
        await person.press("escape", "end", "x")
        assert "there is no key" in person.screen
        assert "Wanted is cascade: they are deleted too" in person.screen
        await person.press("escape", "h", "x")
        assert "Not valid" in person.screen
        assert "p puts into the plan" in person.screen


async def test_a_broken_policy_is_told_where_a_key_should_be_explained(
    gaztime: str, opened: Opened, tmp_path: Path
) -> None:
    broken = tmp_path / "policy.toml"
    broken.write_text("schema_version = 2\n")
    async with opened(gaztime, policy=broken, size=(160, 50)) as person:
        await person.press("x")
        assert "Not looked at" in person.screen


async def test_e_writes_the_tables_that_the_filter_leaves_as_the_command_lists_them(
    gaztime: str, opened: Opened, tmp_path: Path
) -> None:
    async with opened(gaztime) as person:
        await _write(person, "all.csv")
        assert "Wrote all.csv." in person.screen
        await person.press("slash")
        await person.write("driver")
        await person.press("enter")
        await _write(person, "all.csv")
        assert "holds something else" in person.screen
        await person.press("escape")
        await _write(person, "some.csv")
    assert (tmp_path / "all.csv").read_text() == pgtether("tables", "--csv", "-d", gaztime).out
    assert len((tmp_path / "some.csv").read_text().splitlines()) == 3


async def test_e_writes_the_tab_that_has_the_focus(
    database: str, connection: psycopg.Connection, opened: Opened, tmp_path: Path
) -> None:
    connection.execute("create table a (id int primary key, up int references a, note text)")
    connection.execute("""insert into a values (1, null, 'say "so"'), (2, 1, ''), (3, 1, null)""")
    async with opened(database) as person:
        await person.press("enter")
        await _write(person, "keys.csv")
        await person.press("tab")
        await _write(person, "indexes.csv")
        await person.press("tab")
        await _write(person, "rows.csv")
        await person.press("tab")
        await _write(person, "columns.txt")
        assert "doesn't end in .csv" in person.screen
    rows = '"id","up","note"\n"1",,"say ""so"""\n"2","1",""\n"3","1",\n'
    assert (tmp_path / "rows.csv").read_text() == rows
    keys = list(csv.DictReader(io.StringIO((tmp_path / "keys.csv").read_text())))
    assert next((each["columns"], each["on_delete"], each["indexed"]) for each in keys) == (
        "up", "no action", "false",
    )  # fmt: skip
    assert "a_pkey" in (tmp_path / "indexes.csv").read_text()
    assert not (tmp_path / "columns.txt").exists()


async def test_e_writes_findings_as_the_audit_prints_them(
    untouched: str, opened: Opened, tmp_path: Path
) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3")
        await _write(person, "found.json")
        await _write(person, "found.csv")
    for shape in ("json", "csv"):
        printed = pgtether("audit", "--policy", str(GAZTIME.policy), f"--{shape}", "-d", untouched)
        assert (tmp_path / f"found.{shape}").read_text() == printed.out


async def test_e_writes_the_runs_as_history_prints_them(
    untouched: str, opened: Opened, tmp_path: Path
) -> None:
    made = planned(untouched, GAZTIME).plan
    with run_connections(untouched) as (work, recording):
        carried(apply(made, work=work, record=recording))
    async with opened(untouched) as person:
        await person.press("7")
        await _write(person, "runs.json")
    written = (tmp_path / "runs.json").read_text()
    assert json.loads(written) == pgtether("history", "--json", "-d", untouched).document
