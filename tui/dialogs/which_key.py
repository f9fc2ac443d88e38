"""Which of several keys to go along."""

from __future__ import annotations

from collections.abc import Sequence

from queries.catalog import Catalog
from tui.dialogs.choose import Choose
from tui.glyphs import Glyphs
from tui.jumps import Jump
from tui.table_keys import TableKey
from tui.widgets.columns import Column
from tui.widgets.key_cells import KEYS, key_row


def which_key(question: str, jumps: Sequence[Jump], catalog: Catalog, *, out: bool, glyphs: Glyphs) -> Choose:
    """The dialog; it gives the place in ``jumps``."""
    columns: list[Column] = [*KEYS]
    rows = [key_row(catalog, TableKey(jump.key, out), glyphs) for jump in jumps]
    return Choose(question, columns, rows, glyphs=glyphs)
