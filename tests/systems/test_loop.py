"""The whole loop on every sample system: from what faults.toml plants to what the policy wants, and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from queries.apply import apply
from queries.audit import audit
from queries.catalog import catalog
from queries.connection import reading
from queries.facts import Facts
from queries.plan import plan_text
from queries.plan_of_policy import PolicyPlan
from queries.policy import policy
from queries.proving import plan_keys, proofs
from queries.record import found
from queries.rollback import rollback
from queries.steps import CreateIndex, DropNotNull
from queries.systems import System, load
from queries.trial import trials
from queries.verify import verify
from tests.support.command import process
from tests.support.loop import (
    carried,
    planned,
    reading_connection,
    recorded,
    run_connections,
    summaries,
)
from tests.support.servers import Server
from tests.systems.samples import each_system, faults
from tui.loop import picture

pytestmark = pytest.mark.three_versions
Connection = psycopg.Connection[Any]


@each_system
def test_the_audit_finds_what_is_planted_and_nothing_else(
    database: str, connection: Connection, sample: System
) -> None:
    load(connection, sample)
    with reading_connection(database) as reader, reading(reader):
        report = audit(Facts(catalog(reader)), policy(sample.policy), today=date(2026, 11, 1))
    planted = sorted(f"{fault['rule']} {fault['object']}" for fault in faults(sample)["finding"])
    assert sorted(finding.key for finding in report.findings) == planted


@each_system
def test_the_plan_repairs_the_planted_orphans_as_the_policy_says(
    database: str, connection: Connection, sample: System
) -> None:
    load(connection, sample, scale=2)
    made = planned(database, sample)
    planted = {fault["key"]: fault["rows_per_scale"] * 2 for fault in faults(sample)["orphans"]}
    counted = {f"{step.child} -> {step.parent}": found.orphans for step, found in made.repairs}
    assert counted == planted
    assert not made.unmet
    assert "undecided" not in {step.by for step, _ in made.repairs}
    have = {f"{step.table}({step.column})" for step in made.plan.step if isinstance(step, DropNotNull)}
    have |= {f"{step.table}({step.columns[0]})" for step in made.plan.step if isinstance(step, CreateIndex)}
    assert {implied["object"] for implied in faults(sample)["implied"]} <= have


@each_system
def test_the_loop_ends_where_it_began(database: str, connection: Connection, sample: System) -> None:
    """Applied, verified, probed, tried by real deletes, rolled back: definitions and rows are as before."""
    load(connection, sample)
    made = planned(database, sample)
    with reading_connection(database) as reader, run_connections(database) as (work, record):
        before = picture(reader)
        carried(apply(made.plan, work=work, record=record))
        assert picture(reader) != before
        _does_what_the_policy_says(reader, work, made)
        _leaves_nothing_to_want(reader, database, sample)
        with reading(record):
            run = found(record, "last")
        carried(rollback(run, work=work, record=record))
        assert picture(reader) == before
    assert planned(database, sample).plan == made.plan


def _does_what_the_policy_says(reader: Connection, work: Connection, made: PolicyPlan) -> None:
    with reading(reader):
        known = catalog(reader)
        assert [each for each in verify(reader, made.plan) if not each.proven] == []
    keys = plan_keys(made.plan, known)
    assert [each for each in proofs(work, made.plan) if not each.proven] == []
    tried = list(trials(work, known, keys))
    assert [each for each in tried if not each.as_declared] == []
    assert {key.oid for key in keys} <= {each.key.oid for trial in tried for each in trial.children}


def _leaves_nothing_to_want(reader: Connection, database: str, sample: System) -> None:
    """What is left to find is what the policy doesn't name."""
    again = planned(database, sample)
    assert (again.plan.step, again.unmet) == ((), ())
    with reading(reader):
        report = audit(Facts(catalog(reader)), policy(sample.policy), today=date(2026, 11, 1))
    assert {finding.rule for finding in report.findings} <= {"key-without-index"}


@each_system
def test_the_command_line_and_the_engine_do_the_same(
    server: Server, connection: Connection, sample: System, tmp_path: Path
) -> None:
    """The same plan, applied and rolled back, leaves the same events on record, which are those yielded."""
    with server.new_database() as by_command, server.new_database() as by_engine:
        made = _loaded(by_command, sample)
        assert made.plan == _loaded(by_engine, sample).plan
        file = tmp_path / "plan.toml"
        file.write_text(plan_text(made.plan), "utf-8")
        for words in (("apply", str(file)), ("rollback", "last")):
            ran = process(*words, "--yes", "-d", by_command)
            assert ran.code == 0, ran.err
        with run_connections(by_engine) as (work, record):
            events = carried(apply(made.plan, work=work, record=record))
            with reading(record):
                run = found(record, "last")
            events += carried(rollback(run, work=work, record=record))
        assert recorded(by_command) == recorded(by_engine) == summaries(events)


def _loaded(conninfo: str, sample: System) -> PolicyPlan:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        load(connection, sample)
    return planned(conninfo, sample)
