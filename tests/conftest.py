"""Options, marks and fixtures of the tests; what they do is in ``tests/support``."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.support import releases, roles, servers, timing
from tests.support.servers import Server

_RUN = pytest.StashKey[servers.Run]()
pytest_terminal_summary = timing.pytest_terminal_summary
pytest_runtest_logreport = timing.pytest_runtest_logreport


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say on which servers the tests run."""
    group = parser.getgroup("pgtether")
    group.addoption("--server", metavar="DSN", help="use this server, as superuser, instead of starting any")
    group.addoption(
        "--postgres",
        type=int,
        action="append",
        choices=sorted(releases.RELEASES),
        help="run on this major (may be repeated; default: what the tests' marks say)",
    )
    group.addoption("--update-pictures", action="store_true", help="write screenshots/ instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's directory; xdist's workers are told of the controller's.

    Under nohup SIGHUP is ignored, and so it would be in every program that a test starts and hangs up on.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = servers.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, also after Ctrl-C."""
    if _RUN in config.stash:
        servers.end_run(config.stash[_RUN])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the run's servers are."""
    node.workerinput["servers"] = str(node.config.stash[_RUN].directory)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a server once on each major that its mark names."""
    if "major" in metafunc.fixturenames:
        majors = _majors(metafunc.config, {mark.name for mark in metafunc.definition.iter_markers()})
        metafunc.parametrize(
            "major", majors, indirect=True, scope="session", ids=[f"postgres{major}" for major in majors]
        )


def _majors(config: pytest.Config, marks: set[str]) -> tuple[int, ...]:
    """The majors of one test: those that were chosen, or all, or the newest alone."""
    if given := config.getoption("--server"):
        return (_given(given).major,)
    chosen = tuple(sorted(set(config.getoption("--postgres") or releases.SET_UP)))
    return chosen if marks & {"every_version", "three_versions"} else chosen[-1:]


_given = cache(servers.given_server)


@pytest.fixture(scope="session")
def run_directory(pytestconfig: pytest.Config) -> Path:
    """The directory of the whole run's servers."""
    if _RUN in pytestconfig.stash:
        return pytestconfig.stash[_RUN].directory
    return Path(pytestconfig.workerinput["servers"])  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def major(request: pytest.FixtureRequest) -> int:
    """The PostgreSQL major that this test runs on."""
    return int(request.param)


@pytest.fixture(scope="session")
def server(major: int, run_directory: Path, pytestconfig: pytest.Config) -> Server:
    """The run's server of that major; tests share it, so they leave its settings alone."""
    if given := pytestconfig.getoption("--server"):
        return _given(given)
    return servers.shared_server(run_directory, major)


@pytest.fixture
def own_server(major: int, run_directory: Path) -> Iterator[Server]:
    """A server for this test alone, which it may break."""
    home = run_directory / f"own-{uuid4().hex[:8]}"
    try:
        yield Server(major, servers.start(home, major), servers.binaries(home, major), home / "data")
    finally:
        servers.stop(home)


@pytest.fixture
def made_roles(server: Server) -> Iterator[list[str]]:
    """Roles to drop after the test's database, in which they may own things, is gone."""
    names: list[str] = []
    yield names
    for name in names:
        server.drop_role(name)


@pytest.fixture
def database(server: Server, made_roles: list[str]) -> Iterator[str]:
    """The conninfo string of a fresh database, dropped after the test."""
    with server.new_database() as conninfo:
        yield conninfo


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    """A superuser's autocommit connection to the test's database."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def make_role(connection: psycopg.Connection, made_roles: list[str]) -> Callable[..., str]:
    """``make_role(name, …)`` makes a role for this test; its arguments are those of ``roles.make_role``."""

    def made(name: str, **options: Any) -> str:
        made_roles.append(roles.make_role(connection, name, **options))
        return made_roles[-1]

    return made
