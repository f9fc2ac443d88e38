"""A run as JSON: what ``history`` lists and ``apply`` and ``rollback`` print of their own run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from queries.history import Run, StepRun


def runs_document(runs: Iterable[Run]) -> dict[str, Any]:
    """Those that ``history`` lists."""
    return {"runs": [run_document(each) for each in runs]}


def run_document(run: Run) -> dict[str, Any]:
    """Times in ISO 8601 with their offset; ``run`` is null for a rehearsal."""
    return {
        "run": run.run,
        "plan": run.plan,
        "state": run.state,
        "mode": run.mode,
        "started": _time(run.started),
        "finished": _time(run.finished),
        "by": run.by,
        "steps": [_step(step) for step in run.steps],
        "parked": [
            {"step": each.step, "table": each.relation, "change": each.change, "rows": each.rows}
            for each in run.parked
        ],
        "conflicts": list(run.conflicts),
        "why": run.why,
    }


def _step(step: StepRun) -> dict[str, Any]:
    return {
        "id": step.step,
        "kind": step.kind,
        "sentence": step.sentence,
        "state": step.state,
        "at": _time(step.at),
        "ms": step.ms,
        "rows": step.rows,
        "locks": [{"table": table, "mode": mode} for table, mode in step.locks],
        "difference": list(step.difference),
        "why": step.why,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
