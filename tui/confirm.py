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


def demand_terminal() -> None:
    """Raise NotConfirmed where nobody can be asked, before anything is connected to."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotConfirmed(
            "There is no terminal to ask on.",
            means="Nothing was changed.",
            do="Say --yes if it shall be done unasked.",
        )


def answer(question: str, choices: tuple[str, ...]) -> str:
    """One of the choices, typed whole, asked until it is one; raises NotConfirmed without a terminal."""
    while True:
        line = typed(f"{question} [{'/'.join(choices)}] ").lower()
        if line in choices:
            return line


def typed(prompt: str) -> str:
    """One line that the person types; raises NotConfirmed without a terminal, or where nobody answers."""
    demand_terminal()
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise NotConfirmed("Nobody answered.", means="Nothing was changed.")
    return line.strip()
