"""What the numbers come to: ok, blocked, or uncertain with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from queries.impact.closure import Counted
from queries.impact.models import Caution, Certainty, Deletion, Effect, Impact
from queries.impact.queue import Queue
from queries.impact.schema import Schema
from queries.impact.store import MOST, Row

_WHEN = "Its rows refer to what goes and go themselves later: the order of triggers decides."
_WHICH = (
    "Of several keys that refuse it, the server names the one that it meets first: it may be any of these."
)
_ORDER = Caution(
    "order",
    "",
    "The order in which the server comes upon the rows decides, and it can't be known from outside.",
)
TOO_MANY = Caution(
    "size", "", f"More than {MOST:,} rows are concerned, too many to follow the order of triggers row by row."
)


def of_sets(
    deletion: Deletion, schema: Schema, counted: Counted, *, doubts: Sequence[Caution] = ()
) -> Impact:
    """From the closure; ``doubts`` say why it is only an estimate, and then nothing is sure to refuse."""
    in_doubt = tuple(Caution("order", key.key.name, _WHEN) for key in counted.in_doubt)
    which = (Caution("order", "", _WHICH),) if len(counted.blocked_by) > 1 else ()
    is_blocked = bool(counted.blocked_by) and not doubts
    is_exact = not (doubts or in_doubt)
    effects = counted.effects.values()
    return Impact(
        table=deletion.table.text,
        where=deletion.where,
        method="read",
        outcome="blocked" if is_blocked else "ok" if is_exact else "uncertain",
        rows=counted.seeds,
        effects=tuple(each if is_exact else replace(each, certainty=Certainty.ESTIMATE) for each in effects),
        blocked_by=tuple(counted.blocked_by),
        warnings=(*doubts, *in_doubt, *which, *_silent(schema)),
    )


def of_rows(deletion: Deletion, schema: Schema, seeds: Sequence[Row], queues: Sequence[Queue]) -> Impact:
    """From the queue, followed with rows in their order, and where that can matter in the reverse."""
    target = schema.relations[deletion.table.oid].name
    forwards = queues[0]
    effects = [queue.outcome.effects(queue.state, target) for queue in queues]
    doubts = dict.fromkeys(_unseen(schema))
    for queue in queues:
        doubts |= queue.outcome.doubts
    is_blocked = [queue.outcome.is_certainly_blocked() for queue in queues]
    if not all(is_blocked) and (
        any(is_blocked) or any(_plain(each) != _plain(effects[0]) for each in effects)
    ):
        doubts[_ORDER] = None
    which = []
    if all(is_blocked) and len({queue.outcome.first for queue in queues}) > 1:
        which.append(Caution("order", "", _WHICH))
    return Impact(
        table=deletion.table.text,
        where=deletion.where,
        method="read",
        outcome="blocked" if all(is_blocked) else "uncertain" if doubts else "ok",
        rows=len(seeds),
        effects=effects[0],
        blocked_by=forwards.outcome.blocked_by,
        warnings=(*doubts, *which, *_silent(schema)),
    )


def _unseen(schema: Schema) -> Iterator[Caution]:
    """Tables of which this role does not see all rows: the keys act on those too."""
    for family in schema.reach.families.values():
        if not family.root.readable:
            yield Caution("privilege", family.root.text, "This role may not read it.")
        elif family.root.row_security:
            why = "Row security hides rows from this role; keys act on them all the same."
            yield Caution("row_security", family.root.text, why)


def _silent(schema: Schema) -> Iterator[Caution]:
    """Keys that would act on what is deleted, but for being switched off."""
    for key in schema.keys.values():
        if key.parent.root.oid in schema.reach.deleted and not key.key.actions_fire:
            why = "It is switched off: rows that refer to what goes stay behind as orphans."
            yield Caution("disabled", key.key.name, why)


def _plain(effects: Sequence[Effect]) -> set[tuple[object, ...]]:
    return {
        (each.table, each.deleted, each.set_null, each.set_default, each.updated)
        for each in effects
        if each.deleted or each.changed
    }
