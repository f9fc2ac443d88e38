"""The servers of a test run: one a PostgreSQL major, shared by the workers, gone when the run is over.

A run owns a private directory and a lock on the file ``alive`` in it. The kernel gives up that lock however
the run ends, so the next run finds what a killed one left behind and clears it away.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, LiteralString, NamedTuple
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.support.releases import ServerMissing, cache, installed, locked

_PREFIX = f"pgtether-tests-{os.getuid()}-"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "max_prepared_transactions": "10",
    "wal_level": "logical",
    "max_wal_size": "256MB",
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """A running server that tests may make databases in, as superuser."""

    major: int
    conninfo: str
    bin: Path | None = None  # initdb, pg_ctl and postgres; none where the server was given by --server
    data: Path | None = None

    def dsn(self, dbname: str = "postgres") -> str:
        """The conninfo string of one of its databases."""
        return make_conninfo(self.conninfo, dbname=dbname)

    @contextmanager
    def new_database(self, *, template: str = "template0") -> Iterator[str]:
        """A fresh database's conninfo string; dropped at the end, whoever is still connected."""
        name = f"test_{uuid4().hex[:16]}"
        self._do("create database {} template {}", name, template)
        try:
            yield self.dsn(name)
        finally:
            self._do("drop database {} with (force)", name)

    def drop_role(self, name: str) -> None:
        """Drop a role that owns nothing any more."""
        self._do("drop role if exists {}", name)

    def _do(self, statement: LiteralString, *names: str) -> None:
        """Run one statement outside any transaction."""
        identifiers = [sql.Identifier(name) for name in names]
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*identifiers))


class Run(NamedTuple):
    """The private directory of one test run, and the open file whose lock says that the run is alive."""

    directory: Path
    alive: IO[str]


def begin_run() -> Run:
    """Clear away what killed runs left behind, then make this run's directory."""
    with locked(cache() / "servers" / "runs.lock"):
        for directory in _room().glob(f"{_PREFIX}*"):
            _clear_if_dead(directory)
        directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_room()))
        alive = (directory / "alive").open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    if user := _unprivileged():
        os.chown(directory, user["user"], user["group"])
    return Run(directory, alive)


def end_run(run: Run) -> None:
    """Stop the run's servers and remove everything that it made."""
    _clear(run.directory)
    run.alive.close()


def given_server(conninfo: str) -> Server:
    """The server of ``--server``; raises ServerMissing."""
    try:
        with psycopg.connect(conninfo, connect_timeout=5) as connection:
            return Server(connection.info.server_version // 10000, conninfo)
    except psycopg.OperationalError as error:
        raise ServerMissing(f"The server of --server does not answer: {error}") from error


def shared_server(directory: Path, major: int) -> Server:
    """The run's server of that major, started by the first who asks; raises ServerMissing."""
    home, note = directory / str(major), directory / f"{major}.conninfo"
    with locked(directory / f"{major}.lock"):
        if not note.exists():
            shutil.rmtree(home, ignore_errors=True)
            conninfo = start(home, major)
            note.write_text(conninfo, "utf-8")
        return Server(major, note.read_text("utf-8"), binaries(home, major), home / "data")


def start(home: Path, major: int, *, settings: Mapping[str, str] | None = None) -> str:
    """Make a cluster in ``home``, within the run's directory, and start it; gives its conninfo."""
    home.mkdir(mode=0o700)
    if user := _unprivileged():
        os.chown(home, user["user"], user["group"])
    command, data = binaries(home, major), home / "data"
    flags = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    _run_as_user([command / "initdb", "-D", data, *flags])
    port = free_port()
    usual = _SETTINGS | {"port": str(port)} | dict(settings or {})
    options = " ".join(f"-c {name}='{value}'" for name, value in usual.items())
    _run_as_user(
        [command / "pg_ctl", "start", "-w", "-D", data, "-l", home / "log", "-o", options], log=home / "log"
    )
    return f"host=127.0.0.1 port={port} user=postgres dbname=postgres"


def start_again(home: Path, major: int) -> None:
    """Start the server in ``home`` as it was started, after ``stop``."""
    _run_as_user([binaries(home, major) / "pg_ctl", "restart", "-w", "-D", home / "data", "-l", home / "log"])


def stop(home: Path) -> None:
    """Stop the server in ``home`` at once, if it runs: nothing in it is worth a checkpoint."""
    deadline = time.monotonic() + 20
    while (postmaster := _postmaster(home / "data")) is not None and time.monotonic() < deadline:
        os.kill(postmaster, signal.SIGQUIT)
        time.sleep(0.05)


def binaries(home: Path, major: int) -> Path:
    """A ``bin`` that the server's user can run: the cache's, or else a copy beside ``home``."""
    found, copy = installed(major), home.with_name(f"release-{major}")
    with locked(home.with_name(f"release-{major}.lock")):
        if not copy.exists() and not _can_run(found / "bin" / "postgres"):
            shutil.copytree(found, copy, symlinks=True)
    return (copy if copy.exists() else found) / "bin"


def _room() -> Path:
    """Where servers live: in memory where there is room (a database in 15 ms, not 200), or on disk."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK):
        facts = os.statvfs(memory)
        if facts.f_bavail * facts.f_frsize > 4 << 30 and not facts.f_flag & os.ST_NOEXEC:
            return memory
    return Path(tempfile.gettempdir())


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _can_run(program: Path) -> bool:
    """Whether the server's user may enter the directories above the program."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False, **_as_user()).returncode
            == 0
        )
    except PermissionError:
        return False


def _run_as_user(command: list[str | Path], *, log: Path | None = None) -> None:
    """Run one of the server's programs, as an unprivileged user where we are root; raises ServerMissing."""
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **_as_user()
    )
    if done.returncode:
        said = log.read_text("utf-8", "replace")[-2000:] if log and log.exists() else done.stderr.decode()
        raise ServerMissing(f"{Path(command[0]).name} failed: {said.strip()}")


def _as_user() -> dict[str, Any]:
    """How to start the server's programs: a plain environment, a directory that all may enter, no root."""
    return {"env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, "cwd": "/", **_unprivileged()}


def _unprivileged() -> dict[str, Any]:
    """The user to drop to: initdb and postgres refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _postmaster(data: Path) -> int | None:
    """The process that serves that data directory, which is its working directory."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8").split("\n")[0])
        return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve() else None
    except (OSError, ValueError):
        return None


def _clear(directory: Path) -> None:
    """Stop every server under the directory, then remove it."""
    for data in directory.glob("*/data"):
        stop(data.parent)
    shutil.rmtree(directory, ignore_errors=True)


def _clear_if_dead(directory: Path) -> None:
    """Clear away another run's directory unless that run still holds its lock."""
    with suppress(FileNotFoundError, BlockingIOError):
        if directory.lstat().st_uid not in (os.getuid(), _unprivileged().get("user")):
            return
        with (directory / "alive").open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear(directory)
