"""Carry steps out, forward or back, in one transaction: a generator of events and of one question.

A face iterates and answers; it never decides anything. What is done commits together with its ``done``
events or not at all; starts, failures and the end are entered on the record's own connection.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, sql

from queries import locks, scope, trigger_order
from queries.catalog import Catalog
from queries.difference import difference
from queries.errors import Refused, StepFailed
from queries.events import (
    Answer,
    Detail,
    Done,
    Event,
    EventKind,
    Question,
    Skipped,
    Started,
)
from queries.load import query
from queries.record import Record
from queries.steps import Before, Settings, Step
from queries.steps.compose import text_of

Carried = Generator[Event | Question, Answer | None, None]

LOCK_TIMEOUT = "2s"
SHORT = "10s"
COUNTDOWN = 60.0
NOTHING = "Everything was rolled back: nothing was changed."


class Move(NamedTuple):
    """A step to carry out; on the way back with what it found when it started, and the parents it made."""

    step: Step
    forward: bool = True
    before: Before = Before()
    stubs: tuple[str, ...] = ()


@dataclass
class Carrier:
    """One transaction of moves. ``expected``: fingerprints of tables that must not have changed meanwhile."""

    work: Connection[Any]
    record: Record
    area: scope.Scope
    settings: Settings
    search_path: tuple[str, ...]
    countdown: float = COUNTDOWN
    differences: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def carry(self, moves: Sequence[Move]) -> Carried:
        """All moves, each behind a savepoint."""
        for move in moves:
            if move.forward:
                yield from self._forward(move.step)
            else:
                yield from self._back(move)

    def ask(self) -> Generator[Question, Answer | None, Answer]:
        """COMMIT or ROLLBACK, as often as more time is asked for: each asking starts the countdown again."""
        while True:
            self.work.execute(query("apply/still_here"), {})
            answer = yield Question(
                self.record.run,
                self.work.info.backend_pid,
                self.countdown,
                tuple(self.differences),
                locks.strongest(list(locks.held(self.work))),
                tuple(self.conflicts),
            )
            if answer in (Answer.COMMIT, Answer.ROLLBACK):
                return answer

    def _forward(self, step: Step) -> Carried:
        self._set(step)
        known = self.area.catalog(self.work)
        if absent := scope.missing(step, known):
            yield self._skipped(step, absent)
            return
        if step.is_done(known):
            yield self.record.write(step.id, EventKind.ALREADY, Detail(), on=self.work)
            return
        found = scope.before(self.work, step, known)
        statements = step.forward(found)
        yield self._begun(step, EventKind.STARTED, statements, found)
        done = self._run(step, statements, found, known, forward=True)
        yield self.record.write(step.id, EventKind.DONE, done, on=self.work)

    def _back(self, move: Move) -> Carried:
        step = move.step
        self._set(step)
        known = self.area.catalog(self.work)
        statements = step.back(move.before)
        yield self._begun(step, EventKind.UNDOING, statements, move.before)
        done = self._run(step, statements, move.before, known, forward=False)
        self.conflicts.extend(done.conflicts)
        yield self.record.write(step.id, EventKind.UNDONE, done, on=self.work)

    def _run(
        self,
        step: Step,
        statements: Sequence[sql.Composable],
        found: Before,
        known: Catalog,
        *,
        forward: bool,
    ) -> Done:
        began, held = time.monotonic(), locks.held(self.work)
        try:
            with self.work.transaction():
                then = scope.read(self.work, step, known)
                changed = self._execute(step, statements, found, forward=forward)
                now = scope.read(self.work, step, self.area.catalog(self.work))
                conflicts = () if forward else self._conflicts(step, found)
        except psycopg.Error as error:
            raise self._failed(step, error, known) from error
        said = difference(then, now)
        self.differences.extend(said)
        return Done(
            locks=locks.strongest(list(locks.held(self.work) - held)),
            rows=changed,
            ms=round((time.monotonic() - began) * 1000, 1),
            difference=said,
            conflicts=conflicts,
        )

    def _execute(
        self, step: Step, statements: Sequence[sql.Composable], found: Before, *, forward: bool
    ) -> int:
        if forward:
            self._refuse(step, found)
        counts = [self._statement(statement) for statement in statements]
        if step.remakes_key and statements:
            area = self.area.catalog(self.work)
            for restored in trigger_order.RESTORED:
                for statement in restored(found.tables, scope.read(self.work, step, area)):
                    self._statement(statement)
        if forward and (unproven := step.unproven(counts)):
            raise Refused(f"Step {step.id}: {unproven}", means=NOTHING)
        return max((count for count in counts if count > 0), default=0)

    def _statement(self, statement: sql.Composable) -> int:
        """One statement by the extended protocol; what it has put off is checked before the next one."""
        count = self.work.execute(sql.Composed([statement]), binary=True, prepare=False).rowcount
        self.work.execute(query("apply/immediate"), {})
        return count

    def _refuse(self, step: Step, found: Before) -> None:
        for refusal in step.refusals(found):
            answer = self.work.execute(sql.Composed([refusal.query]), prepare=False).fetchone()
            if answer and answer[0]:
                raise Refused(f"Step {step.id}: {answer[0]:,} {refusal.means}.", means=NOTHING)

    def _conflicts(self, step: Step, found: Before) -> tuple[str, ...]:
        asked = step.conflicts(found)
        if asked is None:
            return ()
        left = self.work.execute(sql.Composed([asked]), prepare=False).fetchall()
        return tuple(f"{step.id}: not put back: {', '.join(str(value) for value in row[0])}" for row in left)

    def _set(self, step: Step) -> None:
        own = step.settings or Settings()
        self.work.execute(
            query("apply/settings"),
            {
                "lock_timeout": own.lock_timeout or self.settings.lock_timeout or LOCK_TIMEOUT,
                "statement_timeout": own.statement_timeout
                or self.settings.statement_timeout
                or ("0" if step.is_long else SHORT),
                "search_path": ", ".join(f'"{name}"' for name in self.search_path) if step.wants_path else "",
                "run": str(self.record.run),
                "step": step.id,
            },
        )

    def _begun(
        self, step: Step, kind: EventKind, statements: Sequence[sql.Composable], found: Before
    ) -> Event:
        texts = tuple(text_of(statement) for statement in statements)
        return self.record.write(step.id, kind, Started(sql=texts, before=found))

    def _skipped(self, step: Step, absent: Sequence[str]) -> Event:
        why = f"{' and '.join(absent)} does not exist"
        if step.if_missing == "error":
            raise Refused(
                f"Step {step.id}: {why}.", means=NOTHING, do='`if_missing = "skip"` passes it over.'
            )
        return self.record.write(step.id, EventKind.SKIPPED, Skipped(why=why), on=self.work)

    def _failed(self, step: Step, error: psycopg.Error, known: Catalog) -> StepFailed:
        said = error.diag.message_primary or " ".join(str(error).split())
        if error.diag.message_detail:
            said += f" ({error.diag.message_detail})"
        who = ""
        if error.sqlstate == "55P03" and not self.record.connection.closed:
            tables = [table.oid for table in scope.subjects(step, known)]
            pid = self.work.info.backend_pid
            found = locks.holders(self.record.connection, tables=tables, pid=pid)
            who = "; ".join(session.text for session in found)
        return StepFailed(
            step.id,
            error.sqlstate or "08006",
            said,
            means=NOTHING,
            do=f"Locks are held by {who}. Try again when they are gone." if who else "",
        )
