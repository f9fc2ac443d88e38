"""``pgtether rollback``: take an applied run back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import click

from queries import record as records
from queries.connection import reading
from queries.errors import CLEAN, CannotConnect, Failed
from queries.history import history
from queries.locks import waiting
from queries.plan import Plan, parsed_plan
from queries.record import RunRow
from queries.rollback import rollback
from queries.server import Server, server
from tui.asking import AtTheEnd, begin, commit
from tui.carrying import Carrying, countdown
from tui.confirm import demand_terminal
from tui.connecting import reader, run_on
from tui.figures import counted
from tui.options import Target, connection_options, json_option, yes_option
from tui.output import narrate, print_json
from tui.run_document import run_document

_MEANING = "COMMIT takes the run back for good; ROLLBACK leaves it applied, as it was."


@click.command("rollback")
@click.argument("run")
@yes_option
@json_option
@connection_options
def command(target: Target, run: str, yes: bool, shape: str | None) -> int:
    """Take RUN back: former definitions, the order of triggers, and parked rows. RUN is a number or `last`.

    What somebody has changed since is left alone and named as a conflict.
    """
    if not yes:
        demand_terminal()
    with reader(target) as connection:
        here = server(connection)
        with reading(connection):
            found = records.found(connection, run)
    made = parsed_plan(found.plan_text, path=f"the plan of run #{found.run}")
    if not yes:
        _ask(found, made, here)
    with run_on(target, countdown=countdown(made)) as (work, record):
        with reading(record):  # it may have been taken back meanwhile; `last` stays the one that was shown
            found = records.found(record, str(found.run))
        ask = commit if yes else AtTheEnd(lambda pid: waiting(record, pid=pid), _MEANING)
        carrying = Carrying(made.step, ask)
        try:
            carrying.through(rollback(found, work=work, record=record, countdown=countdown(made)))
        except Failed:
            with suppress(CannotConnect):  # what failed is told in any case
                _print(carrying, record, shape)
            raise
        _print(carrying, record, shape)
    return CLEAN if carrying.outcome == "rolled back" else Failed.exit_code


def _ask(run: RunRow, made: Plan, here: Server) -> None:
    steps, when = counted(len(made.step), "step"), f"{run.started:%Y-%m-%d %H:%M:%S%z}"
    narrate(f"Run #{run.run}: {run.plan}, {steps}, {run.state}, begun {when} by {run.by}.")
    begin(f"Take run #{run.run} back", here=here)


def _print(carrying: Carrying, record: Any, shape: str | None) -> None:
    if shape == "json" and carrying.run:
        with reading(record):
            print_json(run_document(history(record, run=carrying.run)[0]))
