"""Predict a case by reading, do it for real, and say where the two differ."""

from __future__ import annotations

from typing import Any, NamedTuple

import psycopg

from queries.catalog import catalog
from queries.connection import reading
from queries.impact import Deletion, Impact, impact
from queries.impact.read import Way
from queries.names import TableName
from tests.property.actual import Actual, actual
from tests.property.cases import Case


class Verdict(NamedTuple):
    """``difference`` is empty where the prediction came true."""

    outcome: str
    difference: str
    warnings: tuple[str, ...] = ()


class CannotMake(Exception):
    """The server does not take the case's schema or rows."""


def judged(connection: psycopg.Connection[Any], case: Case, *, way: Way = Way.BEST) -> Verdict:
    """Make the case in a schema of its own, and remove it again; raises CannotMake."""
    try:
        connection.execute(
            "; ".join(["begin", "create schema s", "set local search_path = s", *case.statements, "commit"])
        )
    except psycopg.Error as error:
        connection.rollback()
        raise CannotMake(str(error)) from error
    try:
        connection.execute("set search_path = s")
        predicted = prediction(connection, case, way=way)
        verdict = _compared(predicted, actual(connection, case))
        if verdict.outcome == "blocked" and not verdict.difference:
            return verdict._replace(difference=_without_blockers(connection, case, predicted))
        return verdict
    finally:
        connection.execute("set client_min_messages = warning; drop schema s cascade")


def prediction(connection: psycopg.Connection[Any], case: Case, *, way: Way = Way.BEST) -> Impact:
    """What reading says."""
    with reading(connection):
        known = catalog(connection)
        table = known.find(TableName("s", case.target))
        assert table is not None
        *_, last = impact(connection, Deletion(table, case.where), catalog=known, way=way)
    assert isinstance(last, Impact)
    return last


def _without_blockers(connection: psycopg.Connection[Any], case: Case, predicted: Impact) -> str:
    """All blockers were named, and the effects are those without them: drop them and see.

    Only where nothing but keys that would do nothing else is in the way.
    """
    blocking = {blocker.constraint for blocker in predicted.blocked_by}
    keys = [key for key in case.keys if key.name in blocking]
    harmless = all(
        key.on_delete in ("restrict", "no action") and key.on_update in ("restrict", "no action")
        for key in keys
    )
    if None in blocking or not harmless:
        return ""
    for key in keys:
        connection.execute(" ".join(["alter table", key.child, "drop constraint", key.name]).encode())
    real = actual(connection, case)
    if real.refused or real.effects != _figures(predicted):
        return f"without the blockers: said {predicted}\nwas {real}"
    return ""


def _figures(predicted: Impact) -> dict[str, tuple[int, int, int]]:
    return {
        each.table.removeprefix("s."): (each.deleted, each.set_null, each.set_default + each.updated)
        for each in predicted.effects
        if each.deleted or each.changed
    }


def _compared(predicted: Impact, real: Actual) -> Verdict:
    kinds = tuple(sorted({warning.kind for warning in predicted.warnings}))
    outcome = "blocked" if real.refused else "ok"
    if predicted.outcome == "uncertain":
        return Verdict("uncertain", "", kinds)
    if predicted.outcome != outcome:
        return Verdict(outcome, f"said {predicted.outcome}: {predicted}\nwas {real}")
    if real.refused:
        first = predicted.blocked_by[0]
        said = (first.constraint, first.table.removeprefix("s."), first.sqlstate, first.at)
        was = (real.refused.constraint, real.refused.table, real.refused.sqlstate, real.refused.at)
        if said != was and "order" not in kinds:
            return Verdict(outcome, f"first blocker: said {said}, was {was}\n{predicted}\n{real}")
        return Verdict(outcome, "")
    if _figures(predicted) != real.effects or predicted.rows != real.rows:
        return Verdict(outcome, f"said {predicted}\nwas {real}")
    return Verdict(outcome, "")
