"""Make a row, and before it the parents that it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog, ForeignKey, Table
from queries.load import query
from queries.synthetic.draft import Draft, Manner, Values
from queries.synthetic.errors import CannotMakeRow
from queries.synthetic.facts import Demands, demands
from queries.synthetic.search import REFUSALS, identifier
from queries.synthetic.statements import Row, converted, insert, is_there

_MANNERS = (
    Manner(checked_first=True, reuse=True, identity=False),
    Manner(checked_first=False, reuse=False, identity=False),
    Manner(checked_first=True, reuse=False, identity=True),
    Manner(checked_first=False, reuse=False, identity=True),
)
_MOST_TRIES = 100  # for one row and all the parents that it needs
_MOST_LEAVES = 100
_MOST_ALIKE = 3  # rows of one table that wait for each other


@dataclass
class Making:
    """One call: the rows that it has made, and the tables whose rows it is making."""

    connection: Connection[Any]
    catalog: Catalog
    without: ForeignKey | None = None
    made: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[int] = field(default_factory=list)
    tries: int = 0
    known: dict[int, Demands] = field(default_factory=dict)

    def texts(self, table: Table, given: Mapping[str, object]) -> Values:
        """Values of Python as the texts of their columns' types."""
        shapes = self.demands(table, table).shapes
        return {
            name: value
            if value is None or isinstance(value, str)
            else converted(self.connection, value, through=shapes[name].type, to=shapes[name].type)
            for name, value in given.items()
        }

    def row(self, table: Table, given: Values, fits: Mapping[str, str | None] = {}) -> Row:
        """Insert it in one manner or another; what a manner that failed has made is rolled back."""
        if not self.waiting:
            self.tries = 0
        if self.waiting.count(table.oid) >= _MOST_ALIKE:
            raise CannotMakeRow(
                table.text, "it needs a row that needs it, by keys that are NOT NULL and not deferrable"
            )
        self.waiting.append(table.oid)
        try:
            return self._in_some_manner(table, given, fits)
        finally:
            self.waiting.pop()

    def _in_some_manner(self, table: Table, given: Values, fits: Mapping[str, str | None]) -> Row:
        first: CannotMakeRow | None = None
        for manner in _MANNERS:
            self.tries += 1
            before = {oid: len(rows) for oid, rows in self.made.items()}
            try:
                with self.connection.transaction():
                    return self._made(table, given, fits, manner)
            except CannotMakeRow as error:
                first = first or error
            except REFUSALS as error:
                first = first or CannotMakeRow.because(table.text, error)
            for oid, rows in self.made.items():
                del rows[before.get(oid, 0) :]
            if first.sqlstate[:2] not in ("", "22", "23") or self.tries >= _MOST_TRIES:
                break
        assert first is not None
        raise first

    def _made(self, table: Table, given: Values, fits: Mapping[str, str | None], manner: Manner) -> Row:
        draft = self._draft(table, given, fits, manner)
        later = [key for key in self._keys(table, draft.leaf) if not self._with_parent(draft, key)]
        draft.choose_rest()
        row = self._inserted(draft)
        self.made[table.oid].append(row)
        for key in later:
            self.row(self.catalog.tables[key.parent_oid], _referred(key, row))
            if not key.deferred:
                self._put_off(key, until_commit=False)
        return row

    def _draft(self, table: Table, given: Values, fits: Mapping[str, str | None], manner: Manner) -> Draft:
        """Begun for the first leaf whose bounds can be met, the table itself where it has none."""
        leaves = list(islice(self.catalog.leaves(table), _MOST_LEAVES)) or [table]
        drafts = (
            Draft(self.connection, table, leaf, self.demands(table, leaf), manner, dict(given), fits)
            for leaf in leaves
        )
        first: Draft | None = None
        for draft in drafts:
            columns = {column for key in self._keys(table, draft.leaf) for column in key.columns}
            draft.key_columns = frozenset(columns)
            if draft.choose_checked():
                return draft
            first = first or draft
        assert first is not None
        return first

    def demands(self, table: Table, leaf: Table) -> Demands:
        """The leaf's, with the defaults of the table that the row is inserted into."""
        for oid in (table.oid, leaf.oid):
            if oid not in self.known:
                self.known[oid] = demands(self.connection, oid)
        own = self.known[table.oid].shapes
        merged = {
            name: shape._replace(
                identity=own[name].identity, generated=own[name].generated, expression=own[name].expression
            )
            for name, shape in self.known[leaf.oid].shapes.items()
        }
        return replace(self.known[leaf.oid], shapes=merged)

    def _keys(self, table: Table, leaf: Table) -> Iterator[ForeignKey]:
        """The keys that are checked when a row comes in: its own, its ancestors', its leaf's."""
        for oid in dict.fromkeys((*self._line(leaf), *self._line(table))):
            for key in self.catalog.keys_out.get(oid, ()):
                if key.checks_fire and not (self.without and key.identity == self.without.identity):
                    yield key

    def _line(self, table: Table) -> Iterator[int]:
        """The table and what it is a partition of."""
        oid = table.oid
        while oid in self.catalog.tables:
            yield oid
            oid = self.catalog.tables[oid].partition_of

    def _with_parent(self, draft: Draft, key: ForeignKey) -> bool:
        """Give the key's columns values that it accepts; False: its parent has to come after the row."""
        undecided = [column for column in key.columns if column in draft.open]
        decided = {column: draft.values[column] for column in key.columns if column in draft.values}
        nulls = _nulls(draft, key, undecided, decided)
        if nulls is not None:
            draft.values.update(dict.fromkeys(nulls))
            return True
        if key.parent_oid in (*self._line(draft.leaf), *self._line(draft.table)) and self._linked(draft, key):
            return True
        wanted = _referred(key, decided)
        if not undecided and self._is_there(key, wanted):
            return True
        parent = self._reusable(draft, key, wanted)
        if parent is None and undecided and key.deferrable and self._is_circular(key):
            draft.made_up.update(undecided)
            if not key.deferred:
                self._put_off(key, until_commit=True)
            return False
        parent = parent or self.parent(key, wanted, draft.demands)
        draft.values.update({**self.key_values(key, parent, draft.demands), **decided})
        return True

    def _linked(self, draft: Draft, key: ForeignKey) -> bool:
        """Let the row refer to itself, unless what is given says otherwise."""
        pairs = list(zip(key.columns, key.ref_columns, strict=True))
        if not any(column in draft.open for column in key.columns if column not in key.ref_columns):
            return False
        if any(draft.values[ref] != draft.values[c] for c, ref in pairs if {c, ref} <= draft.values.keys()):
            return False
        for column, ref in pairs:
            if column in draft.values:
                draft.values.setdefault(ref, draft.values[column])
            elif column != ref:
                draft.linked[column] = ref
        return True

    def parent(self, key: ForeignKey, wanted: Values, child: Demands) -> Row:
        """Make the key's parent, with key values that fit the child's types and are not null."""
        parent = self.catalog.tables[key.parent_oid]
        shapes = self.demands(parent, parent).shapes
        fits = {
            ref: None
            if child.shapes[column].base_type == shapes[ref].base_type
            else child.shapes[column].base_type
            for column, ref in zip(key.columns, key.ref_columns, strict=True)
        }
        return self.row(parent, wanted, fits)

    def key_values(self, key: ForeignKey, parent: Row, child: Demands) -> Row:
        """The parent's key as the child's types write it."""
        table = self.catalog.tables[key.parent_oid]
        shapes = self.demands(table, table).shapes
        values = {}
        for column, ref in zip(key.columns, key.ref_columns, strict=True):
            own, other = shapes[ref].base_type, child.shapes[column].base_type
            value = parent[ref]
            values[column] = (
                value if own == other else converted(self.connection, value, through=own, to=other)
            )
        return values

    def parent_of(self, key: ForeignKey, child: Row) -> Row | None:
        """The row that this call has made and that the child refers to by the key."""
        wanted = _referred(key, child)
        return next((row for row in self.made[key.parent_oid] if wanted.items() <= row.items()), None)

    def _reusable(self, draft: Draft, key: ForeignKey, wanted: Values) -> Row | None:
        """A parent that this call has made; where the key's columns are unique, one that no child has yet."""
        if not draft.manner.reuse:
            return None
        is_unique = bool(draft.demands.fresh & set(key.columns))
        for row in self.made[key.parent_oid]:
            if wanted.items() <= row.items() and row.keys() >= set(key.ref_columns):
                values = self.key_values(key, row, draft.demands)
                shapes = draft.demands.shapes
                if not is_unique or not is_there(self.connection, draft.table, shapes=shapes, values=values):
                    return row
        return None

    def _is_there(self, key: ForeignKey, wanted: Values) -> bool:
        parent = self.catalog.tables[key.parent_oid]
        shapes = self.demands(parent, parent).shapes
        return is_there(self.connection, parent, shapes=shapes, values=wanted)

    def _is_circular(self, key: ForeignKey) -> bool:
        """Whether the parent needs, by keys that are not null, a row of the child's table."""
        seen, ahead = set[int](), [key.parent_oid]
        while ahead:
            oid = ahead.pop()
            if oid == key.child_oid:
                return True
            if oid not in seen:
                seen.add(oid)
                ahead += [
                    out.parent_oid for out in self.catalog.keys_out.get(oid, ()) if self._is_needed(out)
                ]
        return False

    def _is_needed(self, key: ForeignKey) -> bool:
        columns = self.catalog.columns[key.child_oid]
        return all(column.not_null for column in columns if column.name in key.columns)

    def _put_off(self, key: ForeignKey, *, until_commit: bool) -> None:
        schema = identifier(self.catalog.tables[key.child_oid].schema)
        constraint = identifier(key.name)
        if until_commit:
            composed = query("synthetic/defer", schema=schema, constraint=constraint)
        else:
            composed = query("synthetic/check_now", schema=schema, constraint=constraint)
        self.connection.execute(composed, {})

    def _inserted(self, draft: Draft) -> Row:
        row = insert(self.connection, draft.table, shapes=draft.demands.shapes, values=draft.values)
        if row is None:
            raise CannotMakeRow(draft.table.text, "a trigger or rule kept it out without an error")
        return row


def _nulls(draft: Draft, key: ForeignKey, undecided: Sequence[str], decided: Values) -> list[str] | None:
    """The columns to leave null so that the key asks for no parent; none: it does ask for one."""
    if None in decided.values():
        return list(undecided) if key.match_full else []
    required = draft.demands.collide_as_null
    optional = [
        name for name in undecided if not draft.demands.shapes[name].not_null and name not in required
    ]
    optional = [name for name in optional if name not in draft.fits]
    if optional and (not key.match_full or len(optional) == len(key.columns)):
        return optional
    return None


def _referred(key: ForeignKey, child: Mapping[str, str | None]) -> Values:
    """What the child's key values are in the parent."""
    pairs = zip(key.columns, key.ref_columns, strict=True)
    return {ref: child[column] for column, ref in pairs if column in child}
