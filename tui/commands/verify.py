"""``pgtether verify``: whether what a plan wants is so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from queries.errors import CLEAN, FINDINGS
from queries.plan import Plan
from queries.plan import plan as plan_in
from queries.probe import Proof
from queries.proving import proofs
from queries.server import server
from queries.verify import Verified, verify
from tui.asking import begin
from tui.confirm import demand_terminal
from tui.connecting import reader, reading_from, writing_to
from tui.figures import counted
from tui.options import Target, connection_options, json_option, yes_option
from tui.output import narrate, print_json, print_text, progress, table_text

_STEPS = ("step", "what", "proven")
_PROBES = ("key", "a delete of the parent", "did")


@click.command("verify")
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--probe", is_flag=True, help="Prove each key by made-up rows, which are rolled back.")
@yes_option
@json_option
@connection_options
def command(target: Target, file: Path, probe: bool, yes: bool, shape: str | None) -> int:
    """Ask the catalog whether every step of PLAN is so; exit code 1: something is not.

    --probe writes: for each key it inserts a parent with a child, deletes the parent, looks at the child, and
    rolls back. Sequences keep the numbers that it took.
    """
    made = plan_in(file)
    if probe and not yes:
        demand_terminal()
        _ask(target)
    with reading_from(target) as connection:
        verified = verify(connection, made)
    proven = _proofs(target, made) if probe else None
    _print(made, verified, proven, shape)
    answers = [*(each.proven for each in verified), *(each.proven for each in proven or ())]
    return CLEAN if all(answers) else FINDINGS


def _ask(target: Target) -> None:
    with reader(target) as connection:
        here = server(connection)
    begin("Insert and delete made-up rows, and roll them back,", here=here)


def _proofs(target: Target, made: Plan) -> tuple[Proof, ...]:
    found: list[Proof] = []
    with writing_to(target) as connection:
        try:
            for each in proofs(connection, made):
                found.append(each)
                progress(f"probed: {each.key}")
        finally:
            progress("")
    return tuple(found)


def _print(
    made: Plan, verified: Sequence[Verified], proven: Sequence[Proof] | None, shape: str | None
) -> None:
    if shape == "json":
        probes = None if proven is None else [asdict(each) for each in proven]
        print_json({"plan": made.name, "steps": [asdict(each) for each in verified], "probes": probes})
    else:
        print_text("\n\n".join(_tables(verified, proven)))
    steps = _share(each.proven for each in verified)
    narrate(f"The catalog shows {steps} of {counted(len(verified), 'step')}.")
    if proven is not None:
        keys = _share(each.proven for each in proven)
        narrate(f"Probed: {keys} of {counted(len(proven), 'key')} did what the catalog says.")


def _tables(verified: Sequence[Verified], proven: Sequence[Proof] | None) -> Iterable[str]:
    yield table_text(_STEPS, [(each.step, each.sentence, _said(each)) for each in verified])
    if proven:
        yield table_text(_PROBES, [(each.key, each.expected, _did(each)) for each in proven])


def _said(each: Verified) -> str:
    return ("yes" if each.proven else "NO") + (f": {each.why}" if each.why else "")


def _did(each: Proof) -> str:
    return "the same" if each.proven else f"NO: {each.actual}" + (f": {each.why}" if each.why else "")


def _share(proven: Iterable[bool]) -> str:
    answers = list(proven)
    return "all" if all(answers) else str(sum(answers))
