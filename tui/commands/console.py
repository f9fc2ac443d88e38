"""``pgtether [CONNECTION]``: the console, which is no word of its own on the command line."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import click

from queries.errors import UsageError
from tui.options import Target, connection_options, policy_option


class _Console(click.Command):
    def get_help(self, ctx: click.Context) -> str:
        """The whole program's: a person who asks here has named no command."""
        return ctx.parent.get_help() if ctx.parent else super().get_help(ctx)


@click.command(cls=_Console, hidden=True)
@click.argument("connection", required=False)
@policy_option
@connection_options
def command(target: Target, connection: str | None, policy: Path | None) -> int:
    """Open the console."""
    if not can_draw():
        raise UsageError(
            "The console needs a terminal that can draw, and this is none.",
            means="Nothing was connected to.",
            do=_instead(connection),
        )
    from tui.app import console  # noqa: PLC0415 - Textual is loaded for a terminal alone

    place = partial(_conninfo, target, connection=connection or "")
    asks = target.password == "ask"  # while the terminal is still our own
    return console(place() if asks else place, policy=policy or target.policy)


def _conninfo(target: Target, *, connection: str) -> str:
    from tui.connecting import target_conninfo  # noqa: PLC0415 - psycopg comes after the first paint

    return target_conninfo(target, connection=connection)


def can_draw() -> bool:
    """Whether there is a terminal for the console, which Textual draws on stderr."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM", "dumb") != "dumb"


def _instead(connection: str | None) -> str:
    """What to call without a terminal; a word that looks like a misspelled command is told so."""
    from tui.cli import COMMANDS  # noqa: PLC0415 - tui.cli imports this module when it is called

    close = get_close_matches(connection or "", COMMANDS, n=1)
    if close:
        return (
            f"{connection!r} is no command, so it was read as a database: did you mean `pgtether {close[0]}`?"
        )
    return "Use a command: `pgtether tables`, `graph`, `audit` or `orphans` print text, or JSON with --json."
