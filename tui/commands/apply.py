"""``pgtether apply``: carry a plan out, in one transaction, on record."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from queries.apply import apply
from queries.connection import reading
from queries.errors import CLEAN, CannotConnect, Failed, Undecided, UsageError
from queries.history import Run, history, rehearsed
from queries.locks import waiting
from queries.plan import Plan, undecided
from queries.plan import plan as plan_in
from queries.rendered import rendered
from queries.server import server
from tui.asking import AtTheEnd, begin, commit
from tui.carrying import Carrying, countdown
from tui.confirm import demand_terminal
from tui.connecting import reader, run_on
from tui.figures import counted
from tui.options import Target, connection_options, json_option, yes_option
from tui.output import narrate, print_json
from tui.run_document import run_document
from tui.step_list import step_list

_MEANING = "COMMIT keeps all of it, on record with a way back; ROLLBACK undoes it, and nothing was changed."


@click.command("apply")
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--rehearse", is_flag=True, help="Run every step, then roll back whatever came of it.")
@yes_option
@json_option
@connection_options
def command(target: Target, file: Path, rehearse: bool, yes: bool, shape: str | None) -> int:
    """Carry the steps of PLAN out, in one transaction, on record.

    A person is shown the steps with their locks before, and what changed before COMMIT; --yes commits
    unasked. --rehearse takes the same locks, always rolls back, and leaves no record.
    """
    made = plan_in(file)
    _refuse(made, file)
    if not made.step:
        return _nothing_to_do(made, shape)
    if not yes:
        demand_terminal()
        _ask(target, made, rehearse=rehearse)
    with run_on(target, countdown=countdown(made)) as (work, record):
        ask = commit if yes else AtTheEnd(lambda pid: waiting(record, pid=pid), _MEANING)
        carrying = Carrying(made.step, ask)
        try:
            carrying.through(
                apply(made, work=work, record=record, rehearse=rehearse, countdown=countdown(made))
            )
        except Failed:
            with suppress(CannotConnect):  # what failed is told in any case
                _print(carrying, made, record, shape)
            raise
        _print(carrying, made, record, shape)
    return CLEAN if rehearse or carrying.outcome == "applied" else Failed.exit_code


def _nothing_to_do(made: Plan, shape: str | None) -> int:
    narrate(f"{made.name}: the plan has no steps, so there is nothing to do.")
    if shape == "json":
        now = datetime.now(UTC)
        print_json(run_document(Run(None, made.name, "applied", made.mode, now, now, "", ())))
    return CLEAN


def _refuse(made: Plan, file: Path) -> None:
    if made.mode == "online":
        raise UsageError(
            f'{file} is an online plan (mode = "online"), and this version applies plans in one transaction.',
            means="Nothing was run.",
            do='Take the mode out, or say mode = "transaction", if its locks may be held until the end.',
        )
    if keys := undecided(made):
        raise Undecided(keys)


def _ask(target: Target, made: Plan, *, rehearse: bool) -> None:
    """Show the steps as they would run now, and have a person agree to begin."""
    with reader(target) as connection:
        here = server(connection)
        with reading(connection):
            steps = rendered(connection, made)
    for line in step_list([each.step for each in steps], [each.locks for each in steps]):
        narrate(line)
    begin(f"{'Rehearse' if rehearse else 'Apply'} {counted(len(steps), 'step')}", here=here)


def _print(carrying: Carrying, made: Plan, record: Any, shape: str | None) -> None:
    """The run as the record has it, a rehearsal as its events told it; nothing of one that never began."""
    if shape != "json" or not carrying.events:
        return
    if carrying.run:
        with reading(record):
            print_json(run_document(history(record, run=carrying.run)[0]))
    else:
        print_json(run_document(rehearsed(made, carrying.events, by=record.info.user)))
