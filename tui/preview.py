"""One preview on its way: what was asked, what is known by now, and how that is told."""

from __future__ import annotations

from collections.abc import Iterable

from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.impact import Deletion, Effect, Impact, Progress
from queries.impact.cost import scans
from tui import impact_sentences as words
from tui.clock import time_of_day
from tui.glyphs import Glyphs
from tui.impact_tree import ImpactTree, Line
from tui.widgets.impact_cells import Shown, via
from tui.widgets.impact_list import ImpactList, Tone
from tui.widgets.step_cells import without_schema


class Preview:
    """Estimates first, then numbers, at last the verdict; a rehearsal's beside them."""

    def __init__(self, catalog: Catalog, deletion: Deletion, *, glyphs: Glyphs) -> None:
        self.catalog = catalog
        self.deletion = deletion
        self.impact: Impact | None = None
        self.failed = False
        self._glyphs = glyphs
        self._tree = ImpactTree(catalog, deletion)
        self._effects: tuple[Effect, ...] = ()
        self._rehearsed: Impact | None = None
        self._is_stopped = False
        self._times = ["", ""]  # of the reading and of the rehearsal

    # What comes in

    def take(self, each: Progress | Impact) -> None:
        """The next answer of the reading."""
        self._effects = each.effects
        if isinstance(each, Impact):
            self.impact = each
            self._times[0] = time_of_day()

    def take_rehearsal(self, found: Impact) -> None:
        """The answer of the rehearsal."""
        self._rehearsed = found
        self._times[1] = time_of_day()

    def stop(self) -> None:
        """A person has stopped the reading, or the rehearsal after it."""
        self._is_stopped = self.impact is None

    def fail(self, on: ImpactList, error: PgtetherError) -> None:
        """It did not come to its end."""
        self.failed = True
        on.head(self._statement, "")
        on.fail(error)

    # What is told

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why it is uncertain, for the head of a script."""
        if self.impact is None or self.impact.outcome != "uncertain":
            return ()
        return tuple(f"{each.object}: {each.message}" for each in self.impact.warnings)

    @property
    def text(self) -> str:
        """The statement and the verdict, to be pasted."""
        return f"{self._statement}: {self._verdict}"

    @property
    def _statement(self) -> str:
        return words.statement(self.deletion.table.text, self.deletion.where)

    @property
    def _verdict(self) -> str:
        if self.impact is not None:
            return without_schema(words.verdict(self.impact), self.catalog)
        if self._is_stopped:
            return words.stopped(self._effects, uncounted=self._uncounted())
        return words.so_far(self._effects) if self._effects else f"Reading{self._glyphs.cut}"

    @property
    def _method(self) -> str:
        if self.impact is not None:
            return words.method(self.impact, at=self._times[0])
        return "stopped" if self._is_stopped else f"{words.certainty(self._effects)}, Esc stops"

    def _uncounted(self) -> int:
        known = {effect.table for effect in self._effects}
        return len({line.table.text for line in self._tree.reached() if line.table} - known)

    def title(self, line: Line) -> str:
        """What the rows behind a line are."""
        name = line.table.text if line.table else ""
        if line.caution is not None:
            return f"{words.kind(line.caution)} {line.caution.object}"
        if not line.path:
            return f"Rows of {name} that meet the condition"
        way = via(self.catalog, line, self._glyphs)
        return f"Rows of {name} that refer to what goes" + (f", {way}" if way else "")

    def show(self, on: ImpactList) -> None:
        """Draw all of it."""
        on.head(self._statement, self._method)
        second = words.compared(self.impact, self._rehearsed) if self.impact and self._rehearsed else ""
        at = f" Rehearsed at {self._times[1]}." if second else ""
        on.say(self._verdict, self._tone, second=second + at, differs=second.startswith("DIFFERS"))
        on.show(self._shown(), list(self._lines()))

    def say(self, on: ImpactList, second: str, *, differs: bool = False) -> None:
        """The verdict with another sentence below it."""
        on.say(self._verdict, self._tone, second=second, differs=differs)

    @property
    def _tone(self) -> Tone:
        return self.impact.outcome if self.impact else "reading"

    def _shown(self) -> Shown:
        rehearsed = self._rehearsed
        unknown = "not counted" if self._is_stopped else self._glyphs.cut
        return Shown(
            self.catalog,
            _by_table(self._effects),
            _by_table(rehearsed.effects) if rehearsed and rehearsed.outcome != "blocked" else None,
            unknown="" if self.impact else unknown,
        )

    def _lines(self) -> Iterable[Line]:
        found = self.impact
        if found is None:
            return self._tree.reached()
        also = self._rehearsed.effects if self._rehearsed else ()
        lines = self._tree.found(found.effects, also=also)
        blockers = [self._tree.blocker(each, lines) for each in found.blocked_by]
        slow = [words.slow(scan) for scan in scans(self.catalog, self.deletion, found.effects)]
        doubts = self._rehearsed.warnings if self._rehearsed else ()
        cautions = [
            Line("caution", caution=each) for each in dict.fromkeys((*found.warnings, *doubts, *slow))
        ]
        return [*blockers, *cautions, *lines]


def _by_table(effects: Iterable[Effect]) -> dict[str, Effect]:
    return {effect.table: effect for effect in effects}
