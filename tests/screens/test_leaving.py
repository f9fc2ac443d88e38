"""Signals in the middle of a run: rolled back, on record, the terminal given back."""

from __future__ import annotations

import signal

import psycopg
import pytest

from queries.history import history
from tests.screens.conftest import GAZTIME
from tests.support.runs import state
from tests.support.terminal_process import terminal_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_rolls_an_open_transaction_back_and_gives_the_terminal_back(
    untouched: str, connection: psycopg.Connection, number: signal.Signals
) -> None:
    former = state(connection)
    with terminal_process("--policy", str(GAZTIME.policy), "-d", untouched) as console:
        console.see("tables 10 of 10")
        console.press("5")
        console.see("No plan is being made")
        console.press("P")
        console.see("38 steps")
        console.press("a")
        console.see("Cancel")
        console.press("\t\r")
        console.see("ROLLBACK by itself")
        assert console.send(number) == 128 + number
        assert "\x1b[?1049l" in console.shown, "the terminal is still on its other screen"
    assert state(connection) == former
    assert [run.state for run in history(connection)] == ["rolled back"]
