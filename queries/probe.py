"""Prove a foreign key by what it does: a made-up parent with a child is deleted, then all is rolled back.

What remains: sequences from which the rows took numbers, and what user triggers do outside the database.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, errors, sql

from queries.catalog import Catalog, ForeignKey
from queries.load import query, rows
from queries.models import OnDelete
from queries.synthetic import CannotMakeRow, insert_family, insert_unparented
from queries.synthetic.facts import Shape, demands
from queries.synthetic.search import REFUSALS, identifier, text
from queries.synthetic.statements import Row, as_text, is_there, match, parameters, relation

_PATIENCE = 30  # seconds a statement, as in probe/limits.sql
_REFUSED = ("23503", "23001")  # RESTRICT raises the second from 18


@dataclass(frozen=True)
class Proof:
    """What deleting a parent should do by the key, and what it did; ``why`` where the two differ."""

    key: str
    expected: str
    actual: str
    proven: bool
    sqlstate: str = ""
    why: str = ""


class _Refusal(NamedTuple):
    """What the server answered instead of doing it."""

    sqlstate: str
    constraint: str
    message: str


def probe(connection: Connection[Any], catalog: Catalog, key: ForeignKey) -> Proof:
    """Delete a made-up parent of a made-up child and look at the child, in a transaction that is rolled back.

    The connection may write and has no transaction open. At most a second is waited for a lock.
    """
    if not (key.enforced and key.checks_fire and key.actions_fire):
        state = "its triggers are disabled" if key.enforced else "it is NOT ENFORCED"
        return Proof(key.text, expectation(key), "not tried", proven=False, why=f"{state}: it does nothing")
    begun = time.monotonic()
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(query("probe/limits"), {})
            return _Probe(connection, catalog, key).proof()
    except CannotMakeRow as error:
        why = f"{error.what} {error.constraint or error.column}".strip()
        return Proof(key.text, expectation(key), "not tried", proven=False, sqlstate=error.sqlstate, why=why)
    except errors.LockNotAvailable as error:
        why = "a lock was not to be had within a second"
        return _untold(key, error, why)
    except errors.QueryCanceled as error:
        if time.monotonic() - begun < _PATIENCE:
            raise  # a person stopped it
        return _untold(
            key, error, f"a statement took more than {_PATIENCE} s; is there an index on the child?"
        )


def expectation(key: ForeignKey) -> str:
    """What deleting a parent should do to a child, in words."""
    columns = ", ".join(key.set_columns or key.columns)
    return {
        OnDelete.CASCADE: "the child is deleted",
        OnDelete.SET_NULL: f"the child stays, {columns} null",
        OnDelete.SET_DEFAULT: f"the child stays, {columns} at the default",
        OnDelete.RESTRICT: "the delete is refused",
        OnDelete.NO_ACTION: "the delete is refused",
    }[key.on_delete]


def _untold(key: ForeignKey, error: psycopg.Error, why: str) -> Proof:
    state = error.sqlstate or ""
    return Proof(key.text, expectation(key), "not known", proven=False, sqlstate=state, why=why)


class _Probe:
    """One key, its child's columns, and the names that the server may report it by."""

    def __init__(self, connection: Connection[Any], catalog: Catalog, key: ForeignKey) -> None:
        self.connection = connection
        self.catalog = catalog
        self.key = key
        self.child = catalog.tables[key.child_oid]
        self.parent = catalog.tables[key.parent_oid]
        self.child_shapes = demands(connection, key.child_oid).shapes
        self.parent_shapes = demands(connection, key.parent_oid).shapes
        self.names = set(rows(connection, "probe/copies", str, {"oid": key.oid}))

    def proof(self) -> Proof:
        """First that a child without a parent is refused, then what deleting its parent does."""
        orphan = self._orphan()
        if orphan is None or orphan.constraint not in self.names:
            return self._not_refused(orphan)
        parent, child = insert_family(self.connection, self.catalog, self.key)
        self._check_arrival()
        values = {column: parent[column] for column in self.key.ref_columns}
        refusal = self._delete(values)
        if refusal is not None:
            return self._after_refusal(refusal)
        if is_there(self.connection, self.parent, shapes=self.parent_shapes, values=values):
            return self._proof(
                "the parent is still there", why=f"a trigger or rule of {self.parent.text} kept it"
            )
        return self._after_delete(child)

    def _orphan(self) -> _Refusal | None:
        """What the server says of a child whose parent was there and is gone; none: it lets it in."""
        with self.connection.transaction(force_rollback=True):
            _, known = insert_family(self.connection, self.catalog, self.key)
        referring = {column: known[column] for column in self.key.columns}
        try:
            with self.connection.transaction(force_rollback=True):
                if self.key.deferred:
                    self._check_arrival(again_late=False)
                child = insert_unparented(self.connection, self.catalog, self.key, given=referring)
        except CannotMakeRow as error:
            if error.sqlstate not in _REFUSED:
                raise
            return _Refusal(error.sqlstate, error.constraint, error.message)
        pairs = zip(self.key.columns, self.key.ref_columns, strict=True)
        if self.child == self.parent and all(child.get(ref) == referring[column] for column, ref in pairs):
            raise CannotMakeRow(self.child.text, "every row that could be made is its own parent")
        return None

    def _not_refused(self, orphan: _Refusal | None) -> Proof:
        if orphan is None:
            why = "the server let a child in that has no parent"
            return self._proof("a child without a parent is let in", why=why)
        why = f"{orphan.constraint} refused it first, so that this key could not be seen at work"
        return self._proof(
            "a child without a parent is refused by another key", sqlstate=orphan.sqlstate, why=why
        )

    def _check_arrival(self, *, again_late: bool = True) -> None:
        """Have a deferred key check the child now, so that what comes later is the delete's doing."""
        if not self.key.deferred:
            return
        schema, constraint = identifier(self.child.schema), identifier(self.key.name)
        self.connection.execute(query("synthetic/check_now", schema=schema, constraint=constraint), {})
        if again_late:
            self.connection.execute(query("synthetic/defer", schema=schema, constraint=constraint), {})

    def _delete(self, parent: Mapping[str, str | None]) -> _Refusal | None:
        """Delete it, with all that COMMIT would check; what refused it."""
        condition = match(self.parent_shapes, values=parent)
        composed = query("probe/delete", relation=relation(self.parent), match=condition)
        try:
            with self.connection.transaction():
                self.connection.execute(composed, parameters(parent))
                self.connection.execute(query("probe/settle"), {})
        except REFUSALS as error:
            named = error.diag.constraint_name or error.diag.column_name or ""
            return _Refusal(error.sqlstate or "", named, error.diag.message_primary or str(error))
        return None

    def _after_refusal(self, refusal: _Refusal) -> Proof:
        is_ours = refusal.constraint in self.names and refusal.sqlstate in _REFUSED
        actual = (
            f"the delete is refused by {refusal.constraint}"
            if refusal.constraint
            else "the delete is refused"
        )
        if is_ours and self.key.on_delete in (OnDelete.RESTRICT, OnDelete.NO_ACTION):
            return self._proof("the delete is refused", proven=True, sqlstate=refusal.sqlstate)
        return self._proof(actual, sqlstate=refusal.sqlstate, why=self._reason(refusal, is_ours=is_ours))

    def _reason(self, refusal: _Refusal, *, is_ours: bool) -> str:
        if is_ours and self.key.on_delete is OnDelete.SET_DEFAULT:
            return (
                f"no row of {self.parent.text} has the default: every delete of a parent with children fails"
            )
        if refusal.sqlstate == "23502":
            return f"{refusal.constraint} is NOT NULL: every delete of a parent with children fails"
        return refusal.message

    def _after_delete(self, child: Row) -> Proof:
        known_by = self._known_by(child)
        if not known_by:
            why = f"{self.child.text} has no column besides the key's to know the row by"
            return self._proof("not known", why=why)
        found = self._child_now(known_by)
        if found is None:
            proven = self.key.on_delete is OnDelete.CASCADE
            return self._proof(
                "the child is deleted", proven=proven, why="" if proven else "something deleted it"
            )
        before = tuple(child.get(column) for column in self.key.columns)
        if found == before:
            why = f"the child is an orphan now: a trigger or rule of {self.child.text} stood in the way"
            return self._proof("the child stays as it was", why=why)
        if found == self._wanted(before):
            return self._proof(expectation(self.key), proven=True)
        values = ", ".join(f"{name} {value}" for name, value in zip(self.key.columns, found, strict=True))
        return self._proof(f"the child stays, {values}", why="these are not the values that the key sets")

    def _wanted(self, before: tuple[str | None, ...]) -> tuple[str | None, ...]:
        """The child's key columns after SET NULL or SET DEFAULT, which act on some or all of them."""
        touched = self.key.set_columns or self.key.columns
        if self.key.on_delete is OnDelete.SET_DEFAULT:
            new = {column: self._default(self.child_shapes[column]) for column in touched}
        else:
            new = dict.fromkeys(touched)
        return tuple(new.get(column, was) for column, was in zip(self.key.columns, before, strict=True))

    def _default(self, shape: Shape) -> str | None:
        if not shape.default:
            return None
        value, own = sql.SQL("({})").format(text(shape.default)), text(shape.base_type)
        answer = self.connection.execute(query("synthetic/converted", value=value, through=own, type=own), {})
        return (answer.fetchone() or (None,))[0]

    def _known_by(self, child: Row) -> Row:
        """Values of the child that the key leaves alone: of a unique index, or else all of them."""
        acts = self.key.on_delete in (OnDelete.SET_NULL, OnDelete.SET_DEFAULT)
        touched = set(self.key.set_columns or self.key.columns) if acts else set()
        names = {column.number: column.name for column in self.catalog.columns[self.child.oid]}
        for index in self.catalog.indexes.get(self.child.oid, ()):
            columns = [names.get(number, "") for number in index.column_numbers[: index.key_count]]
            if index.is_unique and not index.predicate and set(columns) <= child.keys() - touched:
                return {column: child[column] for column in columns}
        return {column: value for column, value in child.items() if column not in touched}

    def _child_now(self, known_by: Row) -> tuple[str | None, ...] | None:
        """The key columns of the child row; none: it is gone."""
        composed = query(
            "probe/child",
            relation=relation(self.child),
            match=match(self.child_shapes, values=known_by),
            answers=sql.SQL(", ").join([as_text(column) for column in self.key.columns]),
        )
        return self.connection.execute(composed, parameters(known_by)).fetchone()

    def _proof(self, actual: str, *, proven: bool = False, sqlstate: str = "", why: str = "") -> Proof:
        return Proof(self.key.text, expectation(self.key), actual, proven=proven, sqlstate=sqlstate, why=why)
