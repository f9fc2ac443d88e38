"""The preview of a delete as a tree: what goes, by which key, and along which path."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from queries.catalog import Catalog, ForeignKey, Table
from queries.impact import Blocker, Caution, Deletion, Effect
from queries.impact.reach import reach
from queries.models import OnDelete

Way = Literal["deleted", "changed"]
_CHANGES = (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


@dataclass(frozen=True)
class Line:
    """One line. ``path`` are the keys from the table of the DELETE to here, the line's own included.

    ``more`` counts the other lines that lead to the same rows; one that is ``again`` repeats a line above.
    """

    kind: Literal["target", "key", "table", "blocker", "caution"]
    table: Table | None = None
    path: tuple[ForeignKey, ...] = ()
    way: Way = "deleted"
    on_update: bool = False
    again: bool = False
    more: int = 0
    blocker: Blocker | None = None
    caution: Caution | None = None

    @property
    def key(self) -> ForeignKey | None:
        """The key of the line."""
        return self.path[-1] if self.path and self.kind != "table" else None

    @property
    def rule(self) -> OnDelete | None:
        """What its key does here."""
        if self.key is None:
            return None
        return self.key.on_update if self.on_update else self.key.on_delete


@dataclass
class _Branch:
    line: Line
    children: list[_Branch] = field(default_factory=list)


class ImpactTree:
    """The lines of one DELETE, over everything that it can reach; made once from the catalog alone."""

    def __init__(self, catalog: Catalog, deletion: Deletion) -> None:
        self.catalog = catalog
        self.area = reach(catalog, deletion.table)
        self.roots = {table.oid: table for table in catalog.roots}
        self.target = self.root(deletion.table.oid)

    def root(self, oid: int) -> Table:
        """The table that a person knows: that of all its partitions."""
        return self.roots.get(self.area.root_of.get(oid, oid), self.catalog.tables[oid])

    def reached(self) -> list[Line]:
        """Every line that there can be, whatever the rows are."""
        return list(self._lines(lambda key: key.actions_fire))

    def found(self, effects: Iterable[Effect], *, also: Iterable[Effect] = ()) -> list[Line]:
        """The lines by which rows really go or change, and tables, ``also`` these, that no key leads to."""
        effects = tuple(effects)
        by_table = {effect.table: effect for effect in effects}

        def acts(key: ForeignKey) -> bool:
            effect = by_table.get(self.root(key.child_oid).text)
            return effect is not None and key.name in effect.via

        lines = list(self._lines(acts))
        shown = {line.table.text for line in lines if line.table}
        by_name = {table.text: table for table in self.roots.values()}
        others = dict.fromkeys(each.table for each in (*effects, *also) if each.deleted or each.changed)
        lines += (Line("table", by_name.get(name)) for name in others if name not in shown)
        return lines

    def blocker(self, blocker: Blocker, lines: Iterable[Line]) -> Line:
        """The line of what refuses, with the path to it where a key does."""
        there = [line for line in lines if line.table and not line.again]
        deleted = {line.table.oid: line.path for line in there if line.table and line.way == "deleted"}
        for key in self.area.keys:
            parent = self.root(key.parent_oid)
            named = (self.root(key.child_oid).text, key.name) == (blocker.table, blocker.constraint)
            if named and parent.oid in deleted:
                path = (*deleted[parent.oid], key)
                return Line("blocker", self.root(key.child_oid), path, blocker=blocker)
        table = next((each for each in self.roots.values() if each.text == blocker.table), None)
        path = next((line.path for line in there if line.table == table and line.way == "changed"), ())
        return Line("blocker", table, path, blocker=blocker)

    def _lines(self, acts: Callable[[ForeignKey], bool]) -> Iterator[Line]:
        """Depth first, each table where the shortest path comes to it."""
        top = _Branch(Line("target", self.target))
        placed: set[tuple[int, Way]] = {(self.target.oid, "deleted")}
        times: Counter[tuple[int, Way]] = Counter()
        waiting = deque([top])
        while waiting:
            branch = waiting.popleft()
            for line in self._below(branch.line, acts):
                assert line.table is not None
                place = (line.table.oid, line.way)
                times[place] += 1
                below = _Branch(replace(line, again=place in placed))
                branch.children.append(below)
                if place not in placed:
                    placed.add(place)
                    waiting.append(below)
        yield from _flat(top, times)

    def _below(self, line: Line, acts: Callable[[ForeignKey], bool]) -> Iterator[Line]:
        assert line.table is not None
        keys = [key for key in self._keys_into(line.table) if acts(key)]
        for key in keys if line.way == "deleted" else ():
            if key.on_delete is OnDelete.CASCADE:
                yield self._line(line, key, "deleted")
        for key in keys:
            if line.way == "deleted" and key.on_delete in _CHANGES:
                yield self._line(line, key, "changed")
            elif line.way == "changed" and self._follows_update(line.table, key):
                yield replace(self._line(line, key, "changed"), on_update=True)

    def _follows_update(self, parent: Table, key: ForeignKey) -> bool:
        changed = self.area.changed.get(parent.oid, frozenset())
        return key.on_update in (OnDelete.CASCADE, *_CHANGES) and bool(changed & set(key.ref_columns))

    def _line(self, above: Line, key: ForeignKey, way: Way) -> Line:
        return Line("key", self.root(key.child_oid), (*above.path, key), way)

    def _keys_into(self, table: Table) -> Iterator[ForeignKey]:
        family = self.area.families.get(table.oid)
        for oid in family.oids if family else (table.oid,):
            yield from self.catalog.keys_in.get(oid, ())


def _flat(branch: _Branch, times: Mapping[tuple[int, Way], int]) -> Iterator[Line]:
    line = branch.line
    others = times[line.table.oid, line.way] - 1 if line.table and line.kind == "key" else 0
    yield replace(line, more=0 if line.again else max(0, others))
    for below in branch.children:
        yield from _flat(below, times)


def rows_of(line: Line, effect: Effect | None) -> int | None:
    """How many rows of the line's table go or change; None where it isn't known."""
    if line.blocker is not None:
        return line.blocker.rows
    if effect is None:
        return None
    if line.kind == "table":
        return effect.deleted + effect.changed
    return effect.deleted if line.way == "deleted" else effect.changed
