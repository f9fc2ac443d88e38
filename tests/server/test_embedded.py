"""The demo's own server: private, several at once, and gone however its owner ends."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from queries.embedded import binaries, demo_database, programs, running
from queries.embedded.account import other_account
from queries.embedded.home import sweep
from queries.errors import Failed, UsageError
from queries.systems import system

REPOSITORY = Path(__file__).parents[2]
OWNER = """
import sys
from queries.embedded import running
with running() as conninfo:
    print(conninfo, flush=True)
    sys.stdin.read()
"""
AS_NOBODY = """
import os, pwd, sys
from pathlib import Path
from queries.embedded import running
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
with running(programs=Path(sys.argv[1])) as conninfo:
    print(conninfo, flush=True)
    sys.stdin.read()
"""


def test_the_server_is_private() -> None:
    """A socket in a directory that others may not enter, and no port."""
    with running() as conninfo, psycopg.connect(conninfo) as connection:
        listens = connection.execute("select current_setting('listen_addresses')").fetchone()
        assert listens == ("",)
        directory = _socket_directory(conninfo)
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert stat.S_IMODE(directory.parent.stat().st_mode) & 0o007 == 0
        assert directory.stat().st_uid == (other_account() or (os.geteuid(),))[0]
    assert not directory.parent.exists()


def test_a_sample_system_is_loaded_into_a_database_of_its_name() -> None:
    """Both systems beside each other."""
    with running() as conninfo:
        for name, table in (("gaztime", "orders"), ("patients", "documents")):
            with psycopg.connect(demo_database(conninfo, system(name))) as connection:
                assert connection.info.dbname == name
                assert connection.execute("select to_regclass(%s)::text", (table,)).fetchone() == (table,)


def test_variables_for_libpq_lead_to_no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A DBA's environment names a production server, and says read-only."""
    monkeypatch.setenv("PGHOST", "production.example")
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGPORT", "6432")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=on")
    with running() as conninfo, psycopg.connect(demo_database(conninfo, system("patients"))) as connection:
        assert connection.info.hostaddr == ""
        assert Path(connection.info.host) == _socket_directory(conninfo)


def test_two_at_once_leave_each_other_alone() -> None:
    """Each start and each end looks for leftovers; the living are none."""
    with running() as first:
        with running() as second:
            assert _answers(first)
            assert _answers(second)
        sweep()
        assert _answers(first)
        assert not _answers(second)
    assert not _answers(first)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, -signal.SIGINT),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
    ],
)
def test_the_server_ends_with_its_owner(number: signal.Signals, status: int) -> None:
    """Ctrl-C, a kill, a closed terminal: nothing is left."""
    with _owner(OWNER) as (owner, conninfo):
        assert _answers(conninfo)
        owner.send_signal(number)
        assert owner.wait(20) == status
        assert not _socket_directory(conninfo).parent.exists()
        assert not _answers(conninfo)


def test_what_a_killed_owner_left_is_cleared_away_by_the_next_start() -> None:
    """After kill -9 the server still runs, until somebody starts another."""
    with _owner(OWNER) as (owner, conninfo), psycopg.connect(conninfo) as connection:
        owner.kill()
        owner.wait()
        with running():
            assert not _answers(conninfo)
            assert not _socket_directory(conninfo).parent.exists()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_an_unprivileged_user_needs_no_other_account(open_programs: Path) -> None:
    """The server runs as whoever asks for it."""
    with _owner(AS_NOBODY, str(open_programs)) as (owner, conninfo):
        assert _answers(conninfo)
        assert _socket_directory(conninfo).stat().st_uid != 0
        owner.communicate(timeout=20)
        assert owner.returncode == 0
        assert not _socket_directory(conninfo).parent.exists()


def test_programs_in_a_closed_directory_are_copied_and_nothing_is_opened(open_programs: Path) -> None:
    """An environment under root's home: its permissions stay as they were."""
    closed = open_programs.parents[2]
    closed.chmod(0o700)
    with running(programs=open_programs) as conninfo:
        assert _answers(conninfo)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_server_that_does_not_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    """The last words of the program that failed are part of the message."""
    broken = tmp_path / "package" / "release" / "bin"
    broken.mkdir(parents=True)
    (broken / "initdb").write_text("#!/bin/sh\necho 'no space left on the moon' >&2\nexit 1\n", "ascii")
    (broken / "initdb").chmod(0o755)
    before = set(Path(tempfile.gettempdir()).glob("*pgtether-demo-*"))
    with pytest.raises(Failed, match="no space left on the moon"), running(programs=broken):
        pass
    assert set(Path(tempfile.gettempdir()).glob("*pgtether-demo-*")) <= before


def test_without_programs_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who installed without the extra is told its name."""
    monkeypatch.setattr(programs, "_of_the_wheel", lambda: iter(()))
    monkeypatch.setattr(programs, "_of_the_machine", lambda: iter((Path("/nowhere/bin"),)))
    with pytest.raises(UsageError, match=r"pgtether\[demo\]"):
        binaries()


@pytest.fixture
def open_programs() -> Iterator[Path]:
    """A copy of the server's programs that everybody may run."""
    found = binaries()
    release, package = found.parent, found.parent.parent
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        shutil.copytree(release, Path(directory, package.name, release.name), symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, Path(directory, libraries.name), symlinks=True)
        yield Path(directory, package.name, release.name, "bin")


@contextmanager
def _owner(program: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that runs a server until its input ends; gives it with the server's conninfo."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
    ) as owner:  # fmt: skip
        assert owner.stdout is not None
        yield owner, owner.stdout.readline().strip()


def _socket_directory(conninfo: str) -> Path:
    return Path(str(conninfo_to_dict(conninfo)["host"]))


def _answers(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError:
        return False
    return True
