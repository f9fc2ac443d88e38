"""``p`` and ``x`` on a table or key: the change that it wants, and what there is to say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.widget import Widget

from queries.errors import PgtetherError
from queries.findings import Finding
from queries.planning import changes
from tui.context import Context
from tui.dialogs.explain import Explain
from tui.faults import Subject, faults
from tui.figures import counted
from tui.key_explained import explained
from tui.plan_making import plan_name


async def plan_changes(near: Widget, context: Context, subject: Subject | None) -> None:
    """Put the steps that mend it into the plan being made, and say what was added."""
    found = await _found(near, context, subject)
    if subject is None or found is None:
        return
    steps = changes(found)
    if not steps:
        what = "A person has to decide, x explains it." if found else "Nothing to change."
        near.notify(f"{subject.text}: {what}", markup=False, timeout=5)
        return
    added = context.draft.add(steps, name=plan_name(context))
    if not added:
        near.notify(f"The plan changes {subject.text} already. 5 shows it.", markup=False, timeout=5)
        return
    what = steps[0].sentence() if len(steps) == 1 else f"{counted(added, 'change')} for {subject.text}"
    total = counted(len(context.draft.wanted), "change")
    said = f"Added to the plan: {what.rstrip('.')}. {total} in all, 5 shows it."
    near.notify(said, markup=False, timeout=5)


async def explain(near: Widget, context: Context, subject: Subject | None) -> None:
    """Say in a window of its own what it does and what is wrong with it."""
    found = await _found(near, context, subject)
    if subject is not None and found is not None:
        near.app.push_screen(Explain(subject.text, explained(subject, found)))


async def _found(near: Widget, context: Context, subject: Subject | None) -> Sequence[Finding] | None:
    try:
        return await asyncio.to_thread(faults, subject, context.policy) if subject else None
    except PgtetherError as error:
        near.notify(str(error), title="Not looked at", severity="error", markup=False)
        return None
