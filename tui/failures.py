"""How a failure is told: what happened, what it means for the data, what to do, and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import click

from queries.errors import CannotConnect, ConnectionLost, Failed, PgtetherError, UsageError

if TYPE_CHECKING:  # psycopg isn't loaded for --help
    import psycopg

#: What to do about what the server says most often.
_ADVICE = {
    "42501": "Ask for the right, or connect as a role that has it.",
    "57014": "Raise statement_timeout (PGOPTIONS='-c statement_timeout=0'), or try again.",
    "55P03": "Another session holds the lock: try again when it is done.",
    "40P01": "Two sessions waited for each other: try again.",
    "42P01": "The database has changed meanwhile: try again.",
    "42703": "The database has changed meanwhile: try again.",
    "XX000": "The database may have changed meanwhile: try again.",
}


def tell(error: PgtetherError) -> int:
    """Print it on stderr and give its exit code."""
    click.echo(f"pgtether: {error}", err=True)
    return error.exit_code


def usage(error: click.ClickException) -> PgtetherError:
    """A mistake in the words of the command line."""
    context = getattr(error, "ctx", None)
    path = context.command_path.removesuffix(" [CONNECTION]") if context else "pgtether"
    return UsageError(error.format_message(), do=f"`{path} --help` says what can be given.")


def server_errors() -> tuple[type[psycopg.Error], ...]:
    """The class of psycopg's errors; none where psycopg was never loaded."""
    return (sys.modules["psycopg"].Error,) if "psycopg" in sys.modules else ()


def failure(error: psycopg.Error, *, reads: bool) -> PgtetherError:
    """What to raise for an error of the server that nobody knew better; ``reads``: the command only reads."""
    said = error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__
    if _is_lost(error):
        lost = f"The connection was lost: {said}"
        if reads:
            return CannotConnect(lost, means="Nothing was changed: this only reads.", do="Try again.")
        return ConnectionLost(
            lost,
            means="What was not committed is rolled back; whether a commit arrived isn't known.",
            do="Look at the database before you try again.",
        )
    state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    means = "Nothing was changed: this only reads." if reads else "The transaction was rolled back."
    hint = error.diag.message_hint or _ADVICE.get(error.sqlstate or "", "")
    return Failed(f"The server refused: {said}{state}", means=means, do=hint)


def _is_lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone: libpq has no SQLSTATE for it, a server that ends a session has."""
    state = error.sqlstate or ""
    if state in ("57P01", "57P02", "57P03", "57P05", "25P03", "25P04") or state.startswith("08"):
        return True
    return not state and type(error).__name__ == "OperationalError"


def tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> NoReturn:
    """The last resort, as ``sys.excepthook``: our own mistake, with exit code 5, as nothing is certain."""
    if os.environ.get("PGTETHER_DEBUG") == "1":
        traceback.print_exception(kind, error, trace)
    lines = (
        f"pgtether: this is a bug of pgtether: {kind.__name__}: {error}",
        "An open transaction is rolled back by the server; nothing else is certain.",
        "Set PGTETHER_DEBUG=1 for the traceback, and report it.",
    )
    click.echo("\n".join(lines), err=True)
    raise SystemExit(ConnectionLost.exit_code)
