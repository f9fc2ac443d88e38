"""Ask a person on the terminal before anything is changed."""

from __future__ import annotations

import sys

import click

from queries.errors import NotConfirmed


def confirm(question: str, *, yes: bool) -> bool:
    """Whether the person types "yes", or ``--yes`` has said it; raises NotConfirmed without a terminal."""
    if yes:
        return True
    return answer(question, ("yes", "no")) == "yes"


def answer(question: str, choices: tuple[str, ...]) -> str:
    """One of the choices, typed whole, asked until it is one; raises NotConfirmed without a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotConfirmed(
            "There is no terminal to ask on.",
            means="Nothing was changed.",
            do="Say --yes if it shall be done unasked.",
        )
    while True:
        click.echo(f"{question} [{'/'.join(choices)}] ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise NotConfirmed("Nobody answered.", means="Nothing was changed.")
        if line.strip().lower() in choices:
            return line.strip().lower()
