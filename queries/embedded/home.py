"""The private directory of one demo server, and how those that were left behind are found and cleared away.

Two locks say who is alive, and the kernel gives them up however a process ends: ``owner`` is held by us,
``served`` by every process of the server. No process number is trusted for longer than its lock is held.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from queries.embedded.account import give, may_enter, other_account, signal
from queries.errors import Failed

_PREFIX = f"pgtether-demo-{os.geteuid()}-"
_SOCKET_LIMIT = 103  # bytes that a unix socket's path may have; 107 on Linux
_PATIENCE = 10  # seconds


class Home(NamedTuple):
    """A directory of ours, with the open file whose lock says that we are alive."""

    directory: Path
    owner: IO[bytes]

    @property
    def server(self) -> Path:
        """What the server's account owns, mode 0700: data, socket and log."""
        return self.directory / "server"


def make_home() -> Home:
    """Make the directory; it gets its name once its lock is held, so that nobody takes it for a leftover."""
    directory = Path(tempfile.mkdtemp(prefix="new-" + _PREFIX, dir=_place()))
    owner = (directory / "owner").open("wb")
    fcntl.flock(owner, fcntl.LOCK_EX)
    if (other := other_account()) is not None:
        os.chown(directory, -1, other.gid)
        directory.chmod(0o710)  # the server's group may pass through
    (directory / "server").mkdir(mode=0o700)
    give(directory / "server")
    return Home(directory.rename(directory.with_name(directory.name.removeprefix("new-"))), owner)


def remove_home(home: Home) -> None:
    """End whatever still runs in it and remove it."""
    _clear(home.directory)
    home.owner.close()


def sweep() -> None:
    """Clear away the servers whose owner died without a word (``kill -9``)."""
    for place in _places():
        for directory in place.glob(f"{_PREFIX}*"):
            with suppress(FileNotFoundError, BlockingIOError):
                facts = directory.lstat()
                if facts.st_uid == os.geteuid() and stat.S_ISDIR(facts.st_mode):
                    with (directory / "owner").open("rb+") as owner:
                        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        _clear(directory)


def served_lock(home: Home) -> IO[bytes]:
    """The lock that the server's processes inherit; close it once the server has it."""
    served = (home.directory / "served").open("wb")
    fcntl.flock(served, fcntl.LOCK_EX)
    return served


def _clear(directory: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while _is_served(directory) and time.monotonic() < until:
        _stop(directory / "server" / "data")
        time.sleep(0.02)
    shutil.rmtree(directory, ignore_errors=True)


def _is_served(directory: Path) -> bool:
    try:
        with (directory / "served").open("rb+") as served:
            fcntl.flock(served, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def _stop(data: Path) -> None:
    """Ask the postmaster for an immediate shutdown: nothing in it is worth a checkpoint."""
    with suppress(FileNotFoundError, ValueError):
        pid = int((data / "postmaster.pid").read_text("ascii").partition("\n")[0])
        if pid > 1:
            signal(pid, "QUIT")


def _places() -> tuple[Path, ...]:
    """Where homes may be; /tmp for where TMPDIR makes a socket's path too long."""
    return tuple(dict.fromkeys((Path(tempfile.gettempdir()), Path("/tmp"))))


def _place() -> Path:
    longest = len(os.fsencode(f"/{_PREFIX}12345678/server/.s.PGSQL.5432"))
    for place in _places():
        if len(os.fsencode(place)) + longest <= _SOCKET_LIMIT and may_enter(place):
            return place
    raise Failed(
        f"The demo server finds no directory for its files: {', '.join(map(str, _places()))} won't do.",
        do="Set TMPDIR to a directory with a short name that everybody may enter.",
    )
