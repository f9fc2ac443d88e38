"""The very rows behind a line of the preview, to be read and left."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from queries.catalog import Catalog, ForeignKey
from queries.errors import PgtetherError
from queries.impact import Deletion
from queries.impact.along import Sample, rows_along
from tui.context import Context
from tui.figures import counted
from tui.plan_making import policy_given
from tui.verbs import verb
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, Column, Look
from tui.widgets.listing import Listing

WIDEST = 40


class SampleDialog(ModalScreen[None]):
    """Reads while it is open; Esc stops that on the server."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", tooltip="Back to the preview"),
        verb("copy"),
        Binding("z", "reveal", "show masked", tooltip="Show sensitive values, or mask them again"),
    ]

    def __init__(
        self,
        context: Context,
        deletion: Deletion,
        keys: tuple[ForeignKey, ...],
        *,
        catalog: Catalog,
        title: str,
    ) -> None:
        super().__init__()
        self._given = context
        self._deletion = deletion
        self._keys = keys
        self._catalog = catalog
        self._title = title
        self._is_revealed = False
        self._note = Static(classes="dialog-text")
        self._listing = Listing((), glyphs=context.glyphs, opens=False, by_cell=True)

    def compose(self) -> ComposeResult:
        """Whose rows, how many of them, the rows."""
        with Vertical(classes="dialog -large"):
            yield Static(Content(safe(self._title)), classes="dialog-title")
            yield self._note
            yield self._listing
            yield Static(
                Content("Esc back   y copy the value   z show what is masked"), classes="dialog-keys"
            )

    def on_mount(self) -> None:
        """Read at once."""
        self._listing.reading("Reading the rows")
        self._listing.lines.focus()
        self.load()

    @work(exclusive=True, exit_on_error=False)
    async def load(self) -> None:
        """Read the first of them."""
        try:
            patterns = None if self._is_revealed else policy_given(self._given).patterns.sensitive
            found = await self._given.ask(
                rows_along, self._deletion, self._keys, catalog=self._catalog, sensitive=patterns
            )
        except PgtetherError as error:
            self._listing.fail(error)
            return
        self._show(found)

    def _show(self, found: Sample) -> None:
        rows = counted(len(found.rows), "row")
        self._note.update(Content(f"all of them, {rows}" if found.is_all else f"the first {rows}"))
        self._listing.lines.columns = [Column(name, most=WIDEST) for name in found.columns]
        self._listing.show(
            [[_cell(value) for value in row] for row in found.rows], empty="No row is there any more."
        )

    def action_leave(self) -> None:
        """Back to the preview."""
        self.workers.cancel_node(self)
        self.dismiss(None)

    def action_reveal(self) -> None:
        """Show sensitive values, or mask them again."""
        self._is_revealed = not self._is_revealed
        self.load()

    def action_copy(self) -> None:
        """Copy the value."""
        self.app.copy_to_clipboard(self._listing.lines.cell)
        self.notify(f"Copied {self._listing.lines.cell[:60]}", markup=False, timeout=2)


def _cell(value: str | None) -> Cell:
    return Look("NULL", "faint") if value is None else value
