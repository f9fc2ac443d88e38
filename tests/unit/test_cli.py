"""The command line before it connects: words, options, what is loaded, how failures are told."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import psycopg
import pytest

from queries.errors import CannotConnect, ConnectionLost, Failed
from tests.support.command import environment, pgtether, process
from tui.cli import COMMANDS, program
from tui.failures import failure
from tui.options import Target, connection_options

HEAVY = ("psycopg", "textual", "pydantic", "rich")


def test_help_loads_nothing_heavy() -> None:
    """Help answers at once, on a machine where the driver can't be loaded too."""
    code = "import sys; from tui.cli import run; run(['--help']); sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    assert not set(HEAVY) & set(done.stderr.split())
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_list_has_help(name: str) -> None:
    ran = pgtether(name, "-?")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: pgtether {name} ")
    assert program.get_command(click.Context(program), name) is not None


def test_h_is_the_host_and_not_help() -> None:
    ran = pgtether("tables", "-h", "127.0.0.1", "-p", "1")
    assert (ran.code, ran.out) == (3, "")
    assert "127.0.0.1:1" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-h", "a", "sub"], "a"),
        (["sub", "-h", "b"], "b"),
        (["-h", "a", "sub", "-h", "b"], "b"),
        (["-h", "a", "-h", "c", "sub"], "c"),
    ],
)
def test_an_option_of_the_connection_stands_before_or_after_and_the_last_wins(
    words: list[str], expected: str
) -> None:
    found = _target(words)
    assert found.host == expected


def test_w_and_capital_w_are_one_choice() -> None:
    assert _target(["-W", "sub"]).password == "ask"
    assert _target(["-W", "sub", "-w"]).password == "never"
    assert _target(["sub", "-w", "-W"]).password == "ask"


def _target(words: list[str]) -> Target:
    """What a group and a command with the connection's options hear of these words."""
    heard: list[Target] = []

    @click.group(context_settings={"help_option_names": ["--help"]})
    @connection_options
    def group(target: Target) -> None:
        pass

    @group.command("sub", context_settings={"help_option_names": ["--help"]})
    @connection_options
    def sub(target: Target) -> None:
        heard.append(target)

    with group.make_context("group", words) as context:
        group.invoke(context)
    return heard[0]


@pytest.mark.parametrize("words", [[], ["some_database"], ["-d", "tables"], ["postgresql://h/d", "-p", "1"]])
def test_the_console_without_a_terminal_says_what_to_use_instead(words: list[str]) -> None:
    ran = process(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err
    assert "pgtether tables" in ran.err


def test_a_misspelled_command_is_told_the_right_one() -> None:
    ran = process("tabels")
    assert ran.code == 2
    assert "pgtether tables" in ran.err


@pytest.mark.parametrize(
    "words", [["tables", "--bogus"], ["tables", "a", "b"], ["load"], ["graph", "--format", "x"]]
)
def test_wrong_words_are_told_without_connecting(words: list[str]) -> None:
    ran = pgtether(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("pgtether: ")
    assert "--help" in ran.err


def test_a_bad_conninfo_is_usage_and_shows_no_password() -> None:
    ran = pgtether("tables", "-d", "host=a pasword=secret")
    assert (ran.code, ran.out) == (2, "")
    assert "secret" not in ran.err


def test_a_password_is_asked_for_on_a_terminal_alone() -> None:
    ran = process("tables", "-W")
    assert (ran.code, ran.out) == (2, "")
    assert "PGPASSWORD" in ran.err


def test_a_service_that_is_not_there_is_usage() -> None:
    assert pgtether("tables", "-d", "service=no_such_service_anywhere").code == 2


def test_our_own_mistake_is_told_in_words_and_as_a_traceback_when_asked() -> None:
    code = "import sys, tui.cli; tui.cli.run = lambda words: [][0]; sys.exit(tui.cli.main())"
    for debug, has_traceback in (("0", False), ("1", True)):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env=environment(PGTETHER_DEBUG=debug),
        )
        assert (done.returncode, done.stdout) == (5, "")
        assert "this is a bug of pgtether: IndexError" in done.stderr
        assert ("Traceback" in done.stderr) is has_traceback


@pytest.mark.parametrize(
    ("raised", "reads", "kind"),
    [
        (psycopg.errors.InsufficientPrivilege("permission denied for table t"), True, Failed),
        (psycopg.errors.QueryCanceled("canceling statement due to statement timeout"), False, Failed),
        (psycopg.errors.AdminShutdown("terminating connection"), True, CannotConnect),
        (psycopg.errors.AdminShutdown("terminating connection"), False, ConnectionLost),
        (psycopg.OperationalError("server closed the connection unexpectedly"), False, ConnectionLost),
    ],
)
def test_what_the_server_refuses_becomes_an_error_of_ours(
    raised: psycopg.Error, reads: bool, kind: type[Exception]
) -> None:
    told = failure(raised, reads=reads)
    assert type(told) is kind
    assert str(raised) in told.what
    assert told.means
    assert raised.sqlstate is None or kind is not Failed or f"SQLSTATE {raised.sqlstate}" in told.what


def test_the_program_has_a_version() -> None:
    ran = pgtether("--version")
    assert ran.code == 0
    assert ran.out.startswith("pgtether")


def test_a_document_is_json_in_utf8_whatever_the_locale() -> None:
    code = "from tui.output import print_json; print_json({'table': 'é→'})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=environment(PYTHONIOENCODING="latin-1"),
    )
    assert json.loads(done.stdout.decode("utf-8")) == {"schema_version": 1, "table": "é→"}


def test_a_reader_who_leaves_is_no_failure() -> None:
    """``pgtether … | head -1``: quiet, and the exit code is the command's own."""
    code = "from tui.output import print_text; print_text('x' * 10_000_000)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
