"""Carry steps out, forward or back, in one transaction: a generator of events and of one question.

A face iterates and answers; it never decides anything. What is done commits together with its ``done``
events or not at all; starts, failures and the end are entered on the record's own connection.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, sql

from queries import locks, scope, statements, stubs, trigger_order
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
from queries.fingerprint import fingerprints
from queries.load import query
from queries.models import LockMode
from queries.names import column_list
from queries.plan import Plan
from queries.record import Record
from queries.steps import Before, Lock, Settings, SqlStep, Step
from queries.steps.compose import text_of

Carried = Generator[Event | Question, Answer | None, None]

COUNTDOWN = 60.0
NOTHING = "Everything was rolled back: nothing was changed."


class Move(NamedTuple):
    """A step to carry out; on the way back with what it found when it started, and the parents it made."""

    step: Step
    forward: bool = True
    before: Before = Before()
    stubs: tuple[str, ...] = ()


class Limits(NamedTuple):
    """Timeouts where the plan gives none: for a lock, for a short statement, for one that reads a table."""

    lock: str = "2s"
    short: str = "10s"
    long: str = "0"


APPLYING = Limits()
REHEARSING = Limits("1s", "30s", "30s")


@dataclass
class Carrier:
    """One transaction of moves. ``expected``: fingerprints of tables that no step has touched so far."""

    work: Connection[Any]
    record: Record
    area: scope.Scope
    plan: Plan
    countdown: float = COUNTDOWN
    limits: Limits = APPLYING
    expected: dict[str, str] = field(default_factory=dict)
    pid: int = 0
    step: str = ""  # the one that is at work
    is_ending: bool = False  # COMMIT is sent
    differences: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def carry(self, moves: Sequence[Move]) -> Carried:
        """All moves, each behind a savepoint."""
        self.pid = self.work.info.backend_pid
        for move in moves:
            self.step = move.step.id
            if move.forward:
                yield from self._forward(move.step)
            else:
                yield from self._back(move)
        self.step = ""

    def ask(self) -> Generator[Question, Answer | None, Answer]:
        """COMMIT or ROLLBACK, as often as more time is asked for: each asking starts the countdown again."""
        while True:
            self.work.execute(query("apply/still_here"), {})
            answer = yield Question(
                self.record.run,
                self.pid,
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
        self._refuse_drift(step, found, known)
        made = step.forward(found)
        yield self._begun(step, EventKind.STARTED, made, found)
        done = self._run(step, made, found, known, forward=True)
        yield self.record.write(step.id, EventKind.DONE, done, on=self.work)

    def _back(self, move: Move) -> Carried:
        step = move.step
        self._set(step)
        known = self.area.catalog(self.work)
        absent = scope.missing(step, known)
        now = Before(scope.read(self.work, step, known))
        why = f"{' and '.join(absent)} does not exist" if absent else step.obstacle(move.before, now, known)
        if why := why or statements.met(self.work, step.hindrances(move.before)):
            self.conflicts.append(f"{step.id}: not undone: {why}")
            left = Skipped(why=self.conflicts[-1], conflict=True)
            yield self.record.write(step.id, EventKind.SKIPPED, left, on=self.work)
            return
        made = step.undo(move.before, now)
        yield self._begun(step, EventKind.UNDOING, made, move.before)
        done = self._run(step, made, move.before, known, forward=False, old=move.stubs)
        self.conflicts.extend(done.conflicts)
        yield self.record.write(step.id, EventKind.UNDONE, done, on=self.work)

    def _run(
        self,
        step: Step,
        made: Sequence[sql.Composable],
        found: Before,
        known: Catalog,
        *,
        forward: bool,
        old: Sequence[str] = (),
    ) -> Done:
        began, held = time.monotonic(), locks.held(self.work)
        try:
            with self.work.transaction():
                then = scope.read(self.work, step, known)
                new = stubs.make(self.work, step, found) if forward and stubs.are_wanted(step) else ()
                changed, left = self._execute(step, made, found, forward=forward, old=old)
                now = scope.read(self.work, step, self.area.catalog(self.work))
                conflicts = () if forward else (*self._conflicts(step, found), *left)
        except psycopg.Error as error:
            raise self._failed(step, error, known) from error
        said = difference(then, now)
        self.differences.extend(said)
        return Done(
            locks=self._taken(held, foretold=step.locks(known) if forward else ()),
            rows=len(new) or changed,
            ms=round((time.monotonic() - began) * 1000, 1),
            difference=said,
            stubs=new,
            conflicts=conflicts,
        )

    def _taken(self, held: frozenset[Lock], *, foretold: Sequence[Lock]) -> tuple[Lock, ...]:
        """Locks that are new, and of those that a former step holds the ones that this step needs too."""
        now = locks.held(self.work)
        return locks.strongest([*(now - held), *(now & frozenset(foretold))])

    def _execute(
        self, step: Step, made: Sequence[sql.Composable], found: Before, *, forward: bool, old: Sequence[str]
    ) -> tuple[int, tuple[str, ...]]:
        """The rows that were changed, and the stubs that could not be removed."""
        if forward and (why := statements.met(self.work, step.refusals(found))):
            raise Refused(f"Step {step.id}: {why}.", means=NOTHING)
        counts = [statements.run(self.work, statement, step=step) for statement in made[:1]]
        left = stubs.remove(self.work, old) if old else ()
        counts += [statements.run(self.work, statement, step=step) for statement in made[1:]]
        if step.remakes_key and made:
            area = self.area.catalog(self.work)
            for restored in trigger_order.RESTORED:
                for statement in restored(found.tables, scope.read(self.work, step, area)):
                    statements.run(self.work, statement, step=step)
        if forward and (unproven := step.unproven(counts) or statements.unchecked(self.work, step)):
            raise Refused(f"Step {step.id}: {unproven}.", means=NOTHING)
        return max((count for count in counts if count > 0), default=0), left

    def _refuse_drift(self, step: Step, found: Before, known: Catalog) -> None:
        """Refuse where somebody has changed a table since the run began, then take it for our own."""
        now = fingerprints(found.tables)
        if drifted := [text for text, seen in now.items() if self.expected.get(text, seen) != seen]:
            raise Refused(
                f"Step {step.id}: {', '.join(drifted)} changed since the run began.",
                means=NOTHING,
                do="Look at what changed: `pgtether snapshot --fingerprint`.",
            )
        touched = {side for key in known.foreign_keys for side in (key.child, key.parent)
                   if {key.child, key.parent} & now.keys()} | now.keys()  # fmt: skip
        for text in list(self.expected) if isinstance(step, SqlStep) else touched:
            self.expected.pop(text, None)

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
                "lock_timeout": own.lock_timeout or self.plan.settings.lock_timeout or self.limits.lock,
                "statement_timeout": own.statement_timeout
                or self.plan.settings.statement_timeout
                or (self.limits.long if step.is_long else self.limits.short),
                "search_path": column_list(self.plan.search_path) if step.wants_path else "",
                "row_security": "on" if isinstance(step, SqlStep) else "off",  # off: an error, not fewer rows
                "run": str(self.record.run),
                "step": step.id,
            },
        )

    def _begun(self, step: Step, kind: EventKind, made: Sequence[sql.Composable], found: Before) -> Event:
        texts = tuple(text_of(statement) for statement in made)
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
        who = self._holders(step, known) if error.sqlstate == "55P03" else ""
        return StepFailed(
            step.id,
            error.sqlstate or "08006",
            said,
            means=NOTHING,
            do=f"Locks are held by {who}. Try again when they are gone." if who else "",
        )

    def _holders(self, step: Step, known: Catalog) -> str:
        """Who stood in the way; readers only where the step keeps readers out."""
        tables = {part.oid for table in scope.subjects(step, known) for part in scope.family(known, table)}
        modes = {lock.mode for lock in step.locks(known)}
        readers_too = not modes or LockMode.ACCESS_EXCLUSIVE in modes
        with suppress(psycopg.Error):  # the step's own failure is what counts
            found = locks.holders(
                self.record.connection, tables=sorted(tables), pid=self.pid, readers_too=readers_too
            )
            return "; ".join(session.text for session in found)
        return ""
