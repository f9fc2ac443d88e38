"""What may become of orphans: the choices with what each means, the one that the rule suggests first."""

from __future__ import annotations

from queries.models import OnDelete, Repair
from queries.planning import SUGGESTED
from queries.steps import RepairOrphans
from tui.dialogs.choose import Choose
from tui.glyphs import Glyphs
from tui.widgets.columns import Column, Look

MEANINGS = {
    Repair.PARK: "set aside on record, to be put back",
    Repair.DELETE: "delete, as the key would; kept on record",
    Repair.SET_NULL: "keep the rows, their key columns null",
    Repair.STUB: "keep the rows, make up their parents",
    Repair.LEAVE: "leave them; the key stays NOT VALID",
}
COLUMNS = (Column("orphans"), Column("what it does", flexible=True), Column(""))


def choices(intended: OnDelete | None) -> list[Repair]:
    """All of them, the suggested one first; nothing is suggested where the rule isn't known."""
    first = [SUGGESTED[intended]] if intended else []
    return [*first, *(each for each in Repair if each not in first)]


def choose_repair(
    repair: RepairOrphans, *, orphans: str, intended: OnDelete | None, glyphs: Glyphs
) -> Choose:
    """The dialog; it gives the place in ``choices``."""
    suggested = SUGGESTED.get(intended) if intended else None
    rows = [
        (Look(each.value, "strong"), MEANINGS[each], "suggested" if each is suggested else "")
        for each in choices(intended)
    ]
    rule = f" ON DELETE {intended.sql} is intended." if intended else ""
    question = f"{orphans} of {repair.child}: what becomes of them?{rule}"
    return Choose(question, COLUMNS, rows, glyphs=glyphs)
