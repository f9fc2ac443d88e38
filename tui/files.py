"""Write a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from queries.errors import UsageError
from tui.output import narrate, print_document


def write(text: str, path: Path | None, *, replaces: Callable[[str], bool] = lambda _: False) -> None:
    """Write to the file and say so, or to stdout without one or for ``-``; raises UsageError as ``save``."""
    if path is None or str(path) == "-":
        print_document(text)
        return
    save(text, path, replaces=replaces)
    narrate(f"Wrote {path}.")


def save(text: str, path: Path, *, replaces: Callable[[str], bool] = lambda _: False) -> None:
    """Write to the file.

    A file that is there is replaced only if it is empty, already says the same, or ``replaces`` its text;
    raises UsageError otherwise and where it can't be written.
    """
    try:
        _write(text, path.resolve(), replaces=replaces)
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror}.", means="Nothing was written."
        ) from error


def _write(text: str, path: Path, *, replaces: Callable[[str], bool]) -> None:
    if path.exists() and not path.is_file():  # a pipe or a device: nothing to replace
        path.write_text(text, "utf-8")
        return
    if path.exists():
        former = path.read_text("utf-8", "replace")
        if former.strip() and former != text and not replaces(former):
            raise UsageError(
                f"{path} is there already and holds something else.",
                means="Nothing was written.",
                do="Name another file, or move that one away.",
            )
    _replace(text, path)


def _replace(text: str, path: Path) -> None:
    """Write beside it, then rename: a reader sees the former or the new file, never half of one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8") as file:
            if path.exists():
                beside.chmod(path.stat().st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            beside.unlink()
        raise
