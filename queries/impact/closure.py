"""The delete counted set by set: strongly connected tables in topological order, a pipeline a level.

Only counts leave the server, and keys as the server's own bytes. Right where no order can matter
(``plain.is_plain``); where NO ACTION or RESTRICT meets rows that go themselves, it says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from psycopg import Connection

from queries.components import components
from queries.connection import expression, typed
from queries.impact.arrays import passing
from queries.impact.models import Blocker, Deletion, Effect
from queries.impact.plain import acts
from queries.impact.schema import Key, Schema
from queries.impact.sets import Branch, Statement, Taken, read, seeded, taken
from queries.models import OnDelete

Item = TypeVar("Item")

_REFUSES = (OnDelete.RESTRICT, OnDelete.NO_ACTION)
_CHANGES = (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)


@dataclass
class Counted:
    """What the closure found; ``in_doubt`` are keys whose order decides: the queue must be followed."""

    seeds: int = 0
    effects: dict[str, Effect] = field(default_factory=dict)
    blocked_by: list[Blocker] = field(default_factory=list)
    in_doubt: list[Key] = field(default_factory=list)


class Closure:
    """Tables by the oid of their root."""

    def __init__(self, connection: Connection[Any], schema: Schema, deletion: Deletion) -> None:
        self.connection = connection
        self.schema = schema
        self.deletion = deletion
        self.target = schema.relations[deletion.table.oid]
        self.keys = tuple(key for key in schema.keys.values() if acts(schema, key, *OnDelete))
        self.cascades = [key for key in self.keys if key.key.on_delete is OnDelete.CASCADE]
        self.levels = self._levels()
        self.columns = self._columns()
        self.located = self._located()
        self.taken: defaultdict[int, list[Taken]] = defaultdict(list)  # in the order in which they were found
        self.counted = Counted()

    def run(self) -> Iterator[Counted]:
        """As it is known so far, at last the whole; raises BadExpression."""
        seeds = self._seeds()
        self.counted.seeds = seeds.rows
        self.taken[self.target.root.oid].append(seeds)
        for level in self.levels:
            self._take([oid for part in level for oid in part if not self._is_cyclic(part)])
            for part in level:
                if self._is_cyclic(part):
                    self._go_round(part)
            self._note_deleted(sorted(oid for part in level for oid in part))
            yield self.counted
        self._follow_changes()
        self._follow_refusals(seeds)
        yield self.counted

    def _columns(self) -> dict[int, tuple[str, ...]]:
        """What keys that act refer to, by table."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for key in self.keys:
            found[key.parent.root.oid].update(dict.fromkeys(key.key.ref_columns))
        return {oid: tuple(names) for oid, names in found.items()}

    def _located(self) -> frozenset[int]:
        """Tables of whose rows it matters which they were: in a cycle, or where a key does otherwise."""
        cyclic = {oid for level in self.levels for part in level if self._is_cyclic(part) for oid in part}
        others = {key.child.root.oid for key in self.keys if key.key.on_delete is not OnDelete.CASCADE}
        return frozenset(cyclic | others)

    def _levels(self) -> list[list[frozenset[int]]]:
        """Strongly connected parts of the tables that lose rows, parents before children."""
        parents: dict[int, list[int]] = {oid: [] for oid in sorted(self.schema.reach.deleted)}
        for key in self.cascades:
            parents[key.child.root.oid].append(key.parent.root.oid)
        depths: dict[int, int] = {}
        found: defaultdict[int, list[frozenset[int]]] = defaultdict(list)
        for part in components(parents):
            above = [depths[parent] for oid in part for parent in parents[oid] if parent not in part]
            depth = 1 + max(above, default=-1)
            depths.update(dict.fromkeys(part, depth))
            found[depth].append(part)
        return [found[depth] for depth in sorted(found)]

    def _is_cyclic(self, part: frozenset[int]) -> bool:
        return any({key.child.root.oid, key.parent.root.oid} <= part for key in self.cascades)

    def _seeds(self) -> Taken:
        columns = self.columns.get(self.target.root.oid, ())
        statement = seeded(self.target, expression(self.deletion.where), columns=columns)
        return read(typed(self.connection, statement), columns, located=True)

    def _take(self, oids: Iterable[int]) -> None:
        """The children of what is taken already, all tables in one pipeline."""
        self._gather({oid: self._into(oid, self.taken) for oid in oids})

    def _go_round(self, part: frozenset[int]) -> None:
        """A cycle of cascades: from what is new, again and again, until nothing is."""
        self._take(sorted(part))
        rim = {oid: list(self.taken[oid]) for oid in part}
        while any(rim.values()):
            before = {oid: len(self.taken[oid]) for oid in part}
            self._gather({oid: self._into(oid, rim) for oid in sorted(part)})
            rim = {oid: self.taken[oid][before[oid] :] for oid in part}

    def _into(self, oid: int, parents: Mapping[int, Sequence[Taken]], *actions: OnDelete) -> list[Branch]:
        """The keys of these kinds, by default cascades, into a table from rows that were taken."""
        return [
            Branch(key, some, number)
            for number, key in enumerate(self._keys_into(oid, actions or (OnDelete.CASCADE,)))
            for some in parents.get(key.parent.root.oid, ())
            if some.rows
        ]

    def _keys_into(self, oid: int, actions: Sequence[OnDelete]) -> list[Key]:
        return [key for key in self.keys if key.child.root.oid == oid and key.key.on_delete in actions]

    def _gather(self, wanted: Mapping[int, Sequence[Branch]]) -> None:
        statements = {
            oid: self._rows(
                branches,
                columns=self.columns.get(oid, ()),
                located=oid in self.located,
                beside=self.taken[oid],
            )
            for oid, branches in wanted.items()
            if branches
        }
        for oid, cursor in self._run(statements).items():
            found = read(cursor, self.columns.get(oid, ()), located=oid in self.located)
            if found.rows:
                self.taken[oid].append(found)

    def _rows(self, branches: Sequence[Branch], **wanted: Any) -> Statement:
        return taken(branches, is_modern=self.schema.version >= 140000, **wanted)

    def _run(self, statements: Mapping[Item, Statement]) -> dict[Item, Any]:
        cursors = {}
        with self.connection.pipeline():
            for item, statement in statements.items():
                cursors[item] = passing(self.connection)
                cursors[item].execute(statement.text, statement.parameters, prepare=False)
        return cursors

    def _note_deleted(self, oids: Iterable[int]) -> None:
        for oid in oids:
            some = self.taken[oid]
            rows = sum(each.rows for each in some)
            if rows or oid == self.target.root.oid:
                via = _named(self._keys_into(oid, (OnDelete.CASCADE,)), some)
                root = self.schema.relations[oid].name
                self.counted.effects[root] = Effect(root, deleted=rows, via=via)

    def _follow_changes(self) -> None:
        """Rows that are set null and stay: in plain cases a default is null too."""
        children = dict.fromkeys(key.child.root.oid for key in self.keys if key.key.on_delete in _CHANGES)
        branches = {oid: self._into(oid, self.taken, *_CHANGES) for oid in children}
        statements = {
            oid: self._rows(some, columns=(), located=False, beside=self.taken[oid])
            for oid, some in branches.items()
            if some
        }
        for oid, cursor in self._run(statements).items():
            found = read(cursor, (), located=False)
            if found.rows:
                root = self.schema.relations[oid].name
                effect = self.counted.effects.get(root, Effect(root))
                via = (*effect.via, *_named(self._keys_into(oid, _CHANGES), [found]))
                self.counted.effects[root] = replace(effect, set_null=found.rows, via=via)

    def _follow_refusals(self, seeds: Taken) -> None:
        """NO ACTION and RESTRICT: rows that stay refuse; rows that go later may, by the order of triggers."""
        statements = {}
        for key in self.keys:
            some = [each for each in self.taken[key.parent.root.oid] if each.rows]
            if key.key.on_delete not in _REFUSES or not some:
                continue
            branches = [Branch(key, each, 0) for each in some]
            oid = key.child.root.oid
            statements[key.key.oid, True] = self._rows(
                branches, columns=(), located=False, beside=self.taken[oid]
            )
            if self.taken[oid] and not _is_late(key):
                beside = [seeds] if key.child.root is self.target.root else []
                statements[key.key.oid, False] = self._rows(
                    branches, columns=(), located=False, beside=beside
                )
        rows = {item: read(cursor, (), located=False).rows for item, cursor in self._run(statements).items()}
        for (oid, stays), count in rows.items():
            key = self.schema.keys[oid]
            if not stays and count > rows[oid, True]:
                self.counted.in_doubt.append(key)
            elif stays and count:
                self.counted.blocked_by.append(self._blocker(key, count))
        self.counted.blocked_by.sort(key=lambda blocker: blocker.at == "commit")

    def _blocker(self, key: Key, rows: int) -> Blocker:
        is_restrict = key.key.on_delete is OnDelete.RESTRICT
        return Blocker(
            constraint=key.key.name,
            table=key.child.name,
            rows=rows,
            sqlstate="23001" if is_restrict and self.schema.version >= 180000 else "23503",
            at="commit" if _is_late(key) else "statement",
            why=f"rows refer to what goes from {key.parent.name}",
        )


def _is_late(key: Key) -> bool:
    return key.key.deferred and key.key.on_delete is OnDelete.NO_ACTION


def _named(keys: Sequence[Key], some: Iterable[Taken]) -> tuple[str, ...]:
    bits = 0
    for each in some:
        bits |= each.keys
    return tuple(key.key.name for number, key in enumerate(keys) if bits >> number & 1)
