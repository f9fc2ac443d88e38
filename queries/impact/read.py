"""The preview by reading: one READ ONLY transaction on one snapshot, also on a standby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection

from queries.catalog import Catalog
from queries.connection import reading
from queries.impact.changes import Changes
from queries.impact.facts import facts
from queries.impact.models import Caution, Deletion, Effect, Impact, Progress
from queries.impact.queue import Queue
from queries.impact.reach import reach
from queries.impact.schema import Schema
from queries.impact.store import Row, Store
from queries.load import query, rows

_ORDER = Caution(
    "order",
    "",
    "The order in which the server comes upon the rows decides, and it can't be known from outside.",
)


def impact(
    connection: Connection[Any], deletion: Deletion, *, catalog: Catalog
) -> Iterator[Progress | Impact]:
    """An estimate, then counted numbers as they come in, at last the Impact.

    Joins an open transaction, which must be read only. Raises BadExpression where the server can't make
    sense of the condition, CannotConnect where the connection is lost.
    """
    # The savepoint takes our settings back where the caller's transaction goes on.
    with reading(connection), connection.transaction(force_rollback=True):
        connection.execute(query("impact/settings"), {})
        heirs = _heirs(connection, deletion)
        schema = facts(connection, reach(catalog, deletion.table, heirs=heirs))
        yield from _simulated(connection, deletion, schema)


def _heirs(connection: Connection[Any], deletion: Deletion) -> list[int]:
    if not deletion.table.inherited:
        return []
    return rows(connection, "impact/heirs", int, {"table": deletion.table.oid})


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
    yield _judged(deletion, seeds, queues, target.root.text)


def _judged(deletion: Deletion, seeds: Sequence[Row], queues: Sequence[Queue], target: str) -> Impact:
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
        warnings=tuple(doubts),
    )


def _plain(effects: Sequence[Effect]) -> set[tuple[object, ...]]:
    return {
        (each.table, each.deleted, each.set_null, each.set_default, each.updated)
        for each in effects
        if each.deleted or each.changed
    }
