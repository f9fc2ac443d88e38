"""An impact in words: the verdict in one sentence, and two results side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from queries.impact import Blocker, Effect, Impact
from tui.figures import count, counted

#: What can become of rows, in words, by the field of an Effect.
FATES = {"deleted": "deleted", "set_null": "set null", "set_default": "set to default", "updated": "updated"}
_METHODS = {"read": "reading", "rehearsal": "rehearsal"}


def verdict(impact: Impact) -> str:
    """``BLOCKED at statement by 1 key; without it: 1,284 rows deleted in 6 tables, 310 set null in 2``."""
    told = _told(impact.effects)
    if impact.outcome == "ok":
        return f"OK: {told}"
    if impact.outcome == "uncertain":
        reasons = list(dict.fromkeys(each.object or each.kind for each in impact.warnings))
        named = ", ".join(reasons[:3]) + (
            f" and {counted(len(reasons) - 3, 'more')}" if len(reasons) > 3 else ""
        )
        return f"UNCERTAIN because of {named or 'what follows'}; as far as can be seen: {told}"
    if impact.method == "rehearsal":
        first = impact.blocked_by[0]
        return (
            f"BLOCKED at {first.at} by {first.constraint or first.why}; the server stops at the first blocker"
        )
    without = "it" if len(impact.blocked_by) == 1 else "them"
    return f"BLOCKED at {_when(impact.blocked_by)} by {_what(impact.blocked_by)}; without {without}: {told}"


def _when(blockers: Sequence[Blocker]) -> str:
    return " and ".join(dict.fromkeys(each.at for each in blockers))


def _what(blockers: Sequence[Blocker]) -> str:
    keys = len({each.constraint for each in blockers if each.constraint})
    others = sum(each.constraint is None for each in blockers)
    words = [counted(keys, "key")] if keys else []
    return " and ".join([*words, *([counted(others, "refused value")] if others else [])])


def _told(effects: Sequence[Effect]) -> str:
    is_estimate = any(each.certainty != "exact" for each in effects)
    parts = [part for field, words in FATES.items() if (part := _fate(effects, field, words))]
    if not parts:
        return "no row is deleted or changed"
    # "rows" and "tables" are said once: with the first number.
    return ("about " if is_estimate else "") + ", ".join(
        [_first(parts[0]), *(f"{rows} {words} in {tables}" for rows, words, tables in parts[1:])]
    )


def _first(part: tuple[str, str, str]) -> str:
    rows, words, tables = part
    noun = "row" if rows == "1" else "rows"
    return f"{rows} {noun} {words} in {tables} {'table' if tables == '1' else 'tables'}"


def _fate(effects: Sequence[Effect], field: str, words: str) -> tuple[str, str, str] | None:
    numbers = [number for each in effects if (number := getattr(each, field))]
    return (count(sum(numbers)), words, count(len(numbers))) if numbers else None


def differing(one: Impact, other: Impact) -> Iterator[tuple[str, str, str, bool]]:
    """What, as one result has it, as the other has it, and whether they differ.

    A rehearsal that was stopped has no effects: only the first blocker can be compared then.
    """
    heads: list[tuple[str, str, str]] = [("outcome", one.outcome, other.outcome)]
    if "blocked" in (one.outcome, other.outcome):
        heads.append(("first blocker", _blocker(one), _blocker(other)))
    else:
        heads.append(("rows of the statement", count(one.rows), count(other.rows)))
    yield from ((what, a, b, a != b) for what, a, b in heads)
    if one.outcome == "blocked" or other.outcome == "blocked":
        return
    left, right = (dict(_figures(each.effects)) for each in (one, other))
    for table in dict.fromkeys((*left, *right)):
        a, b = left.get(table, "nothing"), right.get(table, "nothing")
        yield table, a, b, a != b


def heads(one: Impact, other: Impact) -> tuple[str, str, str, str]:
    """The columns of such a comparison."""
    return ("", _METHODS[one.method], _METHODS[other.method], "")


def _blocker(impact: Impact) -> str:
    if not impact.blocked_by:
        return "none"
    first = impact.blocked_by[0]
    return f"{first.constraint or first.table} ({first.sqlstate} at {first.at})"


def _figures(effects: Iterable[Effect]) -> Iterator[tuple[str, str]]:
    for each in effects:
        words = [
            f"{count(number)} {said}" for field, said in FATES.items() if (number := getattr(each, field))
        ]
        if words:
            yield each.table, ", ".join(words)
