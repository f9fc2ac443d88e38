"""What every screen is handed: the way to ask the database, the policy, and how to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from queries.errors import CannotConnect
from tui.failures import failure, server_errors
from tui.glyphs import ASCII, UNICODE, Glyphs

if TYPE_CHECKING:  # psycopg comes after the first paint
    from psycopg import Connection

    from tui.config import Config
    from tui.draft import Draft
    from tui.session import Session

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """One for the whole console; ``lost`` is told when the connection is gone."""

    session: Session
    policy: Path | None
    config: Config
    lost: Callable[[CannotConnect], None]

    @cached_property
    def draft(self) -> Draft:
        """The plan that is being made."""
        from tui.draft import Draft  # noqa: PLC0415 - pydantic comes after the first paint

        return Draft()

    @property
    def glyphs(self) -> Glyphs:
        """The signs that this terminal can draw."""
        return ASCII if self.config.ascii else UNICODE

    async def ask(
        self, function: Callable[Concatenate[Connection[Any], P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """One function of ``queries`` in a thread, in one reading transaction; raises only PgtetherError.

        Cancelling the worker that awaits it stops the statement on the server.
        """
        with self.telling():
            return await self.session.run(function, *args, **kwargs)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Around what reads in streams: raises only PgtetherError; a lost connection is told."""
        try:
            yield
        except CannotConnect as error:
            self.lost(error)
            raise
        except server_errors() as error:
            told = failure(error, reads=True)
            if isinstance(told, CannotConnect):
                self.lost(told)
            raise told from error
