"""The Keys tab: what a policy wants of the keys, and the rows that have come loose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from queries import systems
from tests.screens.conftest import Opened
from tests.support.console import Person
from tui import table_keys
from tui.config import Config, KnownServer

POLICY = systems.system("gaztime").policy


def _line(person: Person, words: str) -> str:
    (line,) = (line for line in person.screen.splitlines() if words in line)
    return line


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_keys_that_the_policy_wants_and_that_are_missing_stand_among_the_keys(
    gaztime: str, opened: Opened, looks_as: Callable[[Person, str], None], size: tuple[int, int]
) -> None:
    async with opened(gaztime, size=size, policy=POLICY) as person:
        looks_as(person, "tables-policy")
        assert "(no key)" in _line(person, "↓ subscriptions.customer_id")
        assert "wanted: cascade" in _line(person, "↓ subscriptions.customer_id")
        await person.press("enter", "end", "enter")
        assert "subscriptions  about" in person.screen


async def test_a_rule_that_the_policy_does_not_want_says_which_it_wants(
    gaztime: str, connection: psycopg.Connection, opened: Opened
) -> None:
    connection.execute("alter table wallets drop constraint fk_wallets_customer")
    connection.execute("alter table wallets add foreign key (customer_id) references customers not valid")
    async with opened(gaztime, policy=POLICY, size=(120, 30)) as person:
        assert "A no action" in _line(person, "↓ wallets.customer_id")
        assert "wanted: cascade" in _line(person, "↓ wallets.customer_id")


async def test_a_policy_that_can_not_be_read_is_told_and_the_tables_are_there(
    gaztime: str, opened: Opened, tmp_path: Path
) -> None:
    broken = tmp_path / "policy.toml"
    broken.write_text("schema_version = 2\n")
    async with opened(gaztime, policy=broken) as person:
        assert "The policy is left out" in person.screen
        assert "tables 10 of 10" in person.screen


async def test_orphans_stand_beside_their_key_and_their_absence_too(
    gaztime: str, connection: psycopg.Connection, opened: Opened
) -> None:
    counted = connection.execute(
        "select count(*) from orders o where not exists (select from customers c where c.id = o.customer_id)"
        " and customer_id is not null"
    ).fetchone()
    assert counted
    connection.execute("create index on drivers (vehicle_id)")
    async with opened(gaztime) as person:
        assert f"✗ {counted[0]} orphans, not validated" in _line(person, "↓ orders.customer_id")
        await person.press("down")
        assert "no orphans" in _line(person, "↑ vehicle_id")


async def test_orphans_of_big_tables_are_counted_when_asked_for(
    gaztime: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_keys, "SMALL", 1_000)
    async with opened(gaztime, size=(160, 50)) as person:
        assert "c counts orphans" in _line(person, "↓ orders.customer_id")
        assert "c counts orphans" not in _line(person, "↓ wallets.customer_id")
        await person.press("c")
        assert "orphans, not validated" in _line(person, "↓ orders.customer_id")


async def test_in_production_nothing_is_counted_unasked(gaztime: str, opened: Opened) -> None:
    config = Config(server=(KnownServer("*", production=True),))
    async with opened(gaztime, config=config) as person:
        assert "orphans," not in person.screen
        await person.press("c")
        assert "orphans, not validated" in _line(person, "↓ orders.customer_id")


async def test_a_count_that_waits_says_so_and_is_stopped_by_the_same_key(
    gaztime: str, database: str, opened: Opened
) -> None:
    config = Config(server=(KnownServer("*", production=True),))
    async with opened(gaztime, config=config, size=(160, 50)) as person:
        with psycopg.connect(database) as other:
            other.execute("lock table orders in access exclusive mode")
            await person.press_and_go_on("c")
            await person.until("counting orphans…")
            await person.press("c")
            assert "counting" not in person.screen
            waiting = other.execute("select count(*) from pg_locks where not granted").fetchone()
            assert waiting == (0,)
