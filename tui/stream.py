"""Threads that an event loop waits for and can stop: one answer, or a stream of them with questions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds between two cancel requests: one that comes between two statements stops nothing.
_AGAIN = 0.25
_END = object()


class Stream(Generic[T]):
    """A generator pumped in threads: ``async for`` gets its items, ``answer`` is what its yield gives back.

    Leave it by ``await stream.close()`` (or ``async with``): a loop that breaks doesn't close it.
    """

    def __init__(self, generator: Generator[T, Any, None], *, stop: Callable[[], None]) -> None:
        self._generator = generator
        self._stop = stop
        self._answer: Any = None
        self._step: asyncio.Future[Any] | None = None

    def answer(self, value: object) -> None:
        """Answer the question that came last; the next item is asked for with it."""
        self._answer = value

    def __aiter__(self) -> Stream[T]:
        return self

    async def __anext__(self) -> T:
        given, self._answer = self._answer, None
        self._step = asyncio.ensure_future(asyncio.to_thread(self._send, given))
        try:
            item = await stoppable(self._step, self._stop)
        except asyncio.CancelledError:
            await self.close()
            raise
        if item is _END:
            raise StopAsyncIteration
        return item  # type: ignore[no-any-return]

    def _send(self, given: object) -> Any:
        """StopIteration can't pass through a future."""
        try:
            return self._generator.send(given)
        except StopIteration:
            return _END

    async def close(self) -> None:
        """Stop what runs on the server, and close the generator in a thread (it sees GeneratorExit)."""
        if self._step is not None and not self._step.done():
            await _stop_and_wait(self._step, self._stop)
        await asyncio.to_thread(self._generator.close)

    async def __aenter__(self) -> Stream[T]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def stream(
    function: Callable[P, Generator[T, Any, None]],
    stop: Callable[[], None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Stream[T]:
    """Pump a generator that opens its own connections (a writing run); ``stop`` cancels what it runs."""
    return Stream(function(*args, **kwargs), stop=stop)


async def stoppable(step: asyncio.Future[T], stop: Callable[[], None]) -> T:
    """Await a thread's answer; where we are cancelled, stop it and wait until the thread has let go."""
    step.add_done_callback(_looked_at)  # we may be cancelled again while we wait for it
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        await _stop_and_wait(step, stop)
        raise


async def _stop_and_wait(step: asyncio.Future[Any], stop: Callable[[], None]) -> None:
    while not step.done():
        await _in_a_thread_of_its_own(stop)
        await asyncio.wait([step], timeout=_AGAIN)


def _looked_at(step: asyncio.Future[Any]) -> None:
    """Look at an error that nobody awaits any more, so that asyncio doesn't complain: it was stopped."""
    if not step.cancelled():
        step.exception()


async def _in_a_thread_of_its_own(stop: Callable[[], None]) -> None:
    """The loop's threads may all be taken by what is to be stopped."""
    executor = ThreadPoolExecutor(max_workers=1)
    try:
        await asyncio.get_running_loop().run_in_executor(executor, stop)
    finally:
        executor.shutdown(wait=False)
