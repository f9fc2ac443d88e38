"""The server's trigger queue, event by event, over rows that were only read.

It follows AfterTriggerEndQuery and ri_triggers.c: what a statement did is queued row by row, for each row in
the order of its table's trigger names; actions run when their event fires and queue theirs behind; NO ACTION
and checks wait for the commit where they are deferred. Where the server would end the statement, the
simulation notes why and goes on as if nothing had been in the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.impact.changes import Changes
from queries.impact.outcome import Outcome
from queries.impact.schema import Key, Relation, Schema, Trigger, Values
from queries.impact.state import State
from queries.impact.store import Lookup, Row, Store


class Event(NamedTuple):
    """A trigger to be fired for a row; ``new`` is None where it was deleted."""

    trigger: Trigger
    row: Row
    old: Values
    new: Values | None
    version: int


class Queue:
    """One run of the statement over one state of the rows."""

    def __init__(self, store: Store, schema: Schema, changes: Changes, *, backwards: bool = False) -> None:
        self.schema = schema
        self.store = store
        self.state = State(store, schema, backwards=backwards)
        self.outcome = Outcome()
        self.changes = changes
        self._events: list[Event] = []
        self._deferred: list[Event] = []

    def run(self, target: Relation, seeds: Sequence[Row]) -> Iterator[None]:
        """The statement and its commit; pauses after each round of triggers."""
        self._named(target, is_delete=True)
        for row in reversed(seeds) if self.state.backwards else seeds:
            self._delete(row)
        yield from self._rounds()
        self.outcome.at = "commit"
        self._events, self._deferred = self._deferred, []
        yield from self._rounds(is_commit=True)

    def _rounds(self, *, is_commit: bool = False) -> Iterator[None]:
        while self._events:
            events, self._events = self._events, []
            if not is_commit:
                self._deferred += [event for event in events if event.trigger.deferred]
                events = [event for event in events if not event.trigger.deferred]
            self._prepare(events)
            for event in events:
                self._fire(event)
            yield

    def _prepare(self, events: Sequence[Event]) -> None:
        """Ask the server in one go for what these events will look at."""
        wanted: defaultdict[Lookup, dict[tuple[str, ...], None]] = defaultdict(dict)
        for event in events:
            key = self.schema.keys.get(event.trigger.key)
            if key is None:
                continue
            if event.trigger.action == "check":
                values = _whole(event.new or (), key.places)
                side = "parents"
            else:
                values = _whole(event.old, key.ref_places)
                side = "children"
            if values is not None:
                wanted[Lookup(side, key.key.oid)][values] = None
        self.store.fetch(wanted)
        self.changes.prepare(self._coming(events))

    def _coming(self, events: Sequence[Event]) -> Iterator[tuple[Row, Values]]:
        """Rows as they would be after the changes that these events make, as far as it can be foreseen."""
        for event in events:
            key = self.schema.keys.get(event.trigger.key)
            if key is None or event.trigger.action not in ("setnull", "setdefault"):
                continue
            values = _whole(event.old, key.ref_places)
            if values is None or not (key.child.checks or key.child.uniques or key.child.table.kind == "p"):
                continue
            for row in self.state.children(key, values):
                yield row, self._assigned(event, key, self.state.values(row))

    def _fire(self, event: Event) -> None:
        key = self.schema.keys.get(event.trigger.key)
        if key is None:
            self.outcome.doubt("trigger", event.trigger.name, "It serves a key that this role can't see.")
        elif event.trigger.action == "check":
            self._check(event, key)
        elif event.trigger.action in ("restrict", "noaction"):
            self._restrict(event, key, is_restrict=event.trigger.action == "restrict")
        elif event.trigger.action == "cascade" and event.new is None:
            self._cascade(event, key)
        else:
            self._change(event, key)

    def _cascade(self, event: Event, key: Key) -> None:
        self._named(key.child, is_delete=True)
        for row in self._children(event, key):
            self.outcome.acted(key, row)
            self._delete(row)

    def _change(self, event: Event, key: Key) -> None:
        """SET NULL, SET DEFAULT, and ON UPDATE CASCADE."""
        self._named(key.child, is_delete=False)
        rows = self._children(event, key)
        self._refuse_values(event, key, rows)
        for row in rows:
            old = self.state.values(row)
            new = self._assigned(event, key, old)
            self.changes.judge(row, old, new, state=self.state, outcome=self.outcome)
            self.outcome.acted(key, row)
            if event.trigger.action == "setdefault":
                self.outcome.defaulted.add(row)
            self._update(row, old, new)
        if event.trigger.action == "setdefault":
            self._restrict(event, key, is_restrict=False)

    def _assigned(self, event: Event, key: Key, old: Values) -> Values:
        new = list(old)
        if event.trigger.action == "cascade" and event.new is not None:
            for place, ref_place in zip(key.places, key.ref_places, strict=True):
                new[place] = event.new[ref_place]
            return tuple(new)
        for place in _set_places(event, key):
            is_default = event.trigger.action == "setdefault"
            new[place] = self.changes.assigned(key.child, place, is_default=is_default).value
        return tuple(new)

    def _refuse_values(self, event: Event, key: Key, rows: Sequence[Row]) -> None:
        """A domain may refuse what is to be written; a default may be anything."""
        if not rows or event.trigger.action == "cascade":
            return
        for place in _set_places(event, key):
            is_default = event.trigger.action == "setdefault"
            given = self.changes.assigned(key.child, place, is_default=is_default)
            name = f"{key.child.root.text}.{key.child.layout[place]}"
            if given.doubt:
                self.outcome.doubt("default", name, given.doubt)
            elif given.sqlstate:
                why = f"the domain of {name} refuses the new value"
                self.outcome.refuse(None, key.child.root.text, given.sqlstate, why, rows)

    def _restrict(self, event: Event, key: Key, *, is_restrict: bool) -> None:
        """The old key must not be referred to; NO ACTION lets another row take its place."""
        values = _whole(event.old, key.ref_places)
        if values is None or (not is_restrict and self._is_replaced(event, key, values)):
            return
        rows = self.state.children(key, values)
        self._ask_for_texts(key, "children")
        if not rows:
            return
        if key.key.period:
            self.outcome.doubt("type", key.key.name, "Whether other rows cover the time can't be told.")
            return
        sqlstate = "23001" if is_restrict and self.schema.version >= 180000 else "23503"
        self.outcome.refuse(key.key.name, key.child.root.text, sqlstate, _why(event, key), rows)

    def _is_replaced(self, event: Event, key: Key, values: tuple[str, ...]) -> bool:
        row = event.row
        if self.state.is_alive(row) and _whole(self.state.values(row), key.ref_places) == values:
            return True
        return bool(self.state.substitutes(key, values, row.relation))

    def _check(self, event: Event, key: Key) -> None:
        """The row's newest version must have its parent."""
        row, new = event.row, event.new or ()
        if not self.state.is_alive(row) or self.state.versions.get(row, 0) != event.version:
            return
        nulls = sum(new[place] is None for place in key.places)
        if nulls == len(key.places) or (nulls and not key.key.match_full):
            return
        values = _whole(new, key.places)
        if values is None:
            why = "MATCH FULL takes no key of which only some columns are null"
        elif self.state.parents(key, values):
            return
        else:
            why = f"the new value has no row in {key.parent.root.text}"
        self._ask_for_texts(key, "parents")
        self.outcome.refuse(key.key.name, key.child.root.text, "23503", why, [row])

    def _children(self, event: Event, key: Key) -> list[Row]:
        values = _whole(event.old, key.ref_places)
        self._ask_for_texts(key, "children")
        return self.state.children(key, values) if values is not None else []

    def _ask_for_texts(self, key: Key, side: str) -> None:
        if Lookup(side, key.key.oid) in self.state.strange:
            self.outcome.doubt("type", key.key.name, "Values of its type compare on the server alone.")

    def _delete(self, row: Row) -> None:
        old = self.state.values(row)
        self.state.delete(row)
        for trigger in row.relation.triggers:
            if trigger.on_delete and trigger.by_row:
                key = self.schema.keys.get(trigger.key)
                if trigger.action == "user":
                    self._meet(trigger, row.relation)
                elif key is None or _whole(old, key.ref_places) is not None:
                    self._events.append(Event(trigger, row, old, None, 0))

    def _update(self, row: Row, old: Values, new: Values) -> None:
        is_ours = row in self.state.now
        self.state.write(row, new)
        version = self.state.versions[row]
        for trigger in row.relation.triggers:
            if not (trigger.on_update and trigger.by_row):
                continue
            if trigger.action == "user":
                self._meet(trigger, row.relation)
            elif self._is_queued(trigger, old, new, is_ours=is_ours):
                self._events.append(Event(trigger, row, old, new, version))

    def _is_queued(self, trigger: Trigger, old: Values, new: Values, *, is_ours: bool) -> bool:
        """RI_FKey_pk_upd_check_required and RI_FKey_fk_upd_check_required."""
        key = self.schema.keys.get(trigger.key)
        if key is None:
            return trigger.action != "recheck"
        if trigger.action != "check":
            before = _whole(old, key.ref_places)
            return before is not None and any(old[place] != new[place] for place in key.ref_places)
        nulls = sum(new[place] is None for place in key.places)
        if nulls:
            return key.key.match_full and nulls < len(key.places)
        before, after = _whole(old, key.places), _whole(new, key.places)
        if is_ours or before is None or after is None:
            return True  # a row that this transaction wrote is checked again, whatever it holds
        return before != after and (key.normal(before) is None or key.normal(before) != key.normal(after))

    def _named(self, relation: Relation, *, is_delete: bool) -> None:
        """A statement names this table: its rules and its triggers for statements come to bear."""
        for rule in relation.rules:
            if rule.on_delete == is_delete:
                self.outcome.doubt(
                    "rule", f"{rule.name} on {relation.table.text}", "It rewrites the statement."
                )
        for trigger in relation.triggers:
            if not trigger.by_row and (trigger.on_delete if is_delete else trigger.on_update):
                self._meet(trigger, relation)

    def _meet(self, trigger: Trigger, relation: Relation) -> None:
        self.outcome.doubt(
            "trigger", f"{trigger.name} on {relation.table.text}", "What it does can't be known from outside."
        )


def _whole(values: Values, places: Sequence[int]) -> tuple[str, ...] | None:
    """The values at these places, None where one is null."""
    found = tuple(value for place in places if (value := values[place]) is not None)
    return found if len(found) == len(places) else None


def _set_places(event: Event, key: Key) -> tuple[int, ...]:
    """The columns that an action writes: on update, a list of columns does not count."""
    return key.set_places if event.new is None else key.places


def _why(event: Event, key: Key) -> str:
    if event.trigger.action == "setdefault":
        return "the default is the value that goes"
    return f"rows refer to what goes from {key.parent.root.text}"
