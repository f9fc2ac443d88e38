"""Which rule a foreign key should have instead of its own."""

from __future__ import annotations

from textual.widget import Widget

from queries.catalog import Catalog, ForeignKey
from queries.models import OnDelete
from queries.rule_change import MEANINGS, rule_change
from tui.context import Context
from tui.dialogs.choose import Choose
from tui.figures import counted
from tui.glyphs import Glyphs
from tui.plan_making import plan_name
from tui.widgets.columns import Column, Look

COLUMNS = (Column("rule"), Column("what becomes of rows that refer to a deleted one", flexible=True))


def other_rules(key: ForeignKey) -> list[OnDelete]:
    """All but the one that it has."""
    return [each for each in OnDelete if each is not key.on_delete]


def choose_rule(key: ForeignKey, *, glyphs: Glyphs) -> Choose:
    """The dialog; it gives the place in ``other_rules``."""
    rows = [(Look(f"{each.letter} {each}", "strong"), MEANINGS[each]) for each in other_rules(key)]
    question = f"{key.name} of {key.child} is on delete {key.on_delete}. What should it be?"
    return Choose(question, COLUMNS, rows, glyphs=glyphs)


def change_rule(near: Widget, context: Context, key: ForeignKey, *, catalog: Catalog, why: str) -> None:
    """Ask which rule, then put the change into the plan that is being made."""

    def chosen(at: int | None) -> None:
        if at is not None:
            steps = rule_change(catalog, key, other_rules(key)[at], why=why)
            added = context.draft.add(steps, name=plan_name(context))
            total = counted(len(context.draft.wanted), "change")
            near.notify(f"{counted(added, 'change')} added to the plan: {total}. 5 shows it.", markup=False)

    near.app.push_screen(choose_rule(key, glyphs=context.glyphs), chosen)
