"""Events are kept as JSON and come back as they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from queries.definitions import ColumnDefinition, ConstraintDefinition, KeyTrigger, TableDefinition
from queries.events import (
    Answer,
    Detail,
    Done,
    Ended,
    Event,
    EventKind,
    FailedStep,
    Question,
    Skipped,
    Started,
    detail,
)
from queries.models import LockMode, OnDelete
from queries.steps import Before, Lock

TABLE = TableDefinition(
    'public."Or""ders"',
    columns=(ColumnDefinition("é %", "text", True, "'x'::text", "a", "", None, "it's"),),
    constraints=(
        ConstraintDefinition(
            "public.a", "k", "f", "FOREIGN KEY", False, True, None, ("a",), "public.b", ("b",),
            OnDelete.SET_NULL, ("operator(pg_catalog.=)",), True,
        ),
    ),
    triggers=(KeyTrigger("RI_1", "delete", "D", False, "public.a", "k"),),
)  # fmt: skip

DETAILS = [
    (EventKind.STARTED, Started(sql=("select 1",), before=Before({TABLE.table: TABLE}, "c.a is not null"))),
    (EventKind.UNDOING, Started()),
    (
        EventKind.DONE,
        Done(locks=(Lock("public.a", LockMode.SHARE),), rows=3, ms=1.5, difference=("a",), conflicts=("b",)),
    ),
    (EventKind.UNDONE, Done(stubs=('{"id": 1}',))),
    (EventKind.SKIPPED, Skipped(why="not there")),
    (EventKind.FAILED, FailedStep(sqlstate="23503", message="no", holders=("pid 1",))),
    (EventKind.ENDED, Ended(outcome="applied", conflicts=("c",))),
    (EventKind.ALREADY, Detail()),
    (EventKind.CONFIRMED, Detail()),
]


@pytest.mark.parametrize(("kind", "what"), DETAILS)
def test_a_detail_comes_back_from_json_as_it_was(kind: EventKind, what: Detail) -> None:
    stored = json.loads(json.dumps(what.model_dump(mode="json")))
    assert detail(str(kind), stored) == what


def test_a_detail_that_this_program_does_not_know_is_an_error() -> None:
    with pytest.raises(ValidationError):
        detail("ended", {"outcome": "applied", "more": 1})
    with pytest.raises(ValueError, match="burst"):
        detail("burst", {})


def test_a_summary_is_what_is_equal_everywhere() -> None:
    event = Event(7, "key", EventKind.DONE, datetime.now(UTC), Done(ms=3.0))
    assert event.summary == ("key", "done")


def test_a_question_offers_all_answers() -> None:
    assert Question(1, 2, 60.0).choices == tuple(Answer)
