"""The whole loop on a database of our own, as text: for ``pgtether demo`` where nobody can draw.

Each stop prints what it found. At the end the database is compared with what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple

from queries.apply import apply
from queries.audit import audit
from queries.catalog import catalog
from queries.checksums import Checksum, checksums
from queries.connection import connect_reading, reading
from queries.definitions import definitions
from queries.events import Answer, Question
from queries.facts import Facts
from queries.fingerprint import fingerprints
from queries.plan import Plan
from queries.plan_of_policy import PolicyPlan, plan_of_policy
from queries.policy import policy
from queries.proving import plan_keys, proofs
from queries.record import found
from queries.rendered import rendered
from queries.rollback import rollback
from queries.server import server
from queries.systems import System
from queries.trial import trials
from queries.verify import verify
from queries.writing import record, work
from tui.carrying import Carrying
from tui.figures import counted
from tui.loop_text import audit_lines, orphan_lines, proof_lines, trial_lines
from tui.output import print_text
from tui.pumping import pumped
from tui.step_list import lock_lines, step_list


class Picture(NamedTuple):
    """Definitions and rows, to be compared."""

    fingerprints: dict[str, str]
    checksums: dict[str, Checksum]


def loop(conninfo: str, system: System) -> bool:
    """Go once round, from what is there to what the policy wants and back; whether all was as it should."""
    with closing(connect_reading(conninfo)) as reader:
        _head("1  Connect")
        facts = server(reader)
        _say([facts.badge, facts.access])
        before = _looked(reader, system)
        made = _planned(reader, system)
        with closing(work(conninfo)) as working, closing(record(conninfo)) as recording:
            answers = [
                _applied(made.plan, working, recording),
                _verified(reader, made.plan, working),
                _tried(made.plan, working),
                _taken_back(made.plan, working, recording),
            ]
        answers.append(_compared(before, picture(reader)))
    _head("All of it was as it should be." if all(answers) else "NOT all of it was as it should be.")
    return all(answers)


def picture(reader: Any) -> Picture:
    """Of the whole database, save for our own record."""
    with reading(reader):
        known = catalog(reader)
        defined = definitions(reader, [table.oid for table in known.tables.values()])
        return Picture(fingerprints(defined), checksums(reader, known))


def _looked(reader: Any, system: System) -> Picture:
    before = picture(reader)
    with reading(reader):
        known = catalog(reader)
    _head("2  Catalog")
    rows = sum(each.rows for each in before.checksums.values())
    indexes = sum(len(each) for each in known.indexes.values())
    keys = counted(len(known.foreign_keys), "foreign key")
    tables = f"{counted(len(known.roots), 'table')}, {counted(rows, 'row')}"
    _say([f"{tables}, {counted(indexes, 'index', 'indexes')}, {keys}."])
    _head(f"3  Audit, against the policy of {system.name}")
    _say(audit_lines(audit(Facts(known), policy(system.policy), today=date.today()).findings))
    return before


def _planned(reader: Any, system: System) -> PolicyPlan:
    made = pumped(plan_of_policy(reader, policy(system.policy), today=date.today()))
    _head("4  Orphans")
    _say(orphan_lines(made))
    _head(f"5  Plan: {counted(len(made.plan.step), 'step')}")
    with reading(reader):
        steps = rendered(reader, made.plan)
    _say(step_list([each.step for each in steps], [each.locks for each in steps]))
    return made


def _applied(made: Plan, working: Any, recording: Any) -> bool:
    _head("6  Apply, in one transaction with a savepoint a step")
    carrying = Carrying(made.step, _commit, _line, with_locks=False)
    carrying.through(apply(made, work=working, record=recording))
    return carrying.outcome == "applied"


def _commit(question: Question) -> Answer:
    """What a person would be shown, and the answer of one who is content."""
    changes = counted(len(question.differences), "change")
    _say([f"Nothing is committed yet. {changes} to definitions; locks held meanwhile:"])
    _say(f"   {line}" for line in lock_lines(question.locks))
    _say(f"   conflict: {conflict}" for conflict in question.conflicts)
    _say(["COMMIT or ROLLBACK? COMMIT."])
    return Answer.COMMIT


def _verified(reader: Any, made: Plan, working: Any) -> bool:
    _head("7  Verify, by the catalog and by made-up rows that are rolled back")
    with reading(reader):
        steps = verify(reader, made)
    shown = sum(each.proven for each in steps)
    _say(f"NOT SO: {each.sentence}: {each.why}" for each in steps if not each.proven)
    _say([f"The catalog shows {shown} of {counted(len(steps), 'step')}.", ""])
    proven = list(proofs(working, made))
    _say(proof_lines(proven))
    return shown == len(steps) and all(each.proven for each in proven)


def _tried(made: Plan, working: Any) -> bool:
    _head("8  Delete rows that have children, one at a time, and roll that back")
    with working.transaction():
        known = catalog(working)
    tried = list(trials(working, known, plan_keys(made, known)))
    for each in tried:
        _say(trial_lines(each))
    return all(each.as_declared for each in tried)


def _taken_back(made: Plan, working: Any, recording: Any) -> bool:
    _head("9  Roll back: former definitions, order of triggers, parked rows")
    with reading(recording):
        run = found(recording, "last")
    carrying = Carrying(made.step, _commit, _line, with_locks=False)
    carrying.through(rollback(run, work=working, record=recording))
    return carrying.outcome == "rolled back"


def _compared(before: Picture, after: Picture) -> bool:
    _head("10 Compare with what was there before")
    for what, then, now in (
        ("definitions, and the order in which keys act", before.fingerprints, after.fingerprints),
        ("rows", before.checksums, after.checksums),
    ):
        changed = [table for table in then | now if then.get(table) != now.get(table)]
        outcome = f"CHANGED: {', '.join(changed)}" if changed else "as before"
        _say([f"{counted(len(then), 'table')}, {what}: {outcome}."])
    return before == after


def _head(text: str) -> None:
    print_text(f"\n{text}")


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        _line(line)


def _line(text: str) -> None:
    print_text(f"   {text}" if text else "")
