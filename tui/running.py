"""A run as the console carries it out: on two connections of its own, opened and closed in its own thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from queries import record as records
from queries.apply import apply
from queries.connection import reading
from queries.engine import Carried
from queries.events import Event, Question
from queries.plan import Plan, parsed_plan
from queries.record import RunRow
from queries.rollback import rollback
from queries.writing import record, work
from tui.carrying import countdown
from tui.connecting import same_server
from tui.failures import failure, server_errors
from tui.stream import Stream, stream

if TYPE_CHECKING:
    from psycopg import Connection

Carry = Callable[["Connection[Any]", "Connection[Any]"], Carried]


class Running:
    """Opens nothing before its stream is asked for the first event; that is after a person has confirmed."""

    def __init__(self, conninfo: str, carry: Carry, *, made: Plan) -> None:
        self._conninfo = conninfo
        self._carry = carry
        self.made = made
        self._work: Connection[Any] | None = None

    @property
    def pid(self) -> int:
        """The server's process behind whose locks others wait; 0 while there is none."""
        return self._work.info.backend_pid if self._work is not None and not self._work.closed else 0

    def stream(self) -> Stream[Event | Question]:
        """Events and the question; raises only PgtetherError."""
        return stream(self._carried, self.stop)

    def stop(self) -> None:
        """Cancel the statement that runs, from any thread."""
        if self._work is not None:
            with suppress(*server_errors()):  # no way to the server: the statement's own end tells
                self._work.cancel_safe(timeout=5)

    def _carried(self) -> Carried:
        try:
            with closing(work(self._conninfo, countdown=countdown(self.made))) as working:
                self._work = working
                with closing(record(same_server(working))) as recording:
                    yield from self._carry(working, recording)
        except server_errors() as error:
            raise failure(error, reads=False) from error


def applying(conninfo: str, made: Plan, *, rehearse: bool = False) -> Running:
    """The plan carried out, or rehearsed."""

    def carry(working: Connection[Any], recording: Connection[Any]) -> Carried:
        return apply(made, work=working, record=recording, rehearse=rehearse, countdown=countdown(made))

    return Running(conninfo, carry, made=made)


def taking_back(conninfo: str, run: RunRow) -> Running:
    """The run taken back, as it stands when that begins."""
    made = parsed_plan(run.plan_text, path=f"the plan of run #{run.run}")

    def carry(working: Connection[Any], recording: Connection[Any]) -> Carried:
        with reading(recording):
            now = records.found(recording, str(run.run))
        yield from rollback(now, work=working, record=recording, countdown=countdown(made))

    return Running(conninfo, carry, made=made)
