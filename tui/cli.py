"""The command line: one group whose commands are imported when they are called, and one place that ends it.

``pgtether --help`` loads neither psycopg nor pydantic nor Textual. stdout belongs to the document alone; what
goes wrong is told on stderr, and ``queries.errors`` says with which exit code.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from queries.errors import Interrupted, PgtetherError
from tui.failures import failure, server_errors, tell, tell_bug, usage
from tui.options import Target, connection_options, policy_option

#: Each command is ``command`` of the module ``tui.commands.<name>``; what it does, in a sentence.
COMMANDS = {
    "demo": "Try it: a private server with the sample systems; nothing to set up, nothing stays.",
    "tables": "List the tables: rows, size, columns, keys out and in.",
    "graph": "Print which tables hang on which, or what hangs on TABLE.",
    "audit": "Say what is wrong or risky, worst first.",
    "orphans": "Count the rows whose parent is missing, of keys that exist or are wanted.",
    "impact": "Say what one DELETE would delete, change, or be blocked by.",
    "policy": "Write the keys that are there as a policy.",
    "plan": "Write the steps that make the database what a policy wants.",
    "apply": "Carry a plan out, in one transaction, on record.",
    "verify": "Say whether what a plan wants is so.",
    "rollback": "Take an applied run back.",
    "history": "List the runs that changed this database.",
    "snapshot": "Write the catalog as JSON, or its fingerprint as text.",
    "load": "Put one sample system into an empty database.",
}


class Commands(click.Group):
    """A group whose first word, where it is no command, is the CONNECTION of the console."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the loop."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, and with it what it needs."""
        command: click.Command = import_module(f"tui.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A command and its words; all the words are the console's where the first is no command."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        return "[CONNECTION]", self.get_command(ctx, "console"), args

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:  # noqa: ARG001
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - 10 ms that only this needs

    if not wanted:
        return
    try:
        click.echo(f"pgtether {version('pgtether')}")
    except PackageNotFoundError:
        click.echo("pgtether, not installed: from its source")
    context.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[CONNECTION | COMMAND [ARGUMENTS]]",
    context_settings={"help_option_names": ["--help", "-?"], "max_content_width": 100},
)
@connection_options
@policy_option
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def program(context: click.Context, target: Target, policy: Path | None) -> int:
    """A console for PostgreSQL's foreign keys: what holds the rows together, what has come loose.

    CONNECTION is a database's name, a URI, or a conninfo string, as for psql, and opens the console. All
    options of psql's connection, PG* variables, service files and ~/.pgpass are understood, before and
    after a command.

    Exit codes: 0 clean; 1 findings, orphans or blockers; 2 usage or a bad file; 3 no connection; 4 refused
    or rolled back, nothing changed; 5 stopped half way; 130 interrupted.
    """
    target.policy = policy
    if context.invoked_subcommand is None:
        console = program.get_command(context, "console")
        return int(context.invoke(console, connection=None, policy=policy)) if console else 0
    return 0


def main() -> int:
    """The program: signals end it as Ctrl-C does, and its own mistakes are told without a traceback."""
    sys.excepthook = tell_bug
    _end_by_signal(signal.SIGTERM)
    _end_by_signal(signal.SIGHUP)
    return run(sys.argv[1:])


def run(words: Sequence[str]) -> int:
    """Run one command line and give its exit code; what goes wrong is told on stderr."""
    try:
        return _invoked(words)
    except PgtetherError as error:
        return tell(error)
    except server_errors() as error:
        return tell(failure(error, reads=False))
    except click.ClickException as error:
        return tell(usage(error))
    except (KeyboardInterrupt, click.Abort):
        return tell(Interrupted("Interrupted."))


def _invoked(words: Sequence[str]) -> int:
    """``click.Command.main`` without its own ways of ending; a command gives its exit code."""
    try:
        with program.make_context("pgtether", list(words)) as context:
            return int(program.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code


def _end_by_signal(number: signal.Signals) -> None:
    """End as Ctrl-C does, so that psycopg cancels and connections roll back; what nohup ignores stays so."""
    if signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a signal handler's signature
    raise SystemExit(128 + number)
