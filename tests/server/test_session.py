"""The session that screens ask: off the event loop, cancellable, and never able to write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import Connection, sql

from queries.errors import CannotConnect, UsageError
from tests.support.servers import free_port
from tui.session import PoolSettings, Session, pool_settings
from tui.stream import stream


@pytest.fixture
async def session(database: str) -> AsyncIterator[Session]:
    """An open session of one connection."""
    session = Session(database, settings=PoolSettings(most=1, wait=5))
    await session.open()
    yield session
    await session.close()


def answer(connection: Connection[Any], question: str) -> Any:
    """The one value that a query gives."""
    (value,) = connection.execute(sql.SQL(question)).fetchall()[0]
    return value


def numbers(connection: Connection[Any], most: int) -> Generator[int, None, None]:
    """A query that streams."""
    yield from (row[0] for row in connection.cursor().stream("select generate_series(1, %s)", [most]))


async def test_a_question_runs_in_a_read_only_transaction(session: Session) -> None:
    assert await session.run(answer, "show transaction_read_only") == "on"
    assert await session.run(answer, question="show transaction_isolation") == "repeatable read"
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await session.run(answer, "create table written ()")


async def test_the_server_is_known_once_it_is_open(session: Session, database: str) -> None:
    assert session.server is not None
    assert session.server.database == psycopg.conninfo.conninfo_to_dict(database)["dbname"]


async def test_the_event_loop_goes_on_meanwhile(session: Session) -> None:
    asked = asyncio.create_task(session.run(answer, "select pg_sleep(0.5)"))
    turns = 0
    while not asked.done():
        await asyncio.sleep(0.02)
        turns += 1
    assert turns > 10


async def test_cancelling_stops_the_statement_and_the_connection_is_usable(
    session: Session, connection: psycopg.Connection
) -> None:
    pid = await session.run(answer, "select pg_backend_pid()")
    asked = asyncio.create_task(session.run(answer, "select pg_sleep(30)"))
    await asyncio.sleep(0.3)
    asked.cancel()
    begun = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert time.monotonic() - begun < 3
    running = "select count(*) from pg_stat_activity where query like %s and state = 'active' and pid = %s"
    assert connection.execute(running, ["%pg_sleep(30)%", pid]).fetchone() == (0,)
    assert await session.run(answer, "select pg_backend_pid()") == pid


async def test_cancelling_works_while_every_thread_is_taken(session: Session) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    asked = asyncio.create_task(session.run(answer, "select pg_sleep(30)"))
    await asyncio.sleep(0.3)
    asked.cancel()
    begun = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert time.monotonic() - begun < 3


async def test_cancelling_while_waiting_for_a_connection_takes_none(session: Session) -> None:
    first = asyncio.create_task(session.run(answer, "select pg_sleep(0.6)"))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(session.run(answer, "select pg_sleep(30)"))
    await asyncio.sleep(0.1)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await first
    assert await session.run(answer, "select 1") == 1


async def test_a_server_that_comes_back_is_used_again(
    session: Session, connection: psycopg.Connection
) -> None:
    pid = await session.run(answer, "select pg_backend_pid()")
    connection.execute("select pg_terminate_backend(%s, 5000)", [pid])
    assert await session.run(answer, "select pg_backend_pid()") != pid
    assert await session.run(answer, "show default_transaction_read_only") == "on"


async def test_no_free_connection_is_told(database: str) -> None:
    session = Session(database, settings=PoolSettings(most=1, wait=0.3))
    await session.open()
    first = asyncio.create_task(session.run(answer, "select pg_sleep(1)"))
    await asyncio.sleep(0.2)
    with pytest.raises(CannotConnect, match="No connection came free"):
        await session.run(answer, "select 1")
    await first
    await session.close()


async def test_a_session_that_cannot_connect_says_so_at_once() -> None:
    session = Session(f"host=127.0.0.1 port={free_port()} dbname=shop", settings=PoolSettings())
    begun = time.monotonic()
    with pytest.raises(CannotConnect, match="No server listens there"):
        await session.open()
    assert time.monotonic() - begun < 2
    await session.close()


async def test_a_stream_gives_items_as_they_come(session: Session) -> None:
    async with session.stream(numbers, 1000) as items:
        assert [item async for item in items] == list(range(1, 1001))
    assert await session.run(answer, "select 1") == 1


async def test_a_stream_left_half_way_gives_its_connection_back(session: Session) -> None:
    async with session.stream(numbers, most=1_000_000) as items:
        async for item in items:
            if item == 3:
                break
    assert await session.run(answer, "select 1") == 1


async def test_a_stream_that_is_cancelled_stops_the_statement_and_closes_the_generator(
    session: Session,
) -> None:
    closed = []

    def slow(connection: Connection[Any]) -> Generator[int, None, None]:
        try:
            yield answer(connection, "select 1")
            yield answer(connection, "select 2 from pg_sleep(30)")
        finally:
            closed.append(True)

    items = session.stream(slow)
    assert await anext(items) == 1
    step = asyncio.ensure_future(anext(items))
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert closed == [True]
    assert time.monotonic() - begun < 3
    assert await session.run(answer, "select 1") == 1


async def test_a_question_in_a_stream_gets_its_answer() -> None:
    heard: list[object] = []

    def asks() -> Generator[str, Any, None]:
        heard.append((yield "step"))
        heard.append((yield "COMMIT?"))
        yield "end"

    items = stream(asks, lambda: None)
    async for item in items:
        if item == "COMMIT?":
            items.answer("COMMIT")
    assert heard == [None, "COMMIT"]


async def test_closing_a_stream_tells_the_generator_where_it_stands() -> None:
    heard: list[str] = []

    @contextmanager
    def held() -> Iterator[None]:
        try:
            yield
        except GeneratorExit:
            heard.append("rolled back")
            raise

    def asks(question: str) -> Generator[str, Any, None]:
        with held():
            yield question

    items = stream(asks, lambda: None, question="COMMIT?")
    assert await anext(items) == "COMMIT?"
    await items.close()
    assert heard == ["rolled back"]


def test_pool_settings_are_in_seconds() -> None:
    environ = {"PGPOOL_MAX": "2", "PGPOOL_IDLE": "0.5", "PGPOOL_CONN_TIMEOUT": "3"}
    assert pool_settings(environ) == PoolSettings(most=2, idle=0.5, wait=3)
    assert pool_settings({}) == PoolSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PGPOOL_MAX", "0"), ("PGPOOL_MAX", "1.5"), ("PGPOOL_IDLE", "soon"), ("PGPOOL_IDLE", "nan")],
)
def test_a_bad_pool_setting_is_a_usage_error(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        pool_settings({name: value})
