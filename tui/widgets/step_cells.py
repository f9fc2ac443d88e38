"""Steps of a plan and of a run as rows of line tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from queries.catalog import Catalog
from queries.events import Done, Event, EventKind, FailedStep, Skipped
from queries.models import LockMode
from queries.steps import Lock, RepairOrphans, SqlStep, Step
from tui.figures import count
from tui.widgets.columns import Cell, Column, Look, Row, text_of

PLANNED = (
    Column("", right=True),
    Column("step", flexible=True, least=24, most=76),
    Column("lock", optional=True),
    Column("blocks"),
    Column("state", flexible=True, least=10),
)
CARRIED = (
    Column("", right=True),
    Column("step", flexible=True, least=20, most=76),
    Column("state", flexible=True, least=8, most=40),
    Column("rows", right=True),
    Column("time", right=True),
    Column("lock", optional=True),
    Column("blocks", optional=True),
)
PENDING: tuple[Cell, ...] = ("", "", "", "", "")


def planned_row(number: int, step: Step, sentence: str, locks: Sequence[Lock], state: Cell) -> Row:
    """A step with the strongest lock that it will take, and what that blocks."""
    lock, blocks = ("not known", "not known") if isinstance(step, SqlStep) else lock_cells(locks)
    return (f"{number}", sentence, lock, blocks, state)


def carried_cells(event: Event) -> tuple[Cell, ...]:
    """What is behind a step's sentence in ``CARRIED``, by the last that was told of it."""
    what = event.detail
    if isinstance(what, Done):
        lock, blocks = lock_cells(what.locks)
        done = "undone" if event.kind is EventKind.UNDONE else "done"
        rows = count(what.rows) if what.rows else ""
        return (Look(done, "good"), rows, duration(what.ms), lock, blocks)
    if isinstance(what, FailedStep):
        return (Look(f"failed: {what.message}", "wrong"), "", "", "", "")
    if isinstance(what, Skipped):
        left = Look(f"left: {what.why}", "warning") if what.conflict else f"skipped: {what.why}"
        return (left, "", "", "", "")
    return (_SAID.get(event.kind, str(event.kind)), "", "", "", "")


_SAID: dict[EventKind, Cell] = {
    EventKind.STARTED: Look("running", "strong"),
    EventKind.UNDOING: Look("undoing", "strong"),
    EventKind.ALREADY: "so already",
}


def lock_cells(locks: Sequence[Lock]) -> tuple[Cell, Cell]:
    """The strongest lock and what it blocks, in words."""
    if not locks:
        return ("", "nothing")
    mode = max((lock.mode for lock in locks), key=lambda mode: mode.rank)
    blocks = blocked(mode)
    return (mode.value, Look(blocks, "warning") if mode is LockMode.ACCESS_EXCLUSIVE else blocks)


def blocked(mode: LockMode) -> str:
    """What waits behind the lock."""
    return "the same rows" if mode is LockMode.ROW_EXCLUSIVE else mode.blocks


def duration(ms: float) -> str:
    """``5 ms``, ``5.5 s``, ``3:20 min``."""
    if ms < 1000:
        return f"{ms:.0f} ms"
    seconds = ms / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:,.0f}:{seconds % 60:02.0f} min"


def sentence_of(step: Step, catalog: Catalog) -> str:
    """The step in a few words, tables without the schema where the search path finds them."""
    said = step.sentence()
    if isinstance(step, RepairOrphans):  # what was decided is its state
        said = said.removesuffix(f": {step.by}")
    return without_schema(said, catalog)


def without_schema(text: str, catalog: Catalog) -> str:
    """The text with the search path's own schemas left out, for reading, not for running."""
    for schema in catalog.search_path:
        text = re.sub(rf'(?<![\w"$.]){re.escape(schema)}\.(?=[\w"])', "", text)
    return text


def given_up(cells: tuple[Cell, ...], said: str) -> tuple[Cell, ...]:
    """The same of a step that was rolled back with the others; one that failed or was skipped stays so."""
    went_through = text_of(cells[0]) in ("done", "undone", "running", "undoing")
    return (said, *cells[1:]) if went_through else cells


def failed(states: Mapping[str, Sequence[Cell]]) -> str:
    """The id of the step that failed; empty where none did."""
    return next((step for step, cells in states.items() if text_of(cells[0]).startswith("failed")), "")


def in_one_cell(cells: Sequence[Cell]) -> Cell:
    """What came of a step, as its state in the plan."""
    state, rows, took = cells[0], text_of(cells[1]), text_of(cells[2])
    parts = [text_of(state), took, f"{rows} {'row' if rows == '1' else 'rows'}" if rows else ""]
    said = "  ".join(part for part in parts if part)
    return said if isinstance(state, str) else state._replace(text=said)
