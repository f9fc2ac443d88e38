"""Which rule a foreign key should have instead of its own."""

from __future__ import annotations

from queries.catalog import ForeignKey
from queries.models import OnDelete
from queries.rule_change import MEANINGS
from tui.dialogs.choose import Choose
from tui.glyphs import Glyphs
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
