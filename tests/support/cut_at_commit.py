"""A way to a server that breaks at COMMIT: before the server has it, or before its answer is back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.support.wire import listening

_COMMIT = b"COMMIT\0"


class Cut(StrEnum):
    """Where it breaks."""

    BEFORE = "before the server has it"
    SILENT = "and the server goes on waiting for it"
    AFTER = "before its answer is back"


@contextmanager
def cut_at_commit(conninfo: str, where: Cut) -> Iterator[tuple[str, threading.Event]]:
    """The conninfo of the place that leads to the server; it breaks once the event is set."""
    is_armed = threading.Event()
    given = conninfo_to_dict(conninfo)

    def serve(client: socket.socket) -> None:
        with socket.create_connection((str(given["host"]), int(str(given["port"])))) as server:
            is_cut = threading.Event()
            answers = threading.Thread(target=_forward, args=(server, client, is_cut), daemon=True)
            answers.start()
            while (sent := client.recv(65536)) and not is_cut.is_set():
                if is_armed.is_set() and _COMMIT in sent:
                    is_cut.set()
                    if where is Cut.BEFORE:
                        server.shutdown(socket.SHUT_RDWR)
                    if where is not Cut.AFTER:
                        client.shutdown(socket.SHUT_RDWR)
                        break
                server.sendall(sent)
            answers.join(10)

    with listening(serve) as place:
        found = conninfo_to_dict(place)
        where_to = {name: found[name] for name in ("host", "port", "sslmode")}
        yield make_conninfo(conninfo, **where_to), is_armed


def _forward(server: socket.socket, client: socket.socket, is_cut: threading.Event) -> None:
    with suppress(OSError):
        while (answer := server.recv(65536)) and not is_cut.is_set():
            client.sendall(answer)
        client.shutdown(socket.SHUT_RDWR)
