"""Make the plan of a policy, with progress on the terminal while orphans are counted."""

from __future__ import annotations

from collections.abc import Generator

from queries.orphans import Progress
from queries.plan_of_policy import PolicyPlan
from tui.output import progress


def pumped(asked: Generator[Progress, None, PolicyPlan]) -> PolicyPlan:
    """The plan, with progress on the terminal meanwhile."""
    try:
        while True:
            each = next(asked)
            progress(f"orphans: {each.done + 1} of {each.of}: {each.key}")
    except StopIteration as done:
        made: PolicyPlan = done.value
        return made
    finally:
        progress("")
