"""Which triggers a deleted, changed or moved row queues: AfterTriggerSaveEvent of trigger.c."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.impact.outcome import Outcome
from queries.impact.schema import Relation, Schema, Trigger, Values
from queries.impact.state import State
from queries.impact.store import Row


class Event(NamedTuple):
    """A trigger to be fired for a row; ``new`` is None where it was deleted."""

    trigger: Trigger
    relation: Relation  # the trigger's own
    row: Row
    old: Values
    new: Values | None
    version: int


class Events:
    """What has happened to rows and still has to be answered, in the order in which it happened."""

    def __init__(self, schema: Schema, state: State, outcome: Outcome) -> None:
        self.schema = schema
        self.state = state
        self.outcome = outcome
        self.queued: list[Event] = []

    def taken(self) -> list[Event]:
        """All that is queued so far; what comes later queues behind."""
        events, self.queued = self.queued, []
        return events

    def named(self, relation: Relation, *, is_delete: bool) -> None:
        """A statement names this table: its rules and its triggers for statements come to bear."""
        for rule in relation.rules:
            if rule.on_delete == is_delete:
                name = f"{rule.name} on {relation.table.text}"
                self.outcome.doubt("rule", name, "It rewrites the statement.")
        for trigger in relation.triggers:
            if not trigger.by_row and (trigger.on_delete if is_delete else trigger.on_update):
                self._meet(trigger, relation)

    def delete(self, row: Row) -> None:
        """The row goes."""
        old, relation = self.state.values(row), self.state.relation(row)
        self.state.delete(row)
        for trigger in self._by_row(relation, "on_delete"):
            if self._is_queued(trigger, old, None, is_ours=False):
                self.queued.append(Event(trigger, relation, row, old, None, 0))

    def update(self, row: Row, old: Values, new: Values) -> None:
        """The row gets new values where it lies."""
        is_ours, relation = row in self.state.now, self.state.relation(row)
        self.state.write(row, new, relation)
        version = self.state.versions[row]
        for trigger in self._by_row(relation, "on_update"):
            if self._is_queued(trigger, old, new, is_ours=is_ours):
                self.queued.append(Event(trigger, relation, row, old, new, version))

    def move(self, row: Row, old: Values, new: Values, to: Relation, *, named: Relation) -> None:
        """An UPDATE that moves the row: a DELETE, an INSERT, and from 15 on an UPDATE of the table named."""
        left, is_modern = self.state.relation(row), self.schema.version >= 150000
        self._refuse_middle(row, left, named)
        for trigger in self._by_row(left, "on_delete"):
            is_own = trigger.key in self.schema.keys and self.schema.keys[trigger.key].parent is left
            if (is_own or not is_modern) and self._is_queued(trigger, old, None, is_ours=False):
                self.queued.append(Event(trigger, left, row, old, None, 0))
        self.state.write(row, new, to)
        version = self.state.versions[row]
        for trigger in self._by_row(to, "on_insert"):
            self.queued.append(Event(trigger, to, row, old, new, version))
        for trigger in self._by_row(named, "on_update") if is_modern else ():
            if trigger.action != "check" and self._is_queued(trigger, old, new, is_ours=True):
                self.queued.append(Event(trigger, named, row, old, new, version))

    def _refuse_middle(self, row: Row, left: Relation, named: Relation) -> None:
        at = self.schema.relations.get(left.table.partition_of)
        while self.schema.version >= 150000 and at is not None and at is not named:
            if any(key.parent is at and key.key.actions_fire for key in self.schema.keys.values()):
                why = f"a key refers to {at.table.text}, and the row would move to another partition"
                self.outcome.refuse(None, left.name, "0A000", why, [row])
            at = self.schema.relations.get(at.table.partition_of)

    def _by_row(self, relation: Relation, event: str) -> Iterator[Trigger]:
        """The system's own, in the order in which they fire; a person's make all that follows unsure."""
        for trigger in relation.triggers:
            if trigger.by_row and getattr(trigger, event):
                if trigger.action == "user":
                    self._meet(trigger, relation)
                elif trigger.action != "recheck":
                    yield trigger

    def _is_queued(self, trigger: Trigger, old: Values, new: Values | None, *, is_ours: bool) -> bool:
        """RI_FKey_pk_upd_check_required and RI_FKey_fk_upd_check_required."""
        key = self.schema.keys.get(trigger.key)
        if key is None:
            return True
        if trigger.action != "check":
            is_changed = new is None or any(old[place] != new[place] for place in key.ref_places)
            return is_changed and whole(old, key.ref_places) is not None
        if new is None:
            return False
        nulls = sum(new[place] is None for place in key.places)
        if nulls:
            return key.key.match_full and nulls < len(key.places)
        before, after = whole(old, key.places), whole(new, key.places)
        if is_ours or before is None or after is None:
            return True  # a row that this transaction wrote is checked again, whatever it holds
        return before != after and (key.normal(before) is None or key.normal(before) != key.normal(after))

    def _meet(self, trigger: Trigger, relation: Relation) -> None:
        name = f"{trigger.name} on {relation.table.text}"
        self.outcome.doubt("trigger", name, "What it does can't be known from outside.")


def whole(values: Values, places: Sequence[int]) -> tuple[str, ...] | None:
    """The values at these places, None where one is null."""
    if len(places) == 1:
        value = values[places[0]]
        return None if value is None else (value,)
    found = tuple(value for place in places if (value := values[place]) is not None)
    return found if len(found) == len(places) else None
