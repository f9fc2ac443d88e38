"""The server's trigger queue, event by event, over rows that were only read.

It follows AfterTriggerEndQuery and ri_triggers.c: what a statement did is queued row by row, for each row in
the order of its table's trigger names; actions run when their event fires and queue theirs behind; NO ACTION
and checks wait for the commit where they are deferred. Where the server would end the statement, the
simulation notes why and goes on as if nothing had been in the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from queries.impact.changes import Changes
from queries.impact.events import Event, Events, whole
from queries.impact.outcome import Outcome
from queries.impact.schema import Key, Relation, Schema, Values
from queries.impact.state import State
from queries.impact.store import Lookup, Row, Store


class Queue:
    """One run of the statement over one state of the rows."""

    def __init__(
        self,
        store: Store,
        schema: Schema,
        changes: Changes,
        *,
        backwards: bool = False,
        ahead: Collection[Row] = (),
    ) -> None:
        self.schema = schema
        self.store = store
        self.changes = changes
        self.state = State(store, schema, backwards=backwards, ahead=ahead)
        self.outcome = Outcome()
        self.events = Events(schema, self.state, self.outcome)
        self._watched: set[Row] = set()  # rows that could refuse, had they not gone before
        self._causes: dict[Row, Row] = {}  # by which row's going or changing a row was reached

    def run(self, target: Relation, seeds: Sequence[Row]) -> Iterator[None]:
        """The statement and its commit; pauses after each round of triggers."""
        self.events.named(target, is_delete=True)
        for row in self.state.ordered(seeds[::-1] if self.state.backwards else seeds):
            self.events.delete(row)
        deferred: list[Event] = []
        while events := self.events.taken():
            deferred += [event for event in events if event.trigger.deferred]
            self._fire_all([event for event in events if not event.trigger.deferred])
            yield
        self.outcome.at = "commit"
        self._fire_all(deferred)

    def is_orderly(self, seeds: Sequence[Row]) -> bool:
        """No order of rows can change the answer: all were only deleted, and none that could refuse was."""
        if self.state.now or self.outcome.doubts or len(self.outcome.refusals) > 1:
            return False
        return self._watched.isdisjoint(self.state.dead.difference(seeds))

    def _fire_all(self, events: Sequence[Event]) -> None:
        self._prepare(events)
        for event in events:
            key = self.schema.keys.get(event.trigger.key)
            if key is None:
                name = f"{event.trigger.name} on {event.relation.table.text}"
                self.outcome.doubt("trigger", name, "It serves a key that this reading leaves out.")
            else:
                self._fire(event, key)

    def has_one_first(self, other: Queue) -> bool:
        """Both are refused, and by the same blocker first."""
        return self.outcome.first is not None and self.outcome.first == other.outcome.first

    def ways(self) -> Iterator[frozenset[Row]]:
        """For each blocker but the first, the rows that lead to it: met ahead, they may make it first."""
        for row in self.outcome.origins[1:]:
            way, at = {row}, self._causes.get(row)
            while at is not None and at not in way:
                way.add(at)
                at = self._causes.get(at)
            yield frozenset(way)

    def _fire(self, event: Event, key: Key) -> None:
        self.outcome.origin = event.row
        action = event.trigger.action
        if action == "check":
            self._check(event, key)
        elif action in ("restrict", "noaction"):
            self._restrict(event, key, is_restrict=action == "restrict")
        elif action == "cascade" and event.new is None:
            self._cascade(event, key)
        else:
            self._change(event, key)

    def _prepare(self, events: Sequence[Event]) -> None:
        """Ask the server in one go for what these events will look at."""
        wanted: defaultdict[Lookup, dict[tuple[str, ...], None]] = defaultdict(dict)
        for event in events:
            key = self.schema.keys.get(event.trigger.key)
            if key is None:
                continue
            is_check = event.trigger.action == "check"
            values = whole(event.new or (), key.places) if is_check else whole(event.old, key.ref_places)
            if values is not None:
                wanted[Lookup("parents" if is_check else "children", key.key.oid)][values] = None
        self.store.fetch(wanted)
        self.changes.prepare(self._coming(events))

    def _coming(self, events: Sequence[Event]) -> Iterator[tuple[Row, Values]]:
        """Rows as they would be after the changes that these events make, as far as it can be foreseen."""
        for event in events:
            key = self.schema.keys.get(event.trigger.key)
            if key is not None and event.trigger.action in ("setnull", "setdefault"):
                for row in self._children(event, key):
                    yield row, self._assigned(event, key, self.state.values(row))

    def _cascade(self, event: Event, key: Key) -> None:
        self.events.named(key.child, is_delete=True)
        self._doubt_texts(key, "children")
        for row in self._children(event, key):
            self.outcome.acted(key, row)
            self._causes.setdefault(row, event.row)
            self.events.delete(row)

    def _change(self, event: Event, key: Key) -> None:
        """SET NULL, SET DEFAULT, and ON UPDATE CASCADE."""
        self.events.named(key.child, is_delete=False)
        self._doubt_texts(key, "children")
        rows = self._children(event, key)
        self._refuse_values(event, key, rows)
        for row in rows:
            self._causes.setdefault(row, event.row)
            self.outcome.origin = row
            self._write(row, self._assigned(event, key, self.state.values(row)), key)
            if event.trigger.action == "setdefault":
                self.outcome.defaulted.add(row)
        if event.trigger.action == "setdefault":
            self._restrict(event, key, is_restrict=False)

    def _write(self, row: Row, new: Values, key: Key) -> None:
        old = self.state.values(row)
        to = self.changes.destination(row, new, named=key.child, state=self.state, outcome=self.outcome)
        self.changes.judge(row, old, new, to, state=self.state, outcome=self.outcome)
        self.outcome.acted(key, row)
        if to is self.state.relation(row):
            self.events.update(row, old, new)
        else:
            self.events.move(row, old, new, to, named=key.child)

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
            name = f"{key.child.name}.{key.child.layout[place]}"
            if given.doubt:
                self.outcome.doubt("default", name, given.doubt)
            elif given.sqlstate:
                why = f"the domain of {name} refuses the new value"
                self.outcome.refuse(None, key.child.name, given.sqlstate, why, rows)

    def _restrict(self, event: Event, key: Key, *, is_restrict: bool) -> None:
        """The old key must not be referred to; NO ACTION lets another row take its place."""
        values = whole(event.old, key.ref_places)
        if values is None or (not is_restrict and self._is_replaced(event, key, values)):
            return
        self._doubt_texts(key, "children")
        rows = self.state.children(key, values)
        if self.outcome.at == "statement":
            self._watched.update(self.store.find(Lookup("children", key.key.oid), values))
        if not rows:
            return
        if key.key.period:
            self.outcome.doubt("type", key.key.name, "Whether other rows cover the time can't be told.")
            return
        sqlstate = "23001" if is_restrict and self.schema.version >= 180000 else "23503"
        self.outcome.refuse(key.key.name, key.child.name, sqlstate, _why(event, key), rows)

    def _is_replaced(self, event: Event, key: Key, values: tuple[str, ...]) -> bool:
        row = event.row
        is_there = self.state.is_alive(row) and self.schema.is_below(self.state.relation(row), event.relation)
        if is_there and whole(self.state.values(row), key.ref_places) == values:
            return True
        return bool(self.state.substitutes(key, values, event.relation))

    def _check(self, event: Event, key: Key) -> None:
        """The row's newest version must have its parent."""
        row, new = event.row, event.new or ()
        if not self.state.is_alive(row) or self.state.versions.get(row, 0) != event.version:
            return
        nulls = sum(new[place] is None for place in key.places)
        if nulls == len(key.places) or (nulls and not key.key.match_full):
            return
        self._doubt_texts(key, "parents")
        values = whole(new, key.places)
        if values is None:
            why = "MATCH FULL takes no key of which only some columns are null"
        elif self.state.parents(key, values):
            return
        else:
            why = f"the new value has no row in {key.parent.name}"
        self.outcome.refuse(key.key.name, key.child.name, "23503", why, [row])

    def _children(self, event: Event, key: Key) -> list[Row]:
        values = whole(event.old, key.ref_places)
        return self.state.children(key, values) if values is not None else []

    def _doubt_texts(self, key: Key, side: str) -> None:
        if Lookup(side, key.key.oid) in self.state.strange:
            self.outcome.doubt("type", key.key.name, "Values of its type compare on the server alone.")


def _set_places(event: Event, key: Key) -> tuple[int, ...]:
    """The columns that an action writes: on update, a list of columns does not count."""
    return key.set_places if event.new is None else key.places


def _why(event: Event, key: Key) -> str:
    if event.trigger.action == "setdefault":
        return "the default is the value that goes"
    return f"rows refer to what goes from {key.parent.name}"
