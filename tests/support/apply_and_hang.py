"""A program of its own that applies a plan whose second step takes long: a test kills it in the middle."""

from __future__ import annotations

import sys

from queries.steps import SqlStep
from tests.support.runs import desk
from tests.support.two_tables import NULLABLE

if __name__ == "__main__":
    with desk(sys.argv[1]) as at:
        at.apply(NULLABLE, SqlStep(id="slow", forward=f"select pg_sleep({float(sys.argv[2])})"))
