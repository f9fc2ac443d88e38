"""Checks: one module each, found by being here.

A check has ``NAME``, ``SEVERITY`` (its worst), ``WHY``, ``NEEDS`` (result sets beside the catalog) and
``findings(facts, policy)``, a pure function.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from queries.facts import Facts
from queries.findings import Finding
from queries.models import Severity
from queries.policy import Policy


class Check(Protocol):
    """What a module in this package is."""

    NAME: str
    SEVERITY: Severity
    WHY: str
    NEEDS: tuple[str, ...]

    def findings(self, facts: Facts, policy: Policy) -> Iterator[Finding]:
        """What the check finds, in any order."""
        ...


@cache
def checks() -> dict[str, Check]:
    """Every check by its name, worst first, then by name."""
    found = (cast("Check", import_module(f"{__name__}.{module.name}")) for module in iter_modules(__path__))
    return {check.NAME: check for check in sorted(found, key=_worst_first)}


def _worst_first(check: Check) -> tuple[int, str]:
    return check.SEVERITY.rank, check.NAME
