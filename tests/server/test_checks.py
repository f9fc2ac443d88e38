"""Every check finds what its bad.sql does wrong, once, and nothing in its good.sql."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from queries.audit import audit
from queries.catalog import catalog
from queries.checks import checks
from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import NO_POLICY, policy

FOLDER = Path(__file__).parents[1] / "checks"
TODAY = date(2026, 11, 20)


def found(connection: Connection[Any], check: str, script: str) -> tuple[Finding, ...]:
    connection.execute((FOLDER / check / script).read_text("utf-8"))
    with connection.transaction():
        facts = Facts(catalog(connection))
    wanted = FOLDER / check / "policy.toml"
    rules = policy(wanted) if wanted.exists() else NO_POLICY
    return audit(facts, rules, rules=[check], today=TODAY).findings


def test_no_check_lacks_its_examples_and_no_examples_their_check() -> None:
    assert sorted(folder.name for folder in FOLDER.iterdir()) == sorted(checks())
    assert not [name for name in checks() for script in ("bad", "good") if not _has(name, script)]


def _has(name: str, script: str) -> bool:
    return (FOLDER / name / f"{script}.sql").exists()


def test_every_check_says_why_it_matters() -> None:
    assert not [name for name, check in checks().items() if len(check.WHY) < 30 or check.NEEDS]


@pytest.mark.parametrize("check", sorted(checks()))
def test_what_is_bad_is_found_once(connection: Connection[Any], check: str) -> None:
    (finding,) = found(connection, check, "bad.sql")
    assert finding.rule == check
    assert finding.key.startswith(f"{check} public.")
    assert finding.severity is checks()[check].SEVERITY
    assert finding.table.startswith("public.")


@pytest.mark.parametrize("check", sorted(checks()))
def test_what_is_good_is_left_alone(connection: Connection[Any], check: str) -> None:
    assert found(connection, check, "good.sql") == ()


def test_a_missing_key_names_what_the_contract_asks_for(connection: Connection[Any]) -> None:
    (finding,) = found(connection, "missing-foreign-key", "bad.sql")
    assert finding.key == "missing-foreign-key public.children(parent_id) -> public.parents(id)"
    assert finding.severity is Severity.ERROR
    assert finding.evidence == {
        "table": "public.children",
        "columns": ("parent_id",),
        "ref_table": "public.parents",
        "ref_columns": ("id",),
        "confidence": 1.0,
        "on_delete_suggested": "set null",
        "orphans": None,
    }
    assert [step.id for step in finding.mend] == ["children-parent-id-parents-key"]


def test_a_switched_off_key_says_which_half_is_silent(connection: Connection[Any]) -> None:
    (finding,) = found(connection, "disabled-key", "bad.sql")
    assert finding.evidence["actions_fire"] is False
    assert finding.evidence["checks_fire"] is True
    assert "deletes from public.parents do nothing" in finding.message
