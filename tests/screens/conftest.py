"""A console on a real database, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from queries import systems
from queries.policy import policy
from queries.steps.compose import Name, columns, reference, table, words
from tests.support import pictures
from tests.support.console import Person
from tui.app import Console
from tui.config import Config
from tui.widgets.badge import Badge

GAZTIME = systems.system("gaztime")
WANTED = sql.SQL("alter table {} add constraint {} foreign key ({}) references {} on delete {} not valid")
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
def keyed(untouched: str, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> str:
    """The conninfo string of gaztime with the keys of its policy; it is always 14:02:11 there."""
    connection.execute("alter table pods alter operator_id drop not null")
    for wanted in policy(GAZTIME.policy).foreign_key:
        for name in wanted.keys:
            child, parent = name.child, name.parent
            key = (table(child.table), Name(wanted.name or ""), columns(child.columns), reference(parent))
            connection.execute(WANTED.format(*key, words(wanted.on_delete)))
    monkeypatch.setattr("tui.preview.time_of_day", lambda: "14:02:11")
    return untouched


@pytest.fixture
def billed(keyed: str, connection: psycopg.Connection) -> str:
    """The same with invoices that refuse, at commit, to let their customers go."""
    connection.execute(
        "create table invoices (id int primary key, customer_id text constraint fk_invoices_customer"
        " references customers deferrable initially deferred)"
    )
    connection.execute("insert into invoices values (1, 'cus_000003'), (2, 'cus_000003'), (3, 'cus_000700')")
    connection.execute("analyze invoices")
    return keyed


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
