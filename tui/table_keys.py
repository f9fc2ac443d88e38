"""The keys of one table: those that are there, and those that the policy wants."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from queries.catalog import Catalog, ForeignKey, Table
from queries.names import ColumnsName, TableName
from queries.orphans import OrphanCount, Reference, declared, intended, orphans
from queries.policy import policy
from queries.wishes import WantedHere, wanted_keys

if TYPE_CHECKING:
    from psycopg import Connection

SMALL = 1_000_000  # rows on either side: a second or so


class TableKey(NamedTuple):
    """One key as seen from a table: going out of it or coming in; ``key`` or ``wanted`` is there, or both."""

    key: ForeignKey | None
    out: bool
    wanted: WantedHere | None = None

    @property
    def child(self) -> int:
        """Its oid."""
        return self.key.child_oid if self.key else self._wish.child.oid

    @property
    def parent(self) -> int:
        """Its oid."""
        return self.key.parent_oid if self.key else self._wish.parent.oid

    @property
    def other(self) -> int:
        """The oid of the table at the other end."""
        return self.parent if self.out else self.child

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the child."""
        return self.key.columns if self.key else self._wish.columns

    @property
    def ref_columns(self) -> tuple[str, ...]:
        """Of the parent."""
        return self.key.ref_columns if self.key else self._wish.ref_columns

    @property
    def identity(self) -> tuple[object, ...]:
        """What is the same from either side."""
        return (self.key.oid if self.key else 0, self.child, self.columns, self.parent, self.ref_columns)

    @property
    def wish_text(self) -> str:
        """The one text of a key that is wanted."""
        return str(self._wish.name)

    @property
    def _wish(self) -> WantedHere:
        assert self.wanted is not None
        return self.wanted


@dataclass(frozen=True)
class Wanted:
    """What a policy says of keys: by the oid of the key, and those that aren't there."""

    declared: dict[int, WantedHere] = field(default_factory=dict)
    missing: tuple[WantedHere, ...] = ()


def wanted(catalog: Catalog, path: Path) -> Wanted:
    """Read the policy; raises BadFile."""
    keys = wanted_keys(policy(path), catalog)
    return Wanted(
        {each.oid: key for key in keys for each in key.declared(catalog)},
        tuple(key for key in keys if not key.declared(catalog)),
    )


def table_keys(catalog: Catalog, table: Table, wishes: Wanted) -> tuple[TableKey, ...]:
    """The table's own keys, then those that refer to it; missing ones last in either part."""
    out = [TableKey(key, True, wishes.declared.get(key.oid)) for key in catalog.keys_out.get(table.oid, ())]
    out += [TableKey(None, True, key) for key in wishes.missing if key.child.oid == table.oid]
    into = [TableKey(key, False, wishes.declared.get(key.oid)) for key in catalog.keys_in.get(table.oid, ())]
    into += [TableKey(None, False, key) for key in wishes.missing if key.parent.oid == table.oid]
    return (*out, *into)


def small_keys(catalog: Catalog, keys: Sequence[TableKey]) -> list[TableKey]:
    """Those whose orphans are counted in a moment, so that nobody has to ask; unknown is not small."""
    ends = {oid for key in keys for oid in (key.child, key.parent)}
    rows = {oid: catalog.tables[oid].estimate for oid in ends}
    rows |= {root.oid: root.estimate for root in catalog.roots if root.oid in ends}  # sums of partitions
    return [key for key in keys if 0 <= rows[key.child] < SMALL and 0 <= rows[key.parent] < SMALL]


def counted(
    connection: Connection[Any], catalog: Catalog, keys: Sequence[TableKey], *, timeout: float | None
) -> Generator[tuple[TableKey, OrphanCount | None], None, None]:
    """Each key with None when its count begins, and again with its count."""
    references = iter(declared(replace(catalog, foreign_keys=tuple(key.key for key in keys if key.key))))
    for key in keys:
        reference = next(references) if key.key else _intended(catalog, key)
        yield key, None
        for answer in orphans(connection, [reference], sample=0, timeout=timeout):
            if isinstance(answer, OrphanCount):
                yield key, answer


def _intended(catalog: Catalog, key: TableKey) -> Reference:
    child, parent = catalog.tables[key.child], catalog.tables[key.parent]
    return intended(catalog, _name(child, key.columns), _name(parent, key.ref_columns))


def _name(table: Table, columns: tuple[str, ...]) -> ColumnsName:
    return ColumnsName(TableName(table.schema, table.name), columns)
