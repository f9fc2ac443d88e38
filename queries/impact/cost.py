"""What makes the DELETE itself slow: keys whose child must be read whole for every row that goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from queries.catalog import Catalog, ForeignKey
from queries.impact.models import Deletion, Effect
from queries.impact.reach import reach
from queries.usable_index import Cover, key_coverage

#: Rows read in vain that are worth a word: about ten milliseconds.
WORTH_SAYING = 100_000


class Scan(NamedTuple):
    """A key without an index: for each of ``parents`` deleted rows the server reads ``rows`` of the child."""

    key: ForeignKey
    parents: int
    rows: float  # an estimate


def scans(catalog: Catalog, deletion: Deletion, effects: Iterable[Effect]) -> Iterator[Scan]:
    """Those worth a word, the dearest first."""
    area = reach(catalog, deletion.table)
    deleted = {effect.table: effect.deleted for effect in effects}
    estimates = {table.oid: table.estimate for table in catalog.roots}
    found = []
    for key in area.keys:
        parents = deleted.get(catalog.tables[area.root_of[key.parent_oid]].text, 0)
        rows = estimates.get(key.child_oid, catalog.tables[key.child_oid].estimate)
        is_dear = key.actions_fire and parents * rows >= WORTH_SAYING
        if is_dear and key_coverage(catalog, key).cover is Cover.NONE:
            found.append(Scan(key, parents, rows))
    yield from sorted(found, key=lambda scan: -scan.parents * scan.rows)
