"""A plan's steps as a list: what each does, the locks that it takes, and what these block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.models import LockMode
from queries.steps import Lock, Step


def step_list(steps: Sequence[Step], locks: Sequence[Sequence[Lock]]) -> Iterator[str]:
    """A numbered line a step, its locks below it, and what its way back can't do."""
    width = len(str(len(steps)))
    margin = " " * (width + 2)
    for number, (step, taken) in enumerate(zip(steps, locks, strict=True), 1):
        yield f"{number:>{width}}  {step.sentence()}"
        yield from (margin + line for line in lock_lines(taken))
        if step.back_warning:
            yield f"{margin}the way back: {step.back_warning}"


def lock_lines(locks: Sequence[Lock]) -> Iterator[str]:
    """``SHARE ROW EXCLUSIVE on public.orders, public.customers: blocks writes``, the strongest first."""
    for mode in sorted({lock.mode for lock in locks}, key=lambda mode: -mode.rank):
        tables = dict.fromkeys(lock.table for lock in locks if lock.mode is mode)
        yield f"{mode.value} on {', '.join(tables)}: {_blocks(mode)}"


def _blocks(mode: LockMode) -> str:
    if mode is LockMode.ROW_EXCLUSIVE:
        return "blocks only writes of the same rows"
    return f"blocks {mode.blocks}"
