"""Start a demo server, load a sample system into it, and leave nothing behind."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from queries import systems
from queries.embedded.account import as_server
from queries.embedded.home import Home, make_home, remove_home, served_lock, sweep
from queries.embedded.programs import binaries, enterable
from queries.errors import Failed

# Not "pgtether": "$user" in the search path would then mean the schema of our own record.
USER = "demo"
_PATIENCE = 60  # seconds
_CLUSTER = ("--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@contextmanager
def running(*, programs: Path | None = None) -> Iterator[str]:
    """A server of our own for as long as the block lasts; gives its conninfo. Raises UsageError and Failed.

    It also ends with Ctrl-C, SIGTERM and SIGHUP; after ``kill -9`` the next one that starts clears it away.
    """
    sweep()
    programs = programs or binaries()
    with _unwound_by_signals():
        home = make_home()
        try:
            programs = enterable(programs, below=home.directory / "programs")
            _make_cluster(home, programs)
            with _served(home, programs) as conninfo:
                yield conninfo
        finally:
            remove_home(home)


def demo_database(conninfo: str, system: systems.System, *, scale: int = 1) -> str:
    """Make a database named as the system on our own server and load it; gives its conninfo."""
    with psycopg.connect(conninfo, autocommit=True, options="") as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(system.name)))
    loaded = make_conninfo(conninfo, dbname=system.name)
    with psycopg.connect(loaded, options="") as connection:  # PGOPTIONS may say read-only
        systems.load(connection, system, scale=scale)
    return loaded


def _make_cluster(home: Home, programs: Path) -> None:
    made = subprocess.run(
        [programs / "initdb", "-D", home.server / "data", *_CLUSTER],
        capture_output=True, text=True, errors="replace", check=False, cwd=home.server, **as_server(),
    )  # fmt: skip
    if made.returncode:
        raise _not_started(made.stderr)


@contextmanager
def _served(home: Home, programs: Path) -> Iterator[str]:
    """Run the server in a session of its own, so that a Ctrl-C for us is not one for it."""
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    log = home.server / "log"
    with served_lock(home) as served, log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", home.server / "data", "-k", home.server, *settings],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=home.server,
            pass_fds=[served.fileno()], start_new_session=True, **as_server(),
        )  # fmt: skip
    try:
        # hostaddr is said because PGHOSTADDR would lead to another server.
        conninfo = make_conninfo(host=str(home.server), hostaddr="", port=5432, user=USER, dbname="postgres")
        _wait_for(conninfo, process, log)
        yield conninfo
    finally:
        process.send_signal(signal.SIGQUIT)  # immediate: nothing in it is worth a checkpoint
        process.wait()


def _wait_for(conninfo: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(conninfo, connect_timeout=5, options="").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise _not_started(log.read_text("utf-8", "replace"))


def _not_started(log: str) -> Failed:
    last = " ".join(log.strip().splitlines()[-3:])
    return Failed(
        f"The demo server did not start: {last or 'it said nothing'}", means="Nothing is left of it."
    )


@contextmanager
def _unwound_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind the stack where nobody else answers them, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [
        number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL
    ]
    for number in ours:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
