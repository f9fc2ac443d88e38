"""A plan applied, and a run rolled back, by a person's keys; and a run that only has to be drawn."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

from queries.events import Answer, Detail, Done, Ended, Event, EventKind, Question
from queries.models import LockMode
from queries.plan import Plan
from queries.steps import Lock
from tests.support.console import Person
from tests.support.two_tables import INDEX, KEY, REPAIR, VALID
from tui.run_outcome import RunWords
from tui.running import Running
from tui.stream import Stream, stream

ASKED = "ROLLBACK by itself in"


async def begin(person: Person, key: str) -> None:
    """Press the key that begins a run, agree, and wait for the question at its end."""
    await person.press(key, "tab")
    await person.press_and_go_on("enter")
    await person.until(ASKED)


async def commit(person: Person, *, told: str) -> None:
    """Choose COMMIT, wait until the outcome is told, and go back."""
    await person.press_and_go_on("tab")
    await person.press_and_go_on("enter")
    await person.until(told)
    await person.press("enter")


class Drawn(Running):
    """A run with canned events: the same times and locks in every picture."""

    def __init__(self) -> None:
        super().__init__("", lambda *_: _told(), made=MADE)

    def stream(self) -> Stream[Event | Question]:
        """The events, and the question."""
        return stream(_told, lambda: None)


MADE = Plan(schema_version=1, name="shop", step=(INDEX, KEY, REPAIR, VALID))
WORDS = RunWords(
    "Apply shop: 4 steps, database shop on db1.prod:5432",
    "COMMIT keeps all of it, on record with a way back. ROLLBACK undoes it.",
    {"rolled back": "ROLLED BACK. Everything was rolled back: nothing was changed."},
    "applied",
    "rolled back",
)
_ORDERS = "public.orders"
_DONE = {
    INDEX.id: Done(
        locks=(Lock(_ORDERS, LockMode.SHARE),),
        ms=5512,
        difference=("index orders_user_idx on orders is new",),
    ),
    KEY.id: Done(
        locks=(
            Lock(_ORDERS, LockMode.SHARE_ROW_EXCLUSIVE),
            Lock("public.users", LockMode.SHARE_ROW_EXCLUSIVE),
        ),
        ms=12,
        difference=("orders.user_id now refers to users.id, ON DELETE CASCADE, not validated (orders_user)",),
    ),
    REPAIR.id: Done(locks=(Lock(_ORDERS, LockMode.ROW_EXCLUSIVE),), ms=240, rows=1904),
    VALID.id: Done(ms=1733, difference=("orders_user of orders is valid now",)),
}


def _told() -> Generator[Event | Question, Any, None]:
    def event(step: str | None, kind: EventKind, what: Detail) -> Event:
        return Event(7, step, kind, datetime(2026, 11, 1, tzinfo=UTC), what)

    yield event(None, EventKind.STARTED, Detail())
    for step in MADE.step:
        yield event(step.id, EventKind.STARTED, Detail())
        yield event(step.id, EventKind.DONE, _DONE[step.id])
    locks = (Lock(_ORDERS, LockMode.SHARE_ROW_EXCLUSIVE), Lock("public.users", LockMode.SHARE_ROW_EXCLUSIVE))
    differences = tuple(said for done in _DONE.values() for said in done.difference)
    answer = yield Question(7, 4211, 60, differences, locks)
    assert answer is Answer.ROLLBACK
    yield event(None, EventKind.ENDED, Ended(outcome="rolled back"))
