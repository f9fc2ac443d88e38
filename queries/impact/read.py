"""The preview by reading: one READ ONLY transaction on one snapshot, also on a standby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog
from queries.connection import reading
from queries.impact.changes import Changes
from queries.impact.closure import Closure, Counted
from queries.impact.facts import facts, reached
from queries.impact.models import Caution, Certainty, Deletion, Effect, Impact, Progress
from queries.impact.plain import is_plain
from queries.impact.queue import Queue
from queries.impact.schema import Schema
from queries.impact.store import MOST, Row, Store, TooMany
from queries.load import query


class Way(Enum):
    """How to count; tests ask for one way to hold it against the other."""

    BEST = "best"
    SETS = "sets"
    ROWS = "rows"


_WHEN = "Its rows refer to what goes and go themselves later: the order of triggers decides."
_TOO_MANY = Caution(
    "size", "", f"More than {MOST:,} rows are concerned, too many to follow the order of triggers row by row."
)
_ORDER = Caution(
    "order",
    "",
    "The order in which the server comes upon the rows decides, and it can't be known from outside.",
)


def impact(
    connection: Connection[Any], deletion: Deletion, *, catalog: Catalog, way: Way = Way.BEST
) -> Iterator[Progress | Impact]:
    """An estimate, then counted numbers as they come in, at last the Impact.

    Joins an open transaction, which must be read only. Raises BadExpression where the server can't make
    sense of the condition, CannotConnect where the connection is lost.
    """
    # The savepoint takes our settings back where the caller's transaction goes on.
    with reading(connection), connection.transaction(force_rollback=True):
        connection.execute(query("impact/settings"), {})
        schema = facts(connection, reached(connection, catalog, deletion.table))
        yield from _read(connection, deletion, schema, way=way)


def _read(
    connection: Connection[Any], deletion: Deletion, schema: Schema, *, way: Way
) -> Iterator[Progress | Impact]:
    """Set by set where no order can matter, else row by row; where that is too much, sets as an estimate."""
    counted = None
    if way is not Way.ROWS and is_plain(schema):
        for counted in Closure(connection, schema, deletion).run():
            yield Progress(tuple(counted.effects.values()))
        if counted is not None and (way is Way.SETS or _is_settled(counted)):
            yield _of_sets(deletion, schema, counted)
            return
    try:
        yield from _simulated(connection, deletion, schema)
    except TooMany:
        if counted is None:
            *_, counted = Closure(connection, schema, deletion).run()
        yield _of_sets(deletion, schema, counted, doubts=(_TOO_MANY,))


def _is_settled(counted: Counted) -> bool:
    """Nothing is left that an order decides, not even which blocker comes first."""
    return not counted.in_doubt and len(counted.blocked_by) < 2


def _of_sets(
    deletion: Deletion, schema: Schema, counted: Counted, *, doubts: Sequence[Caution] = ()
) -> Impact:
    in_doubt = [Caution("order", key.key.name, _WHEN) for key in counted.in_doubt]
    certain = counted.blocked_by
    doubts = (*doubts, *in_doubt)
    effects = counted.effects.values()
    return Impact(
        table=deletion.table.text,
        where=deletion.where,
        method="read",
        outcome="blocked" if certain else "uncertain" if doubts else "ok",
        rows=counted.seeds,
        effects=tuple(replace(each, certainty=Certainty.ESTIMATE) if doubts else each for each in effects),
        blocked_by=tuple(certain),
        warnings=(*doubts, *silent(schema)),
    )


def _simulated(
    connection: Connection[Any], deletion: Deletion, schema: Schema
) -> Iterator[Progress | Impact]:
    store = Store(connection, schema)
    changes = Changes(connection, store, schema)
    target = schema.relations[deletion.table.oid]
    seeds = store.seeds(deletion)
    queues = []
    for backwards in (False, True):
        queue = Queue(store, schema, changes, backwards=backwards)
        for _ in queue.run(target, seeds):
            yield Progress(queue.outcome.effects(queue.state, target.root.text))
        queues.append(queue)
    yield _judged(deletion, schema, seeds, queues)


def _judged(deletion: Deletion, schema: Schema, seeds: Sequence[Row], queues: Sequence[Queue]) -> Impact:
    target = schema.relations[deletion.table.oid].root.text
    forwards, backwards = queues
    effects = [queue.outcome.effects(queue.state, target) for queue in queues]
    doubts = {**forwards.outcome.doubts, **backwards.outcome.doubts}
    is_blocked = [queue.outcome.is_certainly_blocked() for queue in queues]
    if not all(is_blocked) and (any(is_blocked) or _plain(effects[0]) != _plain(effects[1])):
        doubts[_ORDER] = None
    return Impact(
        table=deletion.table.text,
        where=deletion.where,
        method="read",
        outcome="blocked" if all(is_blocked) else "uncertain" if doubts else "ok",
        rows=len(seeds),
        effects=effects[0],
        blocked_by=forwards.outcome.blocked_by,
        warnings=(*doubts, *silent(schema)),
    )


def silent(schema: Schema) -> Iterator[Caution]:
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
