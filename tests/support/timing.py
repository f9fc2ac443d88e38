"""How long each group of tests took, against the time that it may take."""

from __future__ import annotations

from collections import defaultdict

import pytest

BUDGETS = {
    "unit": 15,
    "house": 15,
    "server": 180,
    "property": 90,
    "systems": 60,
    "screens": 90,
    "faults": 180,
}  # seconds, with two workers

_seconds: defaultdict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test's set-up, call and tear-down to its group."""
    parts = report.nodeid.split("/")
    _seconds[parts[1] if len(parts) > 2 else parts[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print each group's seconds, its tests' time shared out among the workers; above its budget it warns."""
    workers = len(getattr(config.option, "tx", None) or ()) or 1
    if _seconds:
        terminalreporter.section("seconds a group")
    for group, spent in sorted(_seconds.items()):
        seconds, budget = spent / workers, BUDGETS.get(group)
        late = budget is not None and seconds > budget
        warning = f"  WARNING: the budget is {budget} s" if late else ""
        terminalreporter.write_line(f"{group:<10}{seconds:7.1f} s{warning}", yellow=late)
