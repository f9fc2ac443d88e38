"""SQL as it is read: highlighted, one statement after another, each to be pasted."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.highlight import highlight

from tui.widgets.cells import safe


def sql_text(statements: Sequence[str]) -> Content:
    """The statements, each ended by its semicolon."""
    return Content("\n").join(
        highlight("\n".join(safe(line) for line in f"{statement};".splitlines()), language="postgresql")
        for statement in statements
    )


def section(title: str, body: Content) -> Content:
    """A heading and what stands below it."""
    return Content.assemble((title, "bold"), "\n", body)


def said(title: str, body: str) -> Content:
    """A heading with words behind it."""
    return Content.assemble((title, "bold"), "  ", "\n".join(safe(line) for line in body.splitlines()))
