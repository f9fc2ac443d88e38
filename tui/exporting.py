"""What a screen lists, written to a file: the question for its name, which writes before it goes away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.widget import Widget

from queries.errors import PgtetherError, UsageError
from tui.dialogs.ask_text import AskText
from tui.files import save

Writer = Callable[[], str]


def export(near: Widget, question: str, *, value: str, shapes: dict[str, Writer], hint: str = "") -> None:
    """Ask for a name and write the text of the shape that its ending names: ``.csv``, ``.json``."""

    def written(name: str) -> str:
        if not name.strip():
            return "A file's name is needed."
        try:
            path = Path(name.strip()).expanduser()
            save(_shape(path, shapes)(), path)
        except PgtetherError as error:
            return str(error)
        return ""

    def told(name: str | None) -> None:
        if name is not None:
            near.notify(f"Wrote {name.strip()}.", markup=False)

    said = f"{hint}\nIn {Path.cwd()}".strip()
    near.app.push_screen(AskText(question, value=value, hint=said, complaint=written), told)


def _shape(path: Path, shapes: dict[str, Writer]) -> Writer:
    if path.suffix.lower() in shapes:
        return shapes[path.suffix.lower()]
    endings = " or ".join(shapes)
    raise UsageError(f"{path} doesn't end in {endings}.", means="Nothing was written.", do=f"Add {endings}.")
