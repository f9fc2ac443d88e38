"""What the tests of the sample systems share."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from queries.systems import SYSTEMS, System, system

#: A test of ``sample`` runs once for each system.
each_system = pytest.mark.parametrize("sample", [system(name) for name in SYSTEMS], ids=list(SYSTEMS))


def faults(sample: System) -> dict[str, Any]:
    """What is planted in the system."""
    return tomllib.loads(sample.faults.read_text("utf-8"))
