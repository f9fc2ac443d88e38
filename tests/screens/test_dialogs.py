"""The dialogs, each by what it gives back."""

from __future__ import annotations

from typing import TypeVar

from textual.app import App
from textual.screen import ModalScreen

from tui.dialogs.ask_text import AskText
from tui.dialogs.choose import Choose
from tui.dialogs.confirm import Confirm
from tui.widgets.columns import Column

Answer = TypeVar("Answer")


async def _answer(dialog: ModalScreen[Answer], *keys: str) -> list[Answer | None]:
    """What the dialog gives back after these keys; nothing while it is still open."""
    answers: list[Answer | None] = []
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(dialog, answers.append)
        await pilot.press(*keys)
        await pilot.pause()
    return answers


async def test_enter_alone_confirms_nothing() -> None:
    assert await _answer(Confirm("Delete 3 rows of gaztime?"), "enter") == [False]
    assert await _answer(Confirm("Delete 3 rows of gaztime?"), "escape") == [False]


async def test_yes_is_one_deliberate_step_away() -> None:
    assert await _answer(Confirm("Delete 3 rows of gaztime?"), "tab", "enter") == [True]


async def test_on_production_the_name_must_be_typed_in_full() -> None:
    assert await _answer(Confirm("Write to gaztime?", typed="gaz"), *"ga", "enter") == []
    assert await _answer(Confirm("Write to gaztime?", typed="gaz"), *"gaz", "enter") == [True]


async def test_a_choice_gives_its_place_and_esc_gives_none() -> None:
    rows = [("one",), ("two",)]
    assert await _answer(Choose("Which?", [Column("name")], rows), "down", "enter") == [1]
    assert await _answer(Choose("Which?", [Column("name")], rows), "escape") == [None]


async def test_a_text_is_taken_only_without_complaint() -> None:
    def complaint(text: str) -> str:
        return "" if text else "A reason is needed."

    assert await _answer(AskText("Why?", complaint=complaint), "enter") == []
    assert await _answer(AskText("Why?", complaint=complaint), *"so", "enter") == ["so"]
    assert await _answer(AskText("Why?"), "escape") == [None]
