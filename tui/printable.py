"""Names from a database as text that can't drive a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with control characters written out: a name breaks no line, moves no cursor, hides nothing."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
