"""Run the statements of a step, and ask the questions that it wants answered, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql

from queries.connection import expression
from queries.errors import ConnectionLost
from queries.load import query
from queries.steps import Refusal, SqlStep, Step


class TransactionEnded(ConnectionLost):
    """A person's own statement has ended the transaction; what came before it may be committed."""


def run(work: Connection[Any], statement: sql.Composable, *, step: Step) -> int:
    """One statement by the extended protocol, and what it has put off at once; gives the rows it touched.

    Raises TransactionEnded where it was a COMMIT in disguise.
    """
    was = _transaction(work) if step.wants_path else ""
    count = work.execute(sql.Composed([statement]), binary=True, prepare=False).rowcount
    if step.wants_path and _transaction(work) != was:
        raise TransactionEnded(
            f"Step {step.id} has ended the transaction.",
            means="What came before it may be committed; nothing after it was run.",
            do="`pgtether history` tells which steps are done.",
        )
    work.execute(query("apply/immediate"), {})
    return count


def met(work: Connection[Any], refusals: Sequence[Refusal]) -> str:
    """The first thing that must not be so and is, with its count; empty: none."""
    for refusal in refusals:
        answer = work.execute(sql.Composed([refusal.query]), prepare=False).fetchone()
        if answer and answer[0]:
            return f"{answer[0]:,} {refusal.means}"
    return ""


def unchecked(work: Connection[Any], step: Step) -> str:
    """What the check of a person's own statement answers where that isn't true; empty: it is."""
    if not isinstance(step, SqlStep) or not step.check:
        return ""
    answer = work.execute(expression(step.check), {}, binary=True, prepare=False).fetchone()
    if answer and answer[0] is True:
        return ""
    return f"its check answers {answer[0] if answer else 'no row'}"


def _transaction(work: Connection[Any]) -> str:
    answer = work.execute(query("apply/transaction"), {}).fetchone()
    return str(answer[0]) if answer else ""
