"""Two results of one preview side by side: what reading says, and what a rehearsal did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from queries.impact import Effect, Impact
from tui.figures import count

#: What can become of rows, in words, by the field of an Effect.
_FATES = {"deleted": "deleted", "set_null": "set null", "set_default": "set to default", "updated": "updated"}
_METHODS = {"read": "reading", "rehearsal": "rehearsal"}


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
            f"{count(number)} {said}" for field, said in _FATES.items() if (number := getattr(each, field))
        ]
        if words:
            yield each.table, ", ".join(words)
