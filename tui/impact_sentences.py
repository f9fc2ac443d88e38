"""The preview of a delete in sentences: the verdict, how it is known, what a rehearsal says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from queries.impact import Blocker, Caution, Effect, Impact
from queries.impact.cost import Scan
from queries.impact.models import Certainty
from queries.impact.saved import SCRIPT
from queries.names import column_list
from tui.figures import about, count, counted

#: These are told beside the verdict; every other warning may be what makes it uncertain.
_BESIDE = ("disabled", "slow")
_WORDS = {
    "deleted": ("deleted", "delete"),
    "set_null": ("set null", "set null"),
    "set_default": ("set default", "set default"),
    "updated": ("updated", "update"),
}


def statement(table: str, where: str) -> str:
    """``DELETE FROM public.orders WHERE id = 42``, on one line."""
    return " ".join(("DELETE FROM", table, "WHERE", *where.split()))


def verdict(found: Impact) -> str:
    """One sentence."""
    sums = _sums(found.effects)
    if found.outcome == "blocked":
        return f"BLOCKED {_when(found.blocked_by)} by {_what(found.blocked_by)}; without that: {sums}."
    if found.outcome == "uncertain":
        return f"UNCERTAIN because {_because(found)} As far as it can be told: {sums}."
    if not found.rows:
        return "Would delete nothing: no row meets the condition."
    return f"Would {_sums(found.effects, verbs=True)}."


def so_far(effects: Sequence[Effect]) -> str:
    """What is known while it is being read."""
    if all(each.certainty is Certainty.ESTIMATE for each in effects):
        return f"Reading; from statistics about {_sums(effects)}."
    return f"Reading; so far {_sums(effects)}."


def stopped(effects: Sequence[Effect], *, uncounted: int) -> str:
    """What is counted and what isn't where a person has stopped it."""
    known = [each for each in effects if each.certainty is Certainty.EXACT]
    guessed = len(effects) - len(known)
    if not known:
        return "STOPPED before anything was counted: numbers are estimates from statistics."
    parts = [f"STOPPED, no verdict: at least {_sums(known)}"]
    parts += [f"{counted(guessed, 'table')} only estimated"] if guessed else []
    parts += [f"{counted(uncounted, 'table')} not counted"] if uncounted else []
    return "; ".join(parts) + "."


def method(found: Impact, *, at: str) -> str:
    """``read at 14:02:11, exact``."""
    return f"read at {at}, {certainty(found.effects)}"


def certainty(effects: Iterable[Effect]) -> str:
    """``exact``, or ``estimate`` where one number is."""
    return "estimate" if any(each.certainty is Certainty.ESTIMATE for each in effects) else "exact"


def number(rows: int | None, effect: Effect | None, *, unknown: str = "") -> str:
    """Rows of one line; an estimate says so."""
    if rows is None:
        return unknown
    is_estimate = effect is not None and effect.certainty is Certainty.ESTIMATE
    return f"about {count(rows)}" if is_estimate else count(rows)


def change(effect: Effect) -> str:
    """What becomes of the rows that stay: ``set null``, with numbers where it is more than one thing."""
    there = [(rows, done) for name, (done, _) in _WORDS.items() if (rows := getattr(effect, name))]
    changes = [(rows, done) for rows, done in there if done != "deleted"]
    if len(changes) == 1:
        return changes[0][1]
    return ", ".join(f"{count(rows)} {done}" for rows, done in changes)


def kind(caution: Caution) -> str:
    """``row security``."""
    return caution.kind.replace("_", " ")


def slow(scan: Scan) -> Caution:
    """The missing index that makes the DELETE itself slow."""
    place = f"{scan.key.child} ({column_list(scan.key.columns)})"
    message = (
        f"No index: the DELETE reads all of {scan.key.child}, about {about(scan.rows)} rows, "
        f"once for each of {counted(scan.parents, 'row')} of {scan.key.parent} that goes."
    )
    return Caution("slow", place, message)


def compared(read: Impact, rehearsed: Impact) -> str:
    """Whether the rehearsal came to what was read."""
    if rehearsed.outcome == "blocked":
        return _blocked_alike(read, rehearsed.blocked_by[0])
    if read.outcome == "blocked":
        return "DIFFERS: the rehearsal went through, though reading finds it blocked."
    one, other = (_by_table(each.effects) for each in (read, rehearsed))
    if tables := sorted(table for table in {*one, *other} if one.get(table) != other.get(table)):
        return f"DIFFERS: the rehearsal comes to other numbers in {', '.join(tables)}."
    return f"The rehearsal did the same: {_sums(rehearsed.effects)}."


def written(rows: Mapping[str, int], folder: Path) -> str:
    """What was saved, and how to go on."""
    told = f"{counted(sum(rows.values()), 'row')} in {counted(len(rows), 'file')}"
    return f"Wrote {told} to {folder}, exact and not masked; {SCRIPT} there puts them back."


def _by_table(effects: Iterable[Effect]) -> dict[str, tuple[int, ...]]:
    numbers = {each.table: tuple(getattr(each, name) for name in _WORDS) for each in effects}
    return {table: rows for table, rows in numbers.items() if any(rows)}


def _blocked_alike(read: Impact, met: Blocker) -> str:
    refused = f"the rehearsal was refused {_when([met])} by {_what([met])}"
    if any((each.table, each.constraint) == (met.table, met.constraint) for each in read.blocked_by):
        return f"T{refused[1:]}, as read; the server stops at the first."
    if read.outcome == "uncertain":
        return f"T{refused[1:]}; the server stops at the first."
    return f"DIFFERS: {refused}, of which reading says nothing."


def _because(found: Impact) -> str:
    reason = next((each for each in found.warnings if each.kind not in _BESIDE), None)
    if reason is None:
        return "it can't be known from outside."
    named = f"of {kind(reason)} {reason.object}: " if reason.object else ""
    message = reason.message if named else reason.message[:1].lower() + reason.message[1:]
    return named + message.rstrip(".") + "."


def _when(blockers: Sequence[Blocker]) -> str:
    return "at commit" if blockers and all(each.at == "commit" for each in blockers) else "at once"


def _what(blockers: Sequence[Blocker]) -> str:
    if len(blockers) == 1:
        return f"{blockers[0].constraint or blockers[0].why} of {blockers[0].table}"
    keys = sum(each.constraint is not None for each in blockers)
    parts = [counted(keys, "key")] if keys else []
    others = len(blockers) - keys
    parts += [counted(others, "refused value")] if others else []
    return " and ".join(parts)


def _sums(effects: Iterable[Effect], *, verbs: bool = False) -> str:
    """``1,284 rows deleted in 6 tables, 310 set null in 2``; or ``delete 1,284 rows in 6 tables, …``."""
    effects = tuple(effects)
    parts: list[str] = []
    for name, (done, do) in _WORDS.items():
        rows = [number for effect in effects if (number := getattr(effect, name))]
        if rows:
            total = count(sum(rows)) if parts else counted(sum(rows), "row")
            where = f"in {count(len(rows))}" if parts else f"in {counted(len(rows), 'table')}"
            parts.append(f"{do} {total} {where}" if verbs else f"{total} {done} {where}")
    return ", ".join(parts) or ("delete no rows" if verbs else "no rows")
