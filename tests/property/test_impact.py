"""Thousands of random schemas: what reading says of a DELETE is what the DELETE does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.impact import way
from tests.property.judge import CannotMake, judged
from tests.property.making import case
from tests.support.servers import Server

CASES = 1000
UNCERTAIN = 0.03  # at most this share may be left open


class Connections:
    """A fresh database now and then: the catalog of one in which schemas come and go grows."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.used = 0
        self.opened = self._open()
        self.connection = next(self.opened)

    def next(self) -> psycopg.Connection:
        """The connection for one more case."""
        self.used += 1
        if self.used % 300 == 0:
            self.opened.close()
            self.opened = self._open()
            self.connection = next(self.opened)
        return self.connection

    def _open(self) -> Generator[psycopg.Connection, None, None]:
        with (
            self.server.new_database() as conninfo,
            psycopg.connect(conninfo, autocommit=True) as connection,
        ):
            yield connection


@pytest.mark.three_versions
def test_reading_says_what_the_delete_does(server: Server) -> None:
    connections = Connections(server)
    outcomes: Counter[str] = Counter()

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 10**9))
    def holds(seed: int) -> None:
        try:
            verdict = judged(connections.next(), case(seed, version=server.major), way=way(seed))
        except CannotMake:
            outcomes["impossible"] += 1
            return
        outcomes[verdict.outcome] += 1
        assert not verdict.difference, f"case {seed}: {verdict.difference}"

    try:
        holds()
    finally:
        connections.opened.close()
    print(f"PostgreSQL {server.major}: {dict(outcomes)}")
    assert outcomes["uncertain"] <= UNCERTAIN * outcomes.total()
    assert outcomes["impossible"] <= 0.02 * outcomes.total()
    assert min(outcomes["ok"], outcomes["blocked"]) >= 0.15 * outcomes.total()
