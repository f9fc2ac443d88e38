"""Whom the server runs as: us, or the unprivileged nobody where we are root, for PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import NamedTuple, TypedDict


class Account(NamedTuple):
    """A user and its group by number."""

    uid: int
    gid: int


class _As(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    env: dict[str, str]


def other_account() -> Account | None:
    """The account that the server needs because ours is root; None where ours will do."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def as_server() -> _As:
    """How ``subprocess`` starts a program as the server's account, with no ``PG*`` variables."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    options = _As(env=plain | {"LC_ALL": "C"})
    if (other := other_account()) is not None:
        options |= _As(user=other.uid, group=other.gid, extra_groups=[])
    return options


def may_enter(directory: Path) -> bool:
    """Whether the server's account may enter this directory, and so all those above it."""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -d "$1" && test -x "$1"', "sh", directory],
        check=False,
        cwd="/",
        **as_server(),
    )
    return asked.returncode == 0


def signal(pid: int, name: str) -> None:
    """Send a signal with the rights of the server's account, for that account wrote the number."""
    subprocess.run(
        ["/bin/sh", "-c", 'kill -s "$1" "$2"', "sh", name, str(pid)],
        check=False, cwd="/", stderr=subprocess.DEVNULL, **as_server(),
    )  # fmt: skip


def give(path: Path) -> None:
    """Make a path of ours the server's own, with everything in it."""
    if (other := other_account()) is None:
        return
    os.chown(path, *other, follow_symlinks=False)
    for above, directories, files in os.walk(path):
        for name in (*directories, *files):
            os.chown(Path(above, name), *other, follow_symlinks=False)
