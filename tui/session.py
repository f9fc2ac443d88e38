"""What screens ask instead of a connection: one function of ``queries`` at a time, off the event loop.

Whoever awaits and is cancelled stops the statement on the server, and the connection goes back usable.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool, PoolTimeout

from queries.connection import connect_reading, parameters, reading, restrict
from queries.errors import CannotConnect, Interrupted, UsageError
from queries.server import Server, server
from tui.stream import Stream, stoppable

P = ParamSpec("P")
T = TypeVar("T")

# The pool's own warnings would be printed across the screen.
logging.getLogger("psycopg").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class PoolSettings:
    """How many connections at most, and the seconds that one may idle and that a question waits for one."""

    most: int = 4
    idle: float = 600
    wait: float = 30


def pool_settings(environ: Mapping[str, str] = os.environ) -> PoolSettings:
    """PGPOOL_MAX, and PGPOOL_IDLE and PGPOOL_CONN_TIMEOUT in seconds; raises UsageError."""
    usual = PoolSettings()
    most = _number(environ, "PGPOOL_MAX", usual.most)
    if most != int(most):
        raise UsageError(f"PGPOOL_MAX is {most}; a whole number is wanted.")
    return PoolSettings(
        most=int(most),
        idle=_number(environ, "PGPOOL_IDLE", usual.idle),
        wait=_number(environ, "PGPOOL_CONN_TIMEOUT", usual.wait),
    )


def _number(environ: Mapping[str, str], name: str, usual: float) -> float:
    text = environ.get(name, "")
    try:
        number = float(text or usual)
    except ValueError:
        number = 0
    if not 0 < number < 1e6:
        unit = "connections" if name == "PGPOOL_MAX" else "seconds"
        raise UsageError(f"{name} is {text!r}; a number of {unit} above 0 is wanted.")
    return number


class Loan:
    """One connection while one function has it: stopped from any thread, but never after it went back."""

    def __init__(self, pool: ConnectionPool[Connection[Any]]) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._connection: Connection[Any] | None = None
        self._is_stopped = False

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """Take one for a reading transaction; raises CannotConnect where none comes free."""
        try:
            connection = self._pool.getconn()
        except PoolTimeout as error:
            raise CannotConnect(
                "No connection came free in time.", means=str(error), do="Try again."
            ) from None
        try:
            with self._lock:
                if self._is_stopped:
                    raise Interrupted("Stopped before it began.")
                self._connection = connection
            with reading(connection):
                yield connection
        finally:
            with self._lock:
                self._connection = None
            self._pool.putconn(connection)

    def stop(self) -> None:
        """Cancel the statement that runs, if one does."""
        with self._lock:
            self._is_stopped = True
            if self._connection is not None:
                with suppress(OperationalError):  # no way to the server: the statement's own end tells
                    self._connection.cancel_safe(timeout=5)


class Session:
    """A pool of connections that can't write, and the server they lead to. Opens nothing until ``open``."""

    def __init__(self, conninfo: str, *, settings: PoolSettings | None = None) -> None:
        settings = settings or pool_settings()
        self.conninfo = conninfo
        self.server: Server | None = None
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            conninfo,
            kwargs=parameters(conninfo),
            configure=restrict,
            check=ConnectionPool.check_connection,
            min_size=1,
            max_size=settings.most,
            max_idle=settings.idle,
            timeout=settings.wait,
            open=False,
        )

    async def open(self) -> Server:
        """Connect once by hand, so that a wrong password is told at once and not tried again; then the pool.

        Raises CannotConnect, BadConninfo, ServerTooOld.
        """
        self.server = await asyncio.to_thread(self._open)
        return self.server

    def _open(self) -> Server:
        with connect_reading(self.conninfo) as connection, reading(connection):
            facts = server(connection)
        self._pool.open()
        return facts

    async def close(self) -> None:
        """Close the pool; streams are closed by who opened them."""
        await asyncio.to_thread(self._pool.close)

    async def run(
        self, function: Callable[Concatenate[Connection[Any], P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``function(connection, …)`` in a thread, in one reading transaction; cancelling stops it there."""
        loan = Loan(self._pool)

        def ask() -> T:
            with loan.connection() as connection:
                return function(connection, *args, **kwargs)

        return await stoppable(asyncio.ensure_future(asyncio.to_thread(ask)), loan.stop)

    def stream(
        self,
        function: Callable[Concatenate[Connection[Any], P], Generator[T, Any, None]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Stream[T]:
        """The same for a generator: it has its connection from the first item until it ends or is closed."""
        loan = Loan(self._pool)

        def ask() -> Generator[T, Any, None]:
            with loan.connection() as connection:
                yield from function(connection, *args, **kwargs)

        return Stream(ask(), stop=loan.stop)
