"""The preview by reading: one READ ONLY transaction on one snapshot, also on a standby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import islice
from typing import Any

from psycopg import Connection, DatabaseError, errors

from queries.catalog import Catalog
from queries.connection import reading
from queries.impact.changes import Changes
from queries.impact.closure import Closure, Counted
from queries.impact.estimate import estimate
from queries.impact.facts import facts, reached
from queries.impact.models import Certainty, Deletion, Effect, Impact, Progress
from queries.impact.plain import is_plain
from queries.impact.queue import Queue
from queries.impact.schema import Schema
from queries.impact.store import MOST, Store, TooMany
from queries.impact.verdict import TOO_MANY, of_rows, of_sets
from queries.load import query

#: Blockers of which it is tried whether another order of rows would bring them to the front.
_WAYS = 20


class Way(Enum):
    """How to count; tests ask for one way to hold it against the other."""

    BEST = "best"
    SETS = "sets"
    ROWS = "rows"


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
        area = reached(connection, catalog, deletion.table)
        guesses = estimate(connection, deletion, catalog=catalog, reach=area)
        yield Progress(guesses, "from statistics")
        schema = facts(connection, area)
        for found in _read(connection, deletion, schema, way=way):
            yield replace(found, effects=_merged(guesses, found)) if isinstance(found, Progress) else found


def _merged(guesses: Sequence[Effect], found: Progress) -> tuple[Effect, ...]:
    """What is counted takes the place of what was guessed."""
    return tuple(
        ({each.table: each for each in guesses} | {each.table: each for each in found.effects}).values()
    )


def _read(
    connection: Connection[Any], deletion: Deletion, schema: Schema, *, way: Way
) -> Iterator[Progress | Impact]:
    """Set by set where no order can matter, else row by row; where that is too much, sets as an estimate."""
    if way is not Way.ROWS and is_plain(schema):
        counted = Counted()
        for counted in Closure(connection, schema, deletion).run():
            yield Progress(tuple(counted.effects.values()), "counted")
        if way is Way.SETS or _is_settled(counted):
            yield of_sets(deletion, schema, counted)
            return
    try:
        yield from _simulated(connection, deletion, schema)
    except TooMany:
        yield of_sets(deletion, schema, _roughly(connection, deletion, schema), doubts=(TOO_MANY,))


def _roughly(connection: Connection[Any], deletion: Deletion, schema: Schema) -> Counted:
    """What cascades lead to, where it isn't all that there is to it; nothing where sets can't compare it."""
    try:
        with connection.transaction():
            *_, counted = Closure(connection, schema, deletion).run()
    except errors.QueryCanceled:
        raise
    except DatabaseError:
        return Counted()
    return counted


def _is_settled(counted: Counted) -> bool:
    """Nothing is left that following the queue could tell, not even which blocker comes first."""
    if sum(effect.deleted for effect in counted.effects.values()) > MOST:
        return True
    return not counted.in_doubt and len(counted.blocked_by) < 2


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
            if backwards:
                continue  # the same rows in the reverse order: nothing to tell
            so_far = queue.outcome.effects(queue.state, target.root.text)
            yield Progress(
                tuple(replace(each, certainty=Certainty.ESTIMATE) for each in so_far),
                "following the triggers",
            )
        queues.append(queue)
        if queue.is_orderly(seeds):
            break
    for ahead in islice(queues[0].ways(), _WAYS if queues[0].has_one_first(queues[-1]) else 0):
        queue = Queue(store, schema, changes, ahead=ahead)
        for _ in queue.run(target, seeds):
            pass
        queues.append(queue)
        if not queue.has_one_first(queues[0]):
            break
    yield of_rows(deletion, schema, seeds, queues)
