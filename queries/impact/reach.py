"""Which tables and keys a delete can concern, whatever the rows are: decided by the catalog alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from queries.catalog import Catalog, ForeignKey, Table
from queries.models import OnDelete

_CHANGES = (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


@dataclass(frozen=True)
class Family:
    """A table with its partitions; the sums of one are the sums of all. A plain table is a family of one."""

    root: Table
    members: tuple[Table, ...]

    @property
    def oids(self) -> tuple[int, ...]:
        """Root and partitions."""
        return tuple(member.oid for member in self.members)


@dataclass(frozen=True)
class Reach:
    """``deleted`` may lose rows, ``changed`` may have these columns changed; families by their root's oid."""

    target: Table
    families: dict[int, Family]
    deleted: frozenset[int]
    changed: dict[int, frozenset[str]]
    keys: tuple[ForeignKey, ...]  # whose triggers may fire, or that share columns with those

    @cached_property
    def root_of(self) -> dict[int, int]:
        """The root's oid by the oid of each member."""
        return {oid: root for root, family in self.families.items() for oid in family.oids}

    @cached_property
    def written(self) -> tuple[int, ...]:
        """The oids of all members of families of which rows may be deleted or changed."""
        roots = sorted(self.deleted | set(self.changed))
        return tuple(oid for root in roots for oid in self.families[root].oids)


class _Walk:
    """Follows every key that acts until nothing new can be hit."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.families: dict[int, Family] = {}
        self.deleted: set[int] = set()
        self.changed: defaultdict[int, set[str]] = defaultdict(set)
        self.rim: list[int] = []

    def family(self, oid: int) -> Family:
        """The family that a table belongs to."""
        root = self.catalog.tables[oid]
        while root.partition_of in self.catalog.tables:
            root = self.catalog.tables[root.partition_of]
        if root.oid not in self.families:
            self.families[root.oid] = Family(root, tuple(_members(self.catalog, root)))
        return self.families[root.oid]

    def delete(self, oid: int) -> None:
        """Rows of that table may go."""
        root = self.family(oid).root.oid
        if root not in self.deleted:
            self.deleted.add(root)
            self.rim.append(root)

    def change(self, oid: int, columns: Sequence[str]) -> None:
        """These columns of its rows may change."""
        root = self.family(oid).root.oid
        if not self.changed[root].issuperset(columns):
            self.changed[root].update(columns)
            self.rim.append(root)

    def follow(self) -> None:
        """All that deletes and changes lead to."""
        while self.rim:
            root = self.rim.pop()
            for key in self._keys_in(root):
                if root in self.deleted:
                    self._on_delete(key)
                if self.changed.get(root, set()) & set(key.ref_columns):
                    self._on_update(key)

    def keys(self) -> Iterator[ForeignKey]:
        """Keys into what is written, and out of it."""
        found: dict[int, ForeignKey] = {}
        for root in self.deleted | set(self.changed):
            for oid in self.families[root].oids:
                for key in (*self.catalog.keys_in.get(oid, ()), *self.catalog.keys_out.get(oid, ())):
                    found[key.oid] = key
        for key in found.values():
            self.family(key.child_oid)
            self.family(key.parent_oid)
        yield from sorted(found.values(), key=lambda key: key.oid)

    def _keys_in(self, root: int) -> Iterator[ForeignKey]:
        for oid in self.families[root].oids:
            yield from self.catalog.keys_in.get(oid, ())

    def _on_delete(self, key: ForeignKey) -> None:
        if not key.actions_fire:
            return
        if key.on_delete is OnDelete.CASCADE:
            self.delete(key.child_oid)
        elif key.on_delete in _CHANGES:
            self.change(key.child_oid, key.set_columns or key.columns)

    def _on_update(self, key: ForeignKey) -> None:
        if key.actions_fire and key.on_update in (OnDelete.CASCADE, *_CHANGES):
            self.change(key.child_oid, key.columns)


def reach(catalog: Catalog, table: Table, *, heirs: Sequence[int] = ()) -> Reach:
    """From a table and those that inherit from it (``heirs``), of which the statement deletes rows too."""
    walk = _Walk(catalog)
    for oid in (table.oid, *(heir for heir in heirs if heir in catalog.tables)):
        walk.delete(oid)
    walk.follow()
    keys = tuple(walk.keys())
    changed = {root: frozenset(columns) for root, columns in walk.changed.items()}
    return Reach(table, walk.families, frozenset(walk.deleted), changed, keys)


def _members(catalog: Catalog, root: Table) -> Iterator[Table]:
    yield root
    for part in catalog.partitions.get(root.oid, ()):
        yield from _members(catalog, part)
