"""A COMMIT whose answer never comes: the record's done events decide, or nobody can know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from queries import record, writing
from queries.apply import apply
from queries.errors import ConnectionLost
from queries.events import Answer
from queries.rollback import rollback
from tests.support.breaking import STEPS, answered, end_session, to_question
from tests.support.cut_at_commit import Cut, cut_at_commit
from tests.support.runs import Desk, desk, plan_of, state
from tests.support.two_tables import SCHEMA


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.mark.three_versions
@pytest.mark.parametrize("cut", list(Cut))
def test_an_answer_to_commit_that_never_comes_is_decided_by_the_record(
    at: Desk, connection: psycopg.Connection, cut: Cut
) -> None:
    before = state(connection)
    with cut_at_commit(at.conninfo, cut) as (place, is_armed), writing.work(place) as work:
        carried = apply(plan_of(*STEPS), work=work, record=at.record)
        to_question(carried)
        is_armed.set()
        answered(carried, is_lost=cut is not Cut.AFTER)
    assert at.last.state == ("applied" if cut is Cut.AFTER else "failed")
    if cut is Cut.AFTER:
        at.rollback()
    assert state(connection) == before


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
def test_the_same_on_the_way_back(at: Desk, connection: psycopg.Connection, cut: Cut) -> None:
    at.apply(*STEPS)
    applied = state(connection)
    with cut_at_commit(at.conninfo, cut) as (place, is_armed), writing.work(place) as work:
        carried = rollback(record.found(at.record, "last"), work=work, record=at.record)
        to_question(carried)
        is_armed.set()
        answered(carried, is_lost=cut is not Cut.AFTER)
    assert at.last.state == ("rolled back" if cut is Cut.AFTER else "applied")
    assert (state(connection) == applied) == (cut is not Cut.AFTER)


def test_a_commit_whose_record_is_lost_too_is_told_as_unknown(
    at: Desk, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cut_at_commit(at.conninfo, Cut.AFTER) as (place, is_armed), writing.work(place) as work:
        carried = apply(plan_of(*STEPS), work=work, record=at.record)
        to_question(carried)
        is_armed.set()
        execute = at.record.execute

        def last_breath(*given: Any) -> Any:
            answer = execute(*given)
            end_session(connection, at.record.info.backend_pid)
            return answer

        monkeypatch.setattr(at.record, "execute", last_breath)
        with pytest.raises(ConnectionLost) as caught:
            carried.send(Answer.COMMIT)
    assert caught.value.exit_code == 5
    with desk(at.conninfo) as another:
        assert another.last.state == "applied"
        another.rollback()
        assert another.last.state == "rolled back"
