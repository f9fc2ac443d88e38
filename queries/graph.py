"""Tables and the foreign keys between them: neighbours, cycles, paths, and what a delete can reach.

Nodes are the tables that are no partition. A partition is a node only where a key was declared on it or to
it; it then belongs to its root: a delete from either can remove the other's rows, so reach goes through
both, and a cycle through a partition is a cycle of its root. ``leaf_of`` holds these pairs.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from queries.catalog import Catalog, ForeignKey, Table
from queries.components import components
from queries.models import OnDelete
from queries.usable_index import has_usable_index

Group = TypeVar("Group", int, tuple[int, int])


class Edge(NamedTuple):
    """A foreign key from child to parent; tables by oid."""

    child: int
    parent: int
    key: ForeignKey
    has_index: bool

    @property
    def on_delete(self) -> OnDelete:
        """What it does to the child when a parent row is deleted."""
        return self.key.on_delete


Path = tuple[Edge, ...]


@dataclass(frozen=True)
class Graph:
    """Tables by oid and the keys between them, in the order in which they were made."""

    tables: dict[int, Table]
    edges: tuple[Edge, ...]
    leaf_of: dict[int, int]

    @cached_property
    def parents(self) -> dict[int, tuple[Edge, ...]]:
        """Keys by the oid of their child."""
        return _grouped(self.edges, lambda edge: edge.child)

    @cached_property
    def children(self) -> dict[int, tuple[Edge, ...]]:
        """Keys by the oid of their parent."""
        return _grouped(self.edges, lambda edge: edge.parent)

    @cached_property
    def self_references(self) -> tuple[Edge, ...]:
        """Keys from a table to itself."""
        return tuple(edge for edge in self.edges if self._root(edge.child) == self._root(edge.parent))

    @cached_property
    def parallel(self) -> tuple[tuple[Edge, ...], ...]:
        """Keys that share child and parent with others, pair by pair."""
        pairs = _grouped(self.edges, lambda edge: (edge.child, edge.parent))
        return tuple(edges for edges in pairs.values() if len(edges) > 1)

    def neighbours(self, table: Table, *, hops: int = 1) -> Graph:
        """The part of the graph within so many keys of a table, in either direction."""
        near = {table.oid}
        rim = near
        for _ in range(hops):
            edges = [*_at(self.parents, rim), *_at(self.children, rim)]
            rim = {oid for edge in edges for oid in (edge.child, edge.parent)} - near
            near = near | rim
        return self._only(near)

    def cycles(self) -> tuple[tuple[Table, ...], ...]:
        """Strongly connected parts of two and more tables, by name; self references are apart."""
        return self._cycles(self.edges)

    def cascade_cycles(self) -> tuple[tuple[Table, ...], ...]:
        """The same over keys that cascade: deleting one row can come around to its own table."""
        return self._cycles(edge for edge in self.edges if edge.on_delete is OnDelete.CASCADE)

    def paths(self, child: Table, parent: Table, *, longest: int = 8) -> Iterator[Path]:
        """Ways from child up to parent along keys, shortest first, no table twice."""
        useful = self._below(parent.oid)
        queue: deque[tuple[int, Path]] = deque([(child.oid, ())])
        while queue:
            at, path = queue.popleft()
            seen = {child.oid, *(edge.parent for edge in path)}
            for edge in self.parents.get(at, ()):
                if edge.parent == parent.oid:
                    yield (*path, edge)
                elif edge.parent in useful and edge.parent not in seen and len(path) + 1 < longest:
                    queue.append((edge.parent, (*path, edge)))

    def kin(self, oid: int) -> tuple[int, ...]:
        """A table with the nodes that share rows with it: its root, or its leaves."""
        root = self._root(oid)
        leaves = (leaf for leaf, own in self.leaf_of.items() if own == root)
        return (oid, *leaves) if oid == root else (oid, root)

    def _root(self, oid: int) -> int:
        return self.leaf_of.get(oid, oid)

    def _only(self, oids: set[int]) -> Graph:
        return Graph(
            {oid: table for oid, table in self.tables.items() if oid in oids},
            tuple(edge for edge in self.edges if edge.child in oids and edge.parent in oids),
            {leaf: root for leaf, root in self.leaf_of.items() if leaf in oids and root in oids},
        )

    def _cycles(self, edges: Iterable[Edge]) -> tuple[tuple[Table, ...], ...]:
        up: dict[int, list[int]] = defaultdict(list)
        for edge in edges:
            up[self._root(edge.child)].append(self._root(edge.parent))
        parts = ([self.tables[oid] for oid in part] for part in components(up) if len(part) > 1)
        return tuple(sorted(tuple(sorted(part, key=_by_name)) for part in parts))

    def _below(self, oid: int) -> set[int]:
        """Every table from which keys lead up to this one."""
        found, rim = {oid}, {oid}
        while rim:
            rim = {edge.child for edge in _at(self.children, rim)} - found
            found |= rim
        return found


def graph(catalog: Catalog) -> Graph:
    """The graph of a catalog; keys from or to tables that the catalog leaves out are left out with them."""
    edges = tuple(
        Edge(key.child_oid, key.parent_oid, key, has_usable_index(catalog, key))
        for key in catalog.foreign_keys
    )
    tables = {table.oid: table for table in catalog.roots}
    leaf_of: dict[int, int] = {}
    for oid in dict.fromkeys(oid for edge in edges for oid in (edge.child, edge.parent)):
        if oid not in tables:
            tables[oid] = catalog.tables[oid]
            leaf_of[oid] = _root_of(catalog, oid)
    return Graph(tables, edges, leaf_of)


def _root_of(catalog: Catalog, oid: int) -> int:
    while catalog.tables[oid].partition_of in catalog.tables:
        oid = catalog.tables[oid].partition_of
    return oid


def _by_name(table: Table) -> tuple[str, str]:
    return table.schema, table.name


def _at(edges: dict[int, tuple[Edge, ...]], oids: Iterable[int]) -> Iterator[Edge]:
    return (edge for oid in oids for edge in edges.get(oid, ()))


def _grouped(edges: Iterable[Edge], by: Callable[[Edge], Group]) -> dict[Group, tuple[Edge, ...]]:
    groups: dict[Group, list[Edge]] = defaultdict(list)
    for edge in edges:
        groups[by(edge)].append(edge)
    return {group: tuple(own) for group, own in groups.items()}
