"""A console on a real database, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from queries import systems
from tests.support import pictures
from tests.support.console import Person
from tui.app import Console
from tui.config import Config
from tui.widgets.badge import Badge

GAZTIME = systems.system("gaztime")
Opened = Callable[..., AbstractAsyncContextManager[Person]]


@pytest.fixture(autouse=True)
def _same_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pictures depend on besides the screen."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def gaztime(connection: psycopg.Connection, database: str) -> str:
    """The conninfo string of gaztime in the middle of its migration: some keys are there, none validated."""
    systems.load(connection, systems.system("gaztime"))
    for statement in (
        "alter table orders add constraint fk_orders_customer foreign key (customer_id)"
        " references customers (id) on delete set null not valid",
        "alter table orders add constraint fk_orders_driver foreign key (driver_id)"
        " references drivers (id) on delete set null not valid",
        "alter table customers add constraint fk_customers_referrer foreign key (referred_by)"
        " references customers (id) on delete set null not valid",
        "alter table wallets add constraint fk_wallets_customer foreign key (customer_id)"
        " references customers (id) on delete cascade not valid",
        "alter table subscriptions add constraint fk_subscriptions_product foreign key (product_id)"
        " references products (id) on delete restrict not valid",
        "alter table drivers add constraint fk_drivers_vehicle foreign key (vehicle_id)"
        " references vehicles (id) on delete set null",
        "analyze",
    ):
        connection.execute(statement)
    return database


@pytest.fixture
def untouched(connection: psycopg.Connection, database: str) -> str:
    """The conninfo string of gaztime as it stood before its migration, with every fault."""
    systems.load(connection, GAZTIME)
    connection.execute("analyze")
    return database


@pytest.fixture
def opened() -> Opened:
    """``async with opened(conninfo, size=(80, 24)) as person``: a console that has read its catalog."""

    @asynccontextmanager
    async def console(
        conninfo: str,
        *,
        size: tuple[int, int] = (80, 24),
        config: Config | None = None,
        policy: Path | None = None,
    ) -> AsyncIterator[Person]:
        app = Console(conninfo, config=config, policy=policy)
        async with app.run_test(size=size, notifications=True) as pilot:
            person = Person(app, pilot)
            await person.wait()
            app.query_one(Badge).show(pictures.STANDING)
            yield person
            await app.action_quit()

    return console


@pytest.fixture
def looks_as(pytestconfig: pytest.Config) -> Callable[[Person, str], None]:
    """``looks_as(person, "tables")`` compares with ``screenshots/tables-80x24.svg``."""

    def compare(person: Person, name: str) -> None:
        width, height = person.app.size
        update = bool(pytestconfig.getoption("--update-pictures"))
        pictures.compare(f"{name}-{width}x{height}", pictures.picture(person.app), update=update)

    return compare
