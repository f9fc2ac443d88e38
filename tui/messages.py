"""What screens tell the console, each a small message; they never call one another."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class OpenTable(Message):
    """Show this table on the Tables screen; ``tab`` is columns, keys, indexes or rows."""

    oid: int
    tab: str = "keys"


@dataclass
class PreviewDelete(Message):
    """Say on the Impact screen what a delete in this table would do; without a condition, ask for it."""

    oid: int
    where: str = ""


@dataclass
class ReadAgain(Message):
    """The catalog has changed, or may have: read it again and show it everywhere."""


@dataclass
class OpenScreen(Message):
    """Open the screen of that number."""

    number: str


@dataclass
class Writing(Message):
    """A transaction that writes is open, which the first line says in these words; empty: it has ended."""

    words: str
