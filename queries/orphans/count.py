"""Count orphans key by key: exact, in read-only transactions of their own, and told where that can't be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg import Connection, DatabaseError, errors, sql
from psycopg.rows import args_row

from queries.connection import reading
from queries.errors import Interrupted
from queries.load import query
from queries.masking import MASK
from queries.orphans.condition import CannotCompare, keyed, matches, orphan, source, verbatim
from queries.orphans.counted import OrphanCount, Sample, State, counted
from queries.orphans.reference import Reference
from queries.orphans.refusal import reason
from queries.orphans.settings import OutOfTime, choose_joins, prepare, within
from queries.steps.compose import Name

_ALL_OR_NONE = "MATCH FULL: a row of which only some key columns are null counts as an orphan"


@dataclass(frozen=True)
class Progress:
    """``done`` of ``of`` keys are counted; ``key`` is next."""

    done: int
    of: int
    key: str


class _Counts(NamedTuple):
    rows: int
    null_rows: int
    orphans: int


def orphans(
    connection: Connection[Any],
    references: Sequence[Reference],
    *,
    sample: int = 5,
    timeout: float | None = None,
) -> Iterator[Progress | OrphanCount]:
    """A Progress before and an OrphanCount after each key, big tables first.

    Each key has a snapshot of its own (a long one stops VACUUM), unless the caller has a transaction open.
    ``timeout``: seconds for a statement, by default the session's own limit. What can't be counted says so
    in its state. Raises Interrupted where a person cancelled.
    """
    ordered = sorted(references, key=_pages, reverse=True)
    for done, reference in enumerate(ordered):
        yield Progress(done, len(ordered), str(reference.key))
        try:
            answer = _answer(connection, reference, sample=sample, timeout=timeout)
        except errors.QueryCanceled as error:
            raise Interrupted(
                f"Looking for orphans was stopped with {done} of {len(ordered)} keys counted.",
                means="Reading changes nothing.",
            ) from error
        yield answer


def _pages(reference: Reference) -> int:
    return reference.child.pages + reference.parent.pages


def _answer(
    connection: Connection[Any], reference: Reference, *, sample: int, timeout: float | None
) -> OrphanCount:
    try:
        # The savepoint takes our settings back where the caller's transaction goes on.
        with reading(connection), connection.transaction(force_rollback=True):
            return _counted(connection, reference, sample=sample, timeout=timeout)
    except CannotCompare as error:
        return counted(reference, state=State.UNREADABLE, why=error.what)
    except OutOfTime as error:
        return counted(reference, state=State.UNFINISHED, why=f"it took longer than {error.seconds:g} s")
    except errors.QueryCanceled:
        raise
    except DatabaseError as error:
        state, why = reason(connection, reference, error)
        return counted(reference, state=state, why=why)


def _counted(
    connection: Connection[Any], reference: Reference, *, sample: int, timeout: float | None
) -> OrphanCount:
    same = matches(connection, reference)
    seconds = prepare(connection, reference, timeout=timeout)
    counts = _counts(connection, reference, same, seconds=seconds)
    found: Sample = ()
    why = [_ALL_OR_NONE] if reference.match_full and len(reference.columns) > 1 else []
    if counts.orphans and sample:
        try:
            found = _sample(connection, reference, same, limit=sample, seconds=seconds)
        except OutOfTime:
            why.append(f"finding some of them took longer than {seconds:g} s")
    return counted(reference, state=State.EXACT, why="; ".join(why), sample=found, **counts._asdict())


def _counts(
    connection: Connection[Any], reference: Reference, same: sql.Composable, *, seconds: float
) -> _Counts:
    statement = count_statement(reference, same)
    choose_joins(connection, reference, statement)
    with connection.cursor(row_factory=args_row(_Counts), binary=True) as cursor, within(seconds):
        (counts,) = cursor.execute(statement, {}, prepare=False).fetchall()
    return counts


def count_statement(reference: Reference, matches: sql.Composable) -> sql.Composed:
    """One pass over child and parent; run it with a mapping of parameters."""
    if reference.period:
        return query(
            "orphans/count_temporal",
            keyed=verbatim(keyed(reference)),
            orphan=verbatim(orphan(reference, matches=matches)),
            child=verbatim(source(reference.child)),
        )
    return query(
        "orphans/count",
        keyed=verbatim(keyed(reference)),
        ref_column=verbatim(Name(reference.ref_columns[0])),
        child=verbatim(source(reference.child)),
        parent=verbatim(source(reference.parent)),
        matches=verbatim(matches),
    )


def _sample(
    connection: Connection[Any],
    reference: Reference,
    same: sql.Composable,
    *,
    limit: int,
    seconds: float,
) -> Sample:
    """Key and primary key of some orphans; the key alone where this role may not read the primary key."""
    names = tuple(dict.fromkeys((*reference.columns, *reference.primary_key)))
    try:
        with connection.transaction(force_rollback=True):
            return _texts(connection, reference, same, names=names, limit=limit, seconds=seconds)
    except errors.InsufficientPrivilege:
        return _texts(connection, reference, same, names=reference.columns, limit=limit, seconds=seconds)


def _texts(
    connection: Connection[Any],
    reference: Reference,
    same: sql.Composable,
    *,
    names: Sequence[str],
    limit: int,
    seconds: float,
) -> Sample:
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(Name("c", name)) for name in names)
    statement = query(
        "orphans/sample",
        texts=verbatim(sql.SQL("array[{}]").format(texts)),
        child=verbatim(source(reference.child)),
        orphan=verbatim(orphan(reference, matches=same)),
    )
    with within(seconds):
        found = connection.execute(statement, {"sample": limit}, prepare=False).fetchall()
    mask = dict.fromkeys(reference.hidden, MASK)
    return tuple(dict(zip(names, row[0], strict=True)) | mask for row in found)
