"""A preview of a DELETE as it comes in: a line on the terminal, and what is known when a person stops it."""

from __future__ import annotations

from collections.abc import Iterable

from queries.errors import Interrupted
from queries.impact import Impact, Progress
from tui.figures import count, counted
from tui.output import progress


def followed(answers: Iterable[Progress | Impact]) -> Impact:
    """The last answer, with the others shown on the way; raises Interrupted, saying what is exact."""
    last, found = Progress(()), None
    try:
        for each in answers:
            if isinstance(each, Impact):
                found = each
            else:
                last = each
                progress(_line(each))
    except KeyboardInterrupt:
        progress("")
        raise Interrupted("Stopped before the preview was whole.", means=_known(last)) from None
    finally:
        progress("")
    assert found is not None
    return found


def _line(so_far: Progress) -> str:
    exact = sum(each.certainty == "exact" for each in so_far.effects)
    rows = sum(each.deleted + each.changed for each in so_far.effects)
    tables = f"{count(exact)} of {counted(len(so_far.effects), 'table')} counted"
    return f"{tables}, {counted(rows, 'row')} so far" + (f": {so_far.note}" if so_far.note else "")


def _known(so_far: Progress) -> str:
    """Which numbers can be relied on, and which can't."""
    if not so_far.effects:
        return "Nothing is known yet. Nothing was changed: this only reads."
    exact = [each for each in so_far.effects if each.certainty == "exact"]
    others = [each.table for each in so_far.effects if each.certainty != "exact"]
    told = [f"{each.table} ({count(each.deleted)} deleted, {count(each.changed)} changed)" for each in exact]
    lines = [f"Counted: {', '.join(told) or 'nothing'}."]
    if others:
        lines.append(f"Only estimated: {', '.join(others)}.")
    lines.append("Tables that aren't named here may still lose rows. Nothing was changed: this only reads.")
    return "\n".join(lines)
