"""A person who asks on the Impact screen what a delete would do."""

from __future__ import annotations

from textual.events import Paste

from tests.support.console import Person

#: Fifty customers of gaztime.
SOME = "id <= 'cus_000050'"


async def preview(person: Person, table: str, where: str) -> None:
    """Name a table and a condition on the screen."""
    await ask(person, table, where)
    await person.press("enter")


async def ask(person: Person, table: str, where: str) -> None:
    """The same up to the last key."""
    await person.press("4", "t")
    await paste(person, table)
    await person.press("enter")
    await paste(person, where)


async def paste(person: Person, text: str) -> None:
    """Into the field that has the focus: quicker than typing."""
    focused = person.app.focused
    assert focused is not None
    focused.post_message(Paste(text))
    await person.wait()
