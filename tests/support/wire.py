"""Ends of PostgreSQL's wire protocol that no real server can play: an old one, a transaction pooler."""

from __future__ import annotations

import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import BinaryIO

from psycopg.conninfo import conninfo_to_dict

_NO_ENCRYPTION = {80877103, 80877104}
_PROTOCOL_3 = 196608


def message(kind: bytes, body: bytes = b"") -> bytes:
    """One message as the protocol frames it."""
    return kind + struct.pack("!I", len(body) + 4) + body


def parameter_status(name: str, value: str) -> bytes:
    """What a server tells about a setting."""
    return message(b"S", f"{name}\0{value}\0".encode())


READY = message(b"Z", b"I")
AUTHENTICATED = message(b"R", struct.pack("!I", 0))
KEY = message(b"K", struct.pack("!II", 4_000_001, 1))


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve each client in a thread; gives the conninfo of the place."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()

        def guarded(client: socket.socket) -> None:
            with client, suppress(OSError, EOFError):
                serve(client)

        threading.Thread(target=accept, daemon=True).start()
        port = listener.getsockname()[1]
        yield f"host=127.0.0.1 port={port} user=postgres sslmode=disable gssencmode=disable"
        listener.shutdown(socket.SHUT_RDWR)


def server_of_version(version: str) -> Callable[[socket.socket], None]:
    """A server that lets everybody in and says it is of that version."""

    def serve(client: socket.socket) -> None:
        stream = client.makefile("rb")
        _startup(stream, client)
        told = parameter_status("server_version", version) + parameter_status("client_encoding", "UTF8")
        client.sendall(AUTHENTICATED + told + KEY + READY)
        stream.read(1)

    return serve


def refusing(sqlstate: str, text: str) -> Callable[[socket.socket], None]:
    """A server that refuses everybody, in these words."""

    def serve(client: socket.socket) -> None:
        _startup(client.makefile("rb"), client)
        client.sendall(message(b"E", f"SFATAL\0VFATAL\0C{sqlstate}\0M{text}\0\0".encode()))

    return serve


@contextmanager
def transaction_pooler(conninfo: str) -> Iterator[str]:
    """A pooler in front of a real server; gives the conninfo of the place."""
    with closing(TransactionPooler(conninfo)) as pooler, listening(pooler) as place:
        yield place


class TransactionPooler:
    """What a pooler does in transaction mode: each transaction goes to the server that has idled longest."""

    def __init__(self, conninfo: str, *, servers: int = 2) -> None:
        self._where = conninfo_to_dict(conninfo)
        self._idle: queue.Queue[tuple[socket.socket, BinaryIO]] = queue.Queue()
        self._greeting = b""
        for _ in range(servers):
            self._idle.put(self._connected())

    def close(self) -> None:
        """Leave the servers that idle."""
        while not self._idle.empty():
            server, answers = self._idle.get()
            answers.close()
            server.close()

    def __call__(self, client: socket.socket) -> None:
        """Serve one client."""
        stream = client.makefile("rb")
        _startup(stream, client)
        client.sendall(AUTHENTICATED + self._greeting + KEY + READY)
        while True:
            self._transaction(stream, client)

    def _transaction(self, stream: BinaryIO, client: socket.socket) -> None:
        kind, body = _message(stream)
        if kind == b"X":
            raise EOFError
        server, answers = self._idle.get()
        state = b"T"
        while state != b"I":
            server.sendall(message(kind, body))
            if kind in (b"Q", b"S"):
                state = _relayed(answers, client)
            if state != b"I":
                kind, body = _message(stream)
        self._idle.put((server, answers))

    def _connected(self) -> tuple[socket.socket, BinaryIO]:
        server = socket.create_connection((str(self._where["host"]), int(str(self._where["port"]))))
        names = f"user\0{self._where['user']}\0database\0{self._where['dbname']}\0client_encoding\0UTF8\0\0"
        body = struct.pack("!I", _PROTOCOL_3) + names.encode()
        server.sendall(struct.pack("!I", len(body) + 4) + body)
        answers, self._greeting = server.makefile("rb"), b""
        while (found := _message(answers))[0] != b"Z":
            if found[0] == b"S":
                self._greeting += message(*found)
        return server, answers


def _relayed(answers: BinaryIO, client: socket.socket) -> bytes:
    """Hand the answers on up to ReadyForQuery; gives the state of the transaction."""
    while True:
        kind, body = _message(answers)
        client.sendall(message(kind, body))
        if kind == b"Z":
            return body


def _startup(stream: BinaryIO, client: socket.socket) -> None:
    """Read what a client says first, and offer no encryption."""
    while True:
        (length,) = struct.unpack("!I", _read(stream, 4))
        (code,) = struct.unpack("!I", _read(stream, length - 4)[:4])
        if code not in _NO_ENCRYPTION:
            return
        client.sendall(b"N")


def _message(stream: BinaryIO) -> tuple[bytes, bytes]:
    kind = _read(stream, 1)
    (length,) = struct.unpack("!I", _read(stream, 4))
    return kind, _read(stream, length - 4)


def _read(stream: BinaryIO, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found
