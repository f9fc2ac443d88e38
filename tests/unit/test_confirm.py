"""Asking before a change: nobody to ask is an error, not an answer."""

from __future__ import annotations

import io
import sys

import pytest

from queries.errors import NotConfirmed
from tui.confirm import answer, confirm


class Terminal(io.StringIO):
    """A terminal on which something was typed."""

    def isatty(self) -> bool:
        return True


def test_yes_is_taken_without_asking() -> None:
    assert confirm("Drop it?", yes=True)


def test_nobody_to_ask_is_refused() -> None:
    with pytest.raises(NotConfirmed, match="no terminal"):
        confirm("Drop it?", yes=False)


@pytest.mark.parametrize(("typed", "expected"), [("yes\n", True), ("no\n", False), ("y\nmaybe\nYES\n", True)])
def test_only_a_whole_word_answers(monkeypatch: pytest.MonkeyPatch, typed: str, expected: bool) -> None:
    _sit_at(monkeypatch, typed)
    assert confirm("Drop it?", yes=False) is expected


def test_an_end_of_input_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    _sit_at(monkeypatch, "")
    with pytest.raises(NotConfirmed, match="Nobody answered"):
        answer("COMMIT or ROLLBACK?", ("commit", "rollback"))


def _sit_at(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", Terminal())
