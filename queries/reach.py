"""What a delete from a table can reach along the keys, whatever the rows are."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from queries.catalog import Table
from queries.graph import Edge, Graph
from queries.models import OnDelete

_BLOCKS = (OnDelete.RESTRICT, OnDelete.NO_ACTION)


@dataclass(frozen=True)
class Reach:
    """What may be hit: tables by oid with the cascades that lead there (0: the table itself), and the keys.

    ``changed`` are the keys that set null or a default, ``blocks`` those that may refuse the delete;
    ``silent`` would act but for being switched off, and leave orphans.
    """

    table: Table
    deleted: dict[int, int]
    cascades: tuple[Edge, ...]
    changed: tuple[Edge, ...]
    blocks: tuple[Edge, ...]
    silent: tuple[Edge, ...]

    @property
    def depth(self) -> int:
        """Cascades on the longest of the shortest ways."""
        return max(self.deleted.values())


def reach(graph: Graph, table: Table) -> Reach:
    """Follow every key that acts; rows decide which of it happens, and the order of triggers what blocks."""
    deleted = dict.fromkeys(graph.kin(table.oid), 0)
    queue = deque(deleted)
    acting: list[Edge] = []
    while queue:
        at = queue.popleft()
        for edge in graph.children.get(at, ()):
            acting.append(edge)
            if edge.key.actions_fire and edge.on_delete is OnDelete.CASCADE:
                fresh = [oid for oid in graph.kin(edge.child) if oid not in deleted]
                deleted.update(dict.fromkeys(fresh, deleted[at] + 1))
                queue.extend(fresh)
    fire = [edge for edge in acting if edge.key.actions_fire]
    return Reach(
        table,
        deleted,
        tuple(edge for edge in fire if edge.on_delete is OnDelete.CASCADE),
        tuple(edge for edge in fire if edge.on_delete in (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)),
        tuple(edge for edge in fire if edge.on_delete in _BLOCKS),
        tuple(edge for edge in acting if not edge.key.actions_fire),
    )
