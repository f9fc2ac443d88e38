"""``pgtether plan``: the steps from what is there to what a policy wants."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from queries.connection import reading
from queries.errors import UsageError
from queries.models import Repair
from queries.plan import plan_text, undecided
from queries.plan_of_policy import PolicyPlan, plan_of_policy
from queries.policy import policy as policy_in
from queries.rendered import Rendered, rendered
from tui.connecting import reader
from tui.figures import counted
from tui.files import write
from tui.options import Target, connection_options, file_option, json_option, policy_option
from tui.output import narrate, print_json
from tui.pumping import pumped
from tui.step_list import step_list


@click.command("plan")
@policy_option
@click.option(
    "--orphans",
    type=click.Choice([each.value for each in Repair]),
    help="What becomes of orphans about which the policy says nothing.",
)
@file_option("Write to this file instead of stdout; one that holds something else stays.")
@json_option
@connection_options
def command(
    target: Target, policy: Path | None, orphans: str | None, file: Path | None, shape: str | None
) -> int:
    """Write the steps that make the database what the policy wants, as a file to review and apply.

    Orphans are counted, and a key with orphans needs a decision: by the policy, by --orphans, or in the plan.
    --json prints the SQL of each step, forward and back, as it would run now.
    """
    path = policy or target.policy
    if path is None:
        raise UsageError(
            "A plan is made from a policy, and none was named.",
            do="Name it by --policy FILE; `pgtether policy -o FILE` writes one to begin with.",
        )
    wanted = policy_in(path)
    with reader(target) as connection:
        asked = plan_of_policy(
            connection, wanted, today=date.today(), otherwise=Repair(orphans) if orphans else None
        )
        made = pumped(asked)
        with reading(connection):
            steps = rendered(connection, made.plan)
    _print(made, steps, file, shape)
    _tell(made, steps, path)
    return 0


def _print(made: PolicyPlan, steps: Sequence[Rendered], file: Path | None, shape: str | None) -> None:
    text = plan_text(made.plan, comments=made.planned.comments)
    if file is not None or shape is None:
        write(text, file)
    if shape == "json":
        print_json({"plan": tomllib.loads(text), "steps": [_described(each) for each in steps]})


def _described(each: Rendered) -> dict[str, Any]:
    return {
        "id": each.step.id,
        "kind": each.step.kind,
        "sentence": each.step.sentence(),
        "why": each.step.why,
        "forward": each.forward,
        "back": each.back,
        "locks": [
            {"table": lock.table, "mode": lock.mode.value, "blocks": lock.mode.blocks} for lock in each.locks
        ],
    }


def _tell(made: PolicyPlan, steps: Sequence[Rendered], path: Path) -> None:
    """The steps with their locks, and what the plan leaves open."""
    if not steps:
        narrate(f"Nothing to do: all that {path} wants and can be done by a step is there.")
    else:
        narrate(f"{counted(len(steps), 'step')}. In one transaction each lock is held until its end:")
    for line in step_list([each.step for each in steps], [each.locks for each in steps]):
        narrate(line)
    for sentence in made.unmet:
        narrate(f"Not in the plan: {sentence}")
    if made.muted:
        narrate(f"Not in the plan: {counted(made.muted, 'wish', 'wishes')} that the policy mutes.")
    loose = [each.orphans for each in made.counts.values() if each.orphans]
    if loose:
        narrate(f"{counted(sum(loose), 'orphan')} in {counted(len(loose), 'key')}.")
    for key in undecided(made.plan):
        narrate(f"Undecided, so that the plan can't be applied yet: the orphans of {key}.")
    for each in made.counts.values():
        if each.orphans is None:
            narrate(f"Not counted: the orphans of {each.table}: {each.why}.")
