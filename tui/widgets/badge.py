"""The first line of every screen: where we are, as whom, and whether we can write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.cells import cut_middle, padded, safe, width_of


@dataclass(frozen=True)
class Standing:
    """What the badge says: facts about the server on the left, what this session may do on the right."""

    database: str = ""
    place: str = ""  # host:port, or the socket's directory
    version: str = ""  # PostgreSQL 16.4
    facts: tuple[str, ...] = ()  # primary or standby, TLS or not
    role: str = ""
    production: bool = False
    mode: str = "READ ONLY"
    loud: bool = False  # writing, or no connection

    def without_connection(self, seconds: int) -> Standing:
        """The same place while it can't be reached."""
        return replace(self, mode=f"NO CONNECTION, trying again in {seconds} s", role="", loud=True)


class Badge(Widget):
    """One line that never scrolls away; short of room, the version goes, then the middle of names."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "badge--place",
        "badge--fact",
        "badge--production",
        "badge--mode",
        "badge--loud",
    }

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._standing = Standing(mode="connecting" + glyphs.cut)
        self._said = ""

    def show(self, standing: Standing) -> None:
        """Say this from now on."""
        self._standing = standing
        self.refresh()

    def say(self, mode: str) -> None:
        """Say loudly what is being done here; nothing to say takes it back."""
        self._said = mode
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line, left and right part."""
        width, here = self.size.width, self._standing
        right = self._right()
        if not here.database:
            return self._drawn([], right, width)
        dot, production = f" {self._glyphs.dot} ", " PRODUCTION " if here.production else ""
        facts = dot.join(["", here.version, *here.facts])
        room = width - width_of(production + facts + right) - 5
        names = safe(here.database) + dot + safe(here.place)
        if width_of(names) > room:
            facts, room = facts.replace("PostgreSQL", "PG"), room + len("PostgreSQL") - len("PG")
        if width_of(names) > room:  # the version is what an incident misses least
            facts = dot.join(["", *here.facts])
            room = width - width_of(production + facts + right) - 5
        if self._said and width_of(names) > room:  # where we write comes before how we are connected
            facts, room = "", width - width_of(production + right) - 5
        if width_of(names) > room:
            place = room - width_of(safe(here.database) + dot)
            names = (
                safe(here.database) + dot + cut_middle(safe(here.place), max(8, place), mark=self._glyphs.cut)
            )
            names = cut_middle(names, room, mark=self._glyphs.cut)
        left = [(production, "badge--production"), (f" {names}", "badge--place"), (facts, "badge--fact")]
        return self._drawn(left, right, width)

    def _right(self) -> str:
        here = self._standing
        if self._said:
            return safe(self._said)
        return f" {self._glyphs.dot} ".join(safe(part) for part in (here.mode, here.role) if part)

    def _drawn(self, left: list[tuple[str, str]], right: str, width: int) -> Strip:
        base = self.rich_style
        segments = [
            Segment(text, base + self.get_component_rich_style(name, partial=True))
            for text, name in left
            if text
        ]
        taken = sum(width_of(segment.text) for segment in segments)
        segments.append(Segment(padded("", width - taken - width_of(right) - 2), base))
        mode = "badge--loud" if self._said or self._standing.loud else "badge--mode"
        segments.append(Segment(f" {right} ", base + self.get_component_rich_style(mode, partial=True)))
        return Strip(segments).crop_extend(0, width, base)
