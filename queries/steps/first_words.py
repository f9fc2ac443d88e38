"""The words that a statement begins with, as PostgreSQL's own scanner finds them."""

from __future__ import annotations

import re

_BLANK = re.compile(r"(?:[ \t\n\r\f\v;]|--[^\n\r]*)*")
_WORD = re.compile(r"[a-z_]\w*", re.ASCII)


def first_words(statement: str, count: int) -> tuple[str, ...]:
    """Up to ``count`` of them in lower case, without what is no plain word; comments may be nested."""
    found: list[str] = []
    rest = _after_blank(statement.lower())
    while len(found) < count and (word := _WORD.match(rest)):
        found.append(word[0])
        rest = _after_blank(rest[word.end() :])
    return tuple(found)


def _after_blank(text: str) -> str:
    """Without the blanks, comments and empty statements that it begins with."""
    while True:
        blank = _BLANK.match(text)
        text = text[blank.end() :] if blank else text
        if not text.startswith("/*"):
            return text
        text = _after_comment(text)


def _after_comment(text: str) -> str:
    depth = 0
    for mark in re.finditer(r"/\*|\*/", text):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return text[mark.end() :]
    return ""
