"""The console's link to the server: made after the first paint, and made again when it was lost."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queries.errors import CannotConnect, PgtetherError
from tui.config import Config
from tui.context import Context
from tui.failures import failure, server_errors
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.badge import Standing

if TYPE_CHECKING:
    from psycopg import Connection

    from queries.catalog import Catalog
    from queries.server import Server
    from tui.session import Session


class Link:
    """The session and what is known of the server; ``context`` is there once it was opened."""

    def __init__(
        self,
        conninfo: str | Callable[[], str],
        *,
        policy: Path | None,
        config: Config,
        lost: Callable[[CannotConnect], None],
    ) -> None:
        self._conninfo = conninfo
        self._policy = policy
        self._config = config
        self._lost = lost
        self.context: Context | None = None
        self.standing = Standing()

    @property
    def glyphs(self) -> Glyphs:
        """The signs that this terminal can draw."""
        return ASCII if self._config.ascii else UNICODE

    async def open(self) -> Server:
        """Import the driver, connect; raises PgtetherError."""
        await self.close()
        session: Session | None = None
        try:
            session = await asyncio.to_thread(_session, self._conninfo)
            server = await session.open()
        except server_errors() as error:
            raise failure(error, reads=True) from error
        self.context = Context(session, self._policy, self._config, self._lost)
        self.standing = self._standing(server)
        return server

    async def close(self) -> None:
        """Close the session, if there is one."""
        if self.context is not None:
            context, self.context = self.context, None
            await context.session.close()

    async def catalog(self) -> Catalog:
        """Read the catalog; raises PgtetherError."""
        assert self.context is not None
        return await self.context.ask(_whole_catalog)

    async def wait_for_server(self, seconds: int, *, say: Callable[[int], None]) -> None:
        """Count down, try, and begin again until the server answers."""
        from queries.server import server  # noqa: PLC0415 - as above

        while self.context is not None:
            for left in range(seconds, 0, -1):
                say(left)
                await asyncio.sleep(1)
            try:
                self.standing = self._standing(await self.context.ask(server))
            except PgtetherError:
                continue
            return

    def _standing(self, server: Server) -> Standing:
        known = self._config.known(server.host)
        return Standing(
            database=server.database,
            place=known.name if known and known.name else server.place,
            version=server.product,
            facts=(server.standing, server.encryption),
            role=server.access.partition(" · ")[2],
            production=bool(known and known.production),
        )


def _whole_catalog(connection: Connection[Any]) -> Catalog:
    """The catalog, with what every screen asks of it, made in the thread that reads.

    The collector never looks at its 600,000 objects again (10,000 tables): each time stalled the keys 100 ms.
    Reference counts free a catalog, which has no cycles, all the same.
    """
    from queries.catalog import catalog  # noqa: PLC0415 - loads psycopg, which is there by now

    gc.disable()
    try:
        found = catalog(connection)
        _ = (found.by_name, found.roots, found.partitions, found.keys_out, found.keys_in)
        gc.freeze()
    finally:
        gc.enable()
    return found


def _session(conninfo: str | Callable[[], str]) -> Session:
    from tui.session import Session  # noqa: PLC0415 - psycopg: as dear as all the rest of the start

    return Session(conninfo if isinstance(conninfo, str) else conninfo())
