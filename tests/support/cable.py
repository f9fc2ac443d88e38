"""A network cable between the console and a server, which a test can pull out and put back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Cable:
    """Forwards bytes while it is in; pulled out, connections break and new ones are closed at once."""

    def __init__(self, conninfo: str) -> None:
        self._far = conninfo_to_dict(conninfo)
        self._given = conninfo
        self._is_in = True
        self._ends: set[asyncio.StreamWriter] = set()
        self._listener: asyncio.Server | None = None

    async def __aenter__(self) -> str:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._listener.sockets[0].getsockname()[1]
        return make_conninfo(
            self._given, host="127.0.0.1", hostaddr="127.0.0.1", port=port, sslmode="disable"
        )

    async def __aexit__(self, *_: object) -> None:
        self.pull_out()
        assert self._listener is not None
        self._listener.close()

    def pull_out(self) -> None:
        """Break every connection."""
        self._is_in = False
        for end in self._ends:
            end.close()
        self._ends.clear()

    def put_back(self) -> None:
        """Let new connections through."""
        self._is_in = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_in:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(
            str(self._far["host"]), int(str(self._far["port"]))
        )
        self._ends |= {writer, far_writer}
        await asyncio.gather(_forward(reader, far_writer), _forward(far_reader, writer))


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
