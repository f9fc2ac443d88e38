"""The signs that the console draws, and what stands for them where a terminal has only ASCII."""

from __future__ import annotations

from typing import NamedTuple


class Glyphs(NamedTuple):
    """Every sign beyond ASCII that we draw ourselves; a name from the database is shown as it is."""

    cut: str = "…"
    dot: str = "·"
    up: str = "↑"
    down: str = "↓"
    to: str = "→"
    wrong: str = "✗"
    rule: str = "─"
    open: str = "▾"
    closed: str = "▸"


UNICODE = Glyphs()
ASCII = Glyphs(cut="~", dot="|", up="^", down="v", to="->", wrong="x", rule="-", open="v", closed=">")
