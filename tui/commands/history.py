"""``pgtether history``: what was done here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from queries import record as records
from queries.history import Run, StepRun, history
from tui.connecting import reading_from
from tui.figures import count, counted
from tui.options import Target, connection_options, csv_option, json_option
from tui.output import narrate, print_csv, print_json, print_text, table_text
from tui.run_document import run_document, runs_document

RUNS = ("run", "plan", "state", "mode", "started", "finished", "by", "why")
STEPS = ("run", "id", "kind", "sentence", "state", "at", "ms", "rows", "why")
_RUNS = ("run", "plan", "state", "started", "took", "by", "steps", "parked rows")
_STEPS = ("step", "what", "state", "took", "rows", "")


@click.command("history")
@click.argument("run", required=False)
@json_option
@csv_option
@connection_options
def command(target: Target, run: str | None, shape: str | None) -> int:
    """List the runs that changed this database, newest first, or the steps of RUN (a number, or `last`).

    They are on record in its schema pgtether.
    """
    with reading_from(target) as connection:
        number = records.found(connection, run).run if run is not None else 0
        runs = history(connection, run=number)
    if shape == "json":
        print_json(runs_document(runs))
    elif shape == "csv":
        _print_csv(runs, with_steps=run is not None)
    elif run is not None:
        _print_run(runs[0])
    elif runs:
        print_text(table_text(_RUNS, map(_row, runs), right=(0, 4, 6, 7)))
    narrate(f"{counted(len(runs), 'run')}." if runs else "No run is on record in this database.")
    return 0


def _print_csv(runs: tuple[Run, ...], *, with_steps: bool) -> None:
    documents = [run_document(each) for each in runs]
    if with_steps:
        steps = [step | {"run": each["run"]} for each in documents for step in each["steps"]]
        print_csv(STEPS, [[step[name] for name in STEPS] for step in steps])
    else:
        print_csv(RUNS, [[each[name] for name in RUNS] for each in documents])


def _print_run(run: Run) -> None:
    lines = [f"Run #{run.run}: {run.plan}, {run.state}, {_at(run.started)}, {run.by}"]
    if run.why:
        lines.append(run.why)
    lines += ["", table_text(_STEPS, map(_step_row, run.steps), right=(3, 4))]
    lines += ["", *_kept(run)] if run.parked or run.conflicts else []
    print_text("\n".join(lines))


def _kept(run: Run) -> Iterator[str]:
    for each in run.parked:
        yield f"Parked by {each.step}: {counted(each.rows, 'row')} of {each.relation}, {each.change}."
    for conflict in run.conflicts:
        yield f"Conflict: {conflict}."


def _row(run: Run) -> tuple[str, ...]:
    done = sum(step.state in ("done", "undone") for step in run.steps)
    parked = sum(each.rows for each in run.parked)
    steps = f"{done} of {len(run.steps)}"
    return (f"#{run.run}", run.plan, run.state, _at(run.started), _took(run), run.by, steps, count(parked))


def _step_row(step: StepRun) -> tuple[str, ...]:
    took = f"{count(step.ms)} ms" if step.ms is not None else ""
    return (step.step, step.sentence, step.state, took, count(step.rows) if step.rows else "", step.why)


def _took(run: Run) -> str:
    return f"{(run.finished - run.started).total_seconds():,.1f} s" if run.finished else ""


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S%z}"
