"""Samples that a person sees hide what tells of people, unless they ask for it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from queries.masking import MASK
from tests.support.command import pgtether

SCHEMA = """
create table people (id int primary key, email text, photo bytea, city text);
create table visits (email text primary key, person int, "at" date, notes text);
insert into people values (1, 'a@b.c', 'x', 'Rome');
insert into visits values ('d@e.f', 7, '2026-01-01', 'cough');
alter table visits add constraint key foreign key (person) references people not valid;
"""


@pytest.fixture
def clinic(database: str, connection: psycopg.Connection) -> str:
    """A database with people in it, and an orphan whose primary key is an address."""
    connection.execute(SCHEMA)
    return database


def test_an_orphan_is_named_by_its_key_and_nothing_that_tells_of_a_person(clinic: str) -> None:
    (key,) = pgtether("orphans", "--json", "-d", clinic).document["foreign_keys"]
    assert key["sample"] == [{"person": "7", "email": MASK}]
    assert "d@e.f" not in pgtether("orphans", "-d", clinic).out


def test_who_asks_sees_the_orphan(clinic: str) -> None:
    (key,) = pgtether("orphans", "--json", "--reveal", "-d", clinic).document["foreign_keys"]
    assert key["sample"] == [{"person": "7", "email": "d@e.f"}]


def test_a_policy_says_what_is_sensitive(clinic: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('schema_version = 1\nname = "c"\n[patterns]\nsensitive = ["city"]\n', "utf-8")
    shown = pgtether(
        "impact", "people", "--where", "true", "--sample", "2", "--policy", str(policy), "-d", clinic
    )
    assert "a@b.c" in shown.out
    assert "Rome" not in shown.out


def test_rows_that_a_delete_takes_are_shown_without_what_tells_of_a_person(clinic: str) -> None:
    words = ("impact", "people", "--where", "true", "--sample", "2", "-d", clinic)
    hidden, shown = pgtether(*words).out, pgtether(*words, "--reveal").out
    assert f"id=1, email={MASK}, photo={MASK}, city=Rome" in hidden
    assert "id=1, email=a@b.c, photo=\\x78, city=Rome" in shown
