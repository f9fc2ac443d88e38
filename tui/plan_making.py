"""Complete the plan being made: orphans counted, the policy's decisions taken, its SQL written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from queries.catalog import Catalog
from queries.errors import UsageError
from queries.groundwork import Groundwork, groundwork
from queries.plan_of_policy import heard
from queries.planning import decisions, ordered
from queries.policy import NO_POLICY, Policy, policy
from queries.rendered import Rendered, rendered
from tui.context import Context
from tui.draft import Draft


def policy_given(context: Context) -> Policy:
    """The policy that the console was started with; raises BadFile."""
    return policy(context.policy) if context.policy is not None else NO_POLICY


def plan_name(context: Context) -> str:
    """What a plan is called that begins with a finding: as its policy, or as the database."""
    here = context.session.server
    return policy_given(context).name or (here.database if here else "plan")


def add_whole_policy(context: Context, catalog: Catalog) -> int:
    """Put everything into the plan that the policy wants; how many changes are new. Raises UsageError."""
    if context.policy is None:
        raise UsageError(
            "No policy was named.",
            means="What is wanted isn't known.",
            do="Start with pgtether --policy FILE.",
        )
    wanted = policy_given(context)
    wishes, _ = heard(wanted, catalog, today=date.today())
    return context.draft.add(ordered(step for wish in wishes for step in wish.steps), name=wanted.name)


async def steps_of(context: Context, draft: Draft, *, say: Callable[[str], None]) -> tuple[Rendered, ...]:
    """The draft's steps as they would run now; counts before where the draft is stale."""
    if draft.ground is None and draft.wanted:
        draft.ground = await _ground(context, draft, say=say)
        for key, by in decisions(policy_given(context), draft.ground.catalog).items():
            draft.decided.setdefault(key, by)
    say("Writing the SQL of each step")
    return await context.ask(rendered, draft.made.plan)


async def _ground(context: Context, draft: Draft, *, say: Callable[[str], None]) -> Groundwork:
    with context.telling():
        async with context.session.stream(groundwork, draft.wanted) as stream:
            async for each in stream:
                if isinstance(each, Groundwork):
                    return each
                say(f"Counting orphans, key {each.done + 1} of {each.of}: {each.key}")
    raise UsageError("Counting orphans was stopped.")
