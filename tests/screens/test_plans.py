"""The Plans screen, driven by keys on a real database: what is in the plan, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from queries.plan import plan
from tests.screens.conftest import GAZTIME, Opened
from tests.support.console import Person
from tests.support.loop import planned, recorded
from tui.config import Config, KnownServer

SIZES = [(80, 24), (160, 50)]
LooksAs = Callable[[Person, str], None]


@pytest.mark.parametrize("size", SIZES)
async def test_the_plan_of_the_policy_says_what_each_step_blocks_and_its_way_back(
    untouched: str, opened: Opened, looks_as: LooksAs, size: tuple[int, int]
) -> None:
    async with opened(untouched, size=size, policy=GAZTIME.policy) as person:
        await person.press("5", "P", *["down"] * 9)
        looks_as(person, "plans")
        assert "Plan gaztime: 38 steps in one transaction" in person.screen
        assert "Strongest lock: ACCESS EXCLUSIVE on public.pods" in person.screen


async def test_the_plan_is_that_of_the_command_line(
    untouched: str, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("5", "P", "e", "enter")
        assert "Saved as gaztime.plan.toml." in person.screen
    assert plan("gaztime.plan.toml") == planned(untouched, GAZTIME).plan


async def test_undecided_orphans_hold_the_plan_up_until_each_is_decided(
    untouched: str, opened: Opened, tmp_path: Path
) -> None:
    file = tmp_path / "policy.toml"
    text = GAZTIME.policy.read_text("utf-8")
    file.write_text(text.replace('orphans = "delete"\nwhy = "Driver', 'why = "Driver'), "utf-8")
    async with opened(untouched, policy=file) as person:
        await person.press("3", "down", "p", "5")
        assert "✗ 2 orphans: undecided" in person.screen
        assert "1 key with undecided orphans: the plan can't be applied before." in person.screen
        await person.press("a")
        await person.press("enter")
        assert "2 orphans of public.drivers(user_id): what becomes of them?" in person.screen
        assert "suggested" in person.screen
        await person.press("enter")
        assert "2 orphans: delete" in person.screen


async def test_production_wants_the_databases_name_typed(untouched: str, opened: Opened) -> None:
    config = Config(server=(KnownServer("*", production=True),))
    async with opened(untouched, policy=GAZTIME.policy, config=config) as person:
        await person.press("5", "P", "a")
        assert "PRODUCTION database test_" in person.screen
        await person.press("enter", "escape")
        assert "Plan gaztime: 38 steps" in person.screen
    assert recorded(untouched) == []


async def test_a_file_is_opened_and_a_bad_one_is_told_with_its_line(
    untouched: str, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad").write_text("schema_version = 1\nname =\n", "utf-8")
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("5", "P", "e", *["backspace"] * 30)
        await person.write("mine")
        await person.press("enter", "N", "tab", "enter")
        assert "No plan is being made." in person.screen
        await person.press("f")
        await person.write("bad")
        await person.press("enter")
        assert "bad:2" in person.screen
        await person.press(*["backspace"] * 3)
        await person.write("mine")
        await person.press("enter")
        assert "Plan gaztime: 38 steps" in person.screen


async def test_a_change_can_be_taken_out_again(untouched: str, opened: Opened) -> None:
    async with opened(untouched, policy=GAZTIME.policy) as person:
        await person.press("3", "down", "p", "5")
        assert "Plan gaztime: 4 steps" in person.screen
        await person.press("down", "down", "delete")
        assert "Plan gaztime: 1 step " in person.screen
        await person.press("delete")
        assert "No plan is being made." in person.screen
