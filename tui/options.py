"""Options that several commands share; psql's connection options are taken before and after the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click


@dataclass
class Target:
    """What the command line says of the connection; the option that came last has won."""

    dbname: str | None = None
    host: str | None = None
    port: str | None = None
    username: str | None = None
    password: str | None = None  # ask, never
    policy: Path | None = None  # given before the command


Function = Callable[..., Any]


def _remember(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None and option.name:
        setattr(context.ensure_object(Target), option.name, value)


def _connection_option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    return click.option(*names, expose_value=False, callback=_remember, **settings)


_CONNECTION_OPTIONS = (
    _connection_option("-d", "--dbname", metavar="DB", help="Database name, URI, or conninfo string."),
    _connection_option("-h", "--host", metavar="HOST", help="Server's host or socket directory."),
    _connection_option("-p", "--port", metavar="PORT", help="Server's port."),
    _connection_option("-U", "--username", metavar="ROLE", help="Role to log in as."),
    _connection_option(
        "-w", "--no-password", "password", flag_value="never", help="Never ask for a password."
    ),
    _connection_option("-W", "--password", "password", flag_value="ask", help="Ask for the password first."),
)


def connection_options(function: Function) -> Function:
    """Add psql's connection options; the function is called with what all of them say as ``target``."""

    @click.pass_context
    @wraps(function)
    def called(context: click.Context, *args: Any, **settings: Any) -> Any:
        return function(*args, target=context.ensure_object(Target), **settings)

    for option in reversed(_CONNECTION_OPTIONS):
        called = option(called)
    return called


policy_option = click.option(
    "--policy",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The rules that the team wants.",
)

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")

reveal_option = click.option("--reveal", is_flag=True, help="Show sensitive values in samples.")

json_option = click.option("--json", "shape", flag_value="json", help="Print one JSON document.")

csv_option = click.option("--csv", "shape", flag_value="csv", help="Print rows as CSV.")


def file_option(text: str) -> Callable[[Function], Function]:
    """``-o FILE``."""
    return click.option("-o", "--output", "file", metavar="FILE", type=click.Path(path_type=Path), help=text)
