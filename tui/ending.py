"""End the console by a signal as a person would end it: rolled back, and the terminal given back.

Raising in the handler, as commands do, is not enough here: the exception may fall into a callback whose
exceptions nobody hears, and the console would go on.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from textual.worker_manager import WorkerManager

#: Seconds that a statement gets to be cancelled in.
PATIENCE = 10
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def own_signals() -> Iterator[None]:
    """Give the handlers back that were there before: the loop puts the system's in their place."""
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def leave_by_signals(leave: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Call ``leave`` with the exit code on SIGTERM and SIGHUP, unless they are ignored; in a running loop."""
    loop = asyncio.get_running_loop()
    going: set[asyncio.Task[None]] = set()  # a task that nobody holds may be collected

    def end(code: int) -> None:
        going.add(loop.create_task(leave(code)))

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, 128 + number)


async def stopped(workers: WorkerManager) -> None:
    """Cancel all that is under way, and wait until it has rolled back what it had open."""
    under_way = [worker.wait() for worker in workers if not worker.is_finished]
    workers.cancel_all()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*under_way, return_exceptions=True), PATIENCE)
