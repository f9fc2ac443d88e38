"""The findings with their filter and marks, and the count of orphans in the row as it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.findings import Finding
from queries.orphans import OrphanCount
from tui.glyphs import Glyphs
from tui.verbs import verb
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, text_of
from tui.widgets.finding_cells import COLUMNS, COUNTING, finding_row, orphans_cell
from tui.widgets.listing import Listing


class FindingList(Vertical):
    """Worst first; the filter looks at every word of a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("filter"),
        Binding("escape", "leave", "all findings", tooltip="Take the filter away"),
    ]

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._catalog: Catalog | None = None
        self._title = Static(classes="panel-title")
        self._note = Static(classes="note")
        self._filter = Input(placeholder="a word of what you look for", compact=True)
        self._listing = Listing(COLUMNS, glyphs=glyphs, opens=False)
        self._pending = ""  # key of the finding whose orphans are being counted
        self.findings: Sequence[Finding] = ()
        self.counts: dict[str, OrphanCount] = {}
        self.marked: set[str] = set()

    def compose(self) -> ComposeResult:
        """How many there are, what is being counted, filter, rows."""
        yield self._title
        yield self._note
        yield self._filter
        yield self._listing

    def on_mount(self) -> None:
        """The filter comes when it is asked for; nothing blinks."""
        self._filter.cursor_blink = False
        self._filter.display = False

    @property
    def finding(self) -> Finding | None:
        """The one under the cursor."""
        at = self._listing.lines.row
        return self.findings[at] if at is not None and at < len(self.findings) else None

    @property
    def chosen(self) -> list[Finding]:
        """Those that are marked, or the one under the cursor."""
        marked = [each for each in self.findings if each.key in self.marked]
        return marked or [each for each in (self.finding,) if each is not None]

    def take_focus(self) -> None:
        """Stand in the rows."""
        self._listing.lines.focus()

    def reading(self, what: str) -> None:
        """Say what is being read."""
        self._listing.reading(what)

    def fail(self, error: PgtetherError) -> None:
        """Say what went wrong."""
        self.findings = ()
        self._title.update(Content("Findings"))
        self._listing.fail(error)

    def note(self, said: str) -> None:
        """A quiet line, such as the progress of counting."""
        self._note.update(Content(safe(said)))

    def pending(self, key: str) -> None:
        """The orphans of this finding are being counted now."""
        self._pending = key
        self.refill()

    def show(self, catalog: Catalog, findings: Sequence[Finding], *, title: str, empty: str, do: str) -> None:
        """Show these; marks and the cursor stay where they were."""
        self._catalog, self.findings = catalog, findings
        self.marked &= {each.key for each in findings}
        self._title.update(Content(safe(title)))
        if findings:
            self.refill()
        else:
            self._listing.show((), empty=empty, do=do)

    def refill(self) -> None:
        """Draw the rows anew."""
        if self._catalog is None or not self.findings:
            return
        kept = self._listing.lines.row
        rows = [
            finding_row(
                each,
                self._catalog,
                orphans=self._orphans(each),
                marked=each.key in self.marked,
                glyphs=self._glyphs,
            )
            for each in self.findings
        ]
        word = self._filter.value.strip().lower()
        index = [at for at, row in enumerate(rows) if word in " ".join(map(text_of, row)).lower()]
        if not index:
            self._listing.show((), empty=f"Nothing matches {word}.", do="Esc takes the filter away.")
            return
        self._listing.show(rows, empty="")
        self._listing.lines.pick(index, keep=kept)

    def _orphans(self, finding: Finding) -> Cell:
        if finding.key in self.counts:
            return orphans_cell(self.counts[finding.key])
        return COUNTING + self._glyphs.cut if finding.key == self._pending else ""

    def toggle(self) -> None:
        """Mark the one under the cursor, or take its mark away, and go on to the next."""
        if (finding := self.finding) is not None:
            self.marked ^= {finding.key}
            self.refill()
            self._listing.lines.action_move(1)

    def action_filter(self) -> None:
        """Type a word."""
        self._filter.display = True
        self._filter.focus()

    def action_leave(self) -> None:
        """Take the filter away."""
        self._filter.display = False
        self._filter.value = ""
        self.refill()
        self.take_focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A filter is left only where there is one, and begun only where none is being typed."""
        there = {"leave": self._filter.display, "filter": not self._filter.has_focus}
        return there.get(action, True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        event.stop()
        self.refill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back into the rows, with the filter; an empty one goes away."""
        event.stop()
        self._filter.display = bool(event.value)
        self.take_focus()
