"""The Keys tab: the keys of a table, those that the policy wants, and the orphans of each."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical

from queries.catalog import Catalog, Table
from queries.errors import PgtetherError
from queries.orphans import OrphanCount, State
from tui.context import Context
from tui.tab_csv import keys_csv
from tui.table_keys import TableKey, Wanted, counted, small_keys, table_keys
from tui.widgets.columns import Row
from tui.widgets.key_cells import KEYS, key_row
from tui.widgets.line_table import LineTable
from tui.widgets.listing import Listing

UNASKED_SECONDS = 5.0  # for a count that nobody asked for


class KeysView(Vertical):
    """Orphans of small tables are counted by themselves, others where a person asks."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self._wanted = Wanted()
        self._keys: Sequence[TableKey] = ()
        self._small: set[tuple[object, ...]] = set()
        self._counts: dict[tuple[object, ...], OrphanCount] = {}
        self._counting: TableKey | None = None
        self._listing = Listing(KEYS, glyphs=context.glyphs)

    def compose(self) -> ComposeResult:
        """The keys."""
        yield self._listing

    # Load

    def want(self, catalog: Catalog, wanted: Wanted) -> None:
        """What the policy says of this catalog, to be shown from now on."""
        self._begin(catalog)
        self._wanted = wanted

    def show(self, catalog: Catalog, table: Table) -> None:
        """Show the keys of a table, with the counts that are known."""
        self.workers.cancel_group(self, "orphans")
        self._counting = None
        self._begin(catalog)
        self._keys = table_keys(catalog, table, self._wanted)
        self._small = {key.identity for key in small_keys(catalog, self._keys)}
        self._listing.show(self._rows(), empty="No foreign keys, neither out of this table nor into it.")

    def _begin(self, catalog: Catalog) -> None:
        """Forget what was known of an older catalog."""
        if catalog is not self._catalog:
            self._catalog, self._wanted, self._counts = catalog, Wanted(), {}

    def count_unasked(self) -> None:
        """Count what takes a moment, where mistakes are not dear."""
        here = self._given.session.server
        known = self._given.config.known(here.host) if here else None
        if self._catalog is None or (known and known.production):
            return
        if keys := [key for key in self._uncounted if key.identity in self._small]:
            self.count(keys, timeout=UNASKED_SECONDS)

    @work(exclusive=True, group="orphans")
    async def count(self, keys: Sequence[TableKey], *, timeout: float | None = None) -> None:
        """Count the orphans of these keys; each count is shown as it arrives. Cancelled, it stops there."""
        assert self._catalog is not None
        try:
            with self._given.telling():
                async with self._given.session.stream(
                    counted, self._catalog, keys, timeout=timeout
                ) as stream:
                    async for key, count in stream:
                        if count is not None or timeout is None:  # unasked, it isn't worth a word
                            self._arrived(key, count)
        except PgtetherError as error:
            self.notify(str(error), title="Orphans could not be counted", severity="warning", markup=False)
        self._counting = None
        self._listing.lines.reword(self._rows())

    # Show

    def _arrived(self, key: TableKey, count: OrphanCount | None) -> None:
        self._counting = key if count is None else None
        if count is not None and count.state is not State.UNFINISHED:
            self._counts[key.identity] = count
        self._listing.lines.reword(self._rows())

    def _rows(self) -> list[Row]:
        return [self._row(key) for key in self._keys]

    def _row(self, key: TableKey) -> Row:
        assert self._catalog is not None
        note = ""
        if self._counting is not None and key.identity == self._counting.identity:
            note = "counting orphans" + self._given.glyphs.cut
        elif key.identity not in self._counts and key.identity not in self._small:
            note = "c counts orphans"
        count = self._counts.get(key.identity)
        return key_row(self._catalog, key, self._given.glyphs, count=count, note=note)

    # Actions

    @property
    def _uncounted(self) -> list[TableKey]:
        """Each once: a key of a table to itself is seen from both sides."""
        once = {key.identity: key for key in self._keys if key.identity not in self._counts}
        return list(once.values())

    def ask(self) -> None:
        """Count all again, or stop counting."""
        if self._counting is not None:
            self.workers.cancel_group(self, "orphans")
            self._counting = None
            self._listing.lines.reword(self._rows())
            return
        self._counts = {}
        self.count(self._uncounted)

    @property
    def lines(self) -> LineTable:
        """Its line table."""
        return self._listing.lines

    def count_of(self, key: TableKey) -> OrphanCount | None:
        """Its orphans, where they were counted."""
        return self._counts.get(key.identity)

    @property
    def csv(self) -> str:
        """The keys to be written to a file; empty where there are none."""
        return keys_csv(self._catalog, self._keys, self.count_of) if self._catalog and self._keys else ""

    @property
    def key(self) -> TableKey | None:
        """The key under the cursor."""
        at = self.lines.row
        return self._keys[at] if at is not None else None
