"""Plan files from the console: where to write one, which to open."""

from __future__ import annotations

from pathlib import Path

from queries.errors import PgtetherError
from queries.plan import plan, plan_text
from queries.planning import Planned
from tui.dialogs.ask_text import AskText
from tui.files import save


def ask_where_to_save(made: Planned) -> AskText:
    """A name for the file; it is written, whole, before the question goes away."""

    def written(name: str) -> str:
        if not name.strip():
            return "A file's name is needed."
        try:
            save(plan_text(made.plan, comments=made.comments), _path(name))
        except PgtetherError as error:
            return str(error)
        return ""

    return AskText(
        "Save the plan as TOML",
        value=f"{made.plan.name}.plan.toml",
        hint=f"In {Path.cwd()}",
        complaint=written,
    )


def ask_which_to_open() -> AskText:
    """The name of a file that holds a plan."""

    def unread(name: str) -> str:
        try:
            plan(_path(name))
        except PgtetherError as error:
            return str(error)
        return ""

    return AskText("Open a plan file", hint=f"In {Path.cwd()}", complaint=unread)


def _path(name: str) -> Path:
    return Path(name.strip()).expanduser()
