"""What is printed: the document on stdout, in one piece and whole; everything else on stderr.

On a terminal a table is folded into its width, never cut; elsewhere it is aligned text of any width.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from queries.errors import Failed
from tui.printable import printable

_WIDE = 1_000_000  # where no terminal sets the width, nothing is folded


def print_json(document: Mapping[str, object]) -> None:
    """One JSON document on stdout."""
    print_document(json_text(document))


def json_text(document: Mapping[str, object]) -> str:
    """A JSON document, its schema version first."""
    return json.dumps({"schema_version": 1} | dict(document), indent=2, ensure_ascii=False) + "\n"


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """As ``csv_text``, on stdout."""
    print_document(csv_text(header, rows))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180 with a header; unknown is empty, booleans are true and false as in JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Aligned columns, those of the given places to the right; a header alone where there are no rows."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, name in enumerate(header):
        table.add_column(name, justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    is_terminal, drawn = sys.stdout.isatty(), io.StringIO()
    width = None if is_terminal else _WIDE
    console = Console(file=drawn, force_terminal=is_terminal, width=width, highlight=False, emoji=False)
    console.print(table, markup=False)
    return "\n".join(line.rstrip() for line in drawn.getvalue().split("\n")).rstrip("\n")


def print_document(text: str) -> None:
    """What programs read, in UTF-8 whatever the terminal's encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print_text(text)


def print_text(text: str) -> None:
    """Write it whole to stdout; a reader who has gone (``| head``) is no failure; raises Failed."""
    try:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write((text.rstrip("\n") + "\n").encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends: let it do so into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise Failed(f"The answer could not be printed: {error.strerror}.") from error


def narrate(text: str) -> None:
    """A sentence beside the document, on stderr."""
    click.echo(printable(text), err=True)


def progress(text: str) -> None:
    """One line on the terminal, in place of the one before (empty: of none); nothing where there is none."""
    if sys.stderr.isatty():
        room = max(get_terminal_size().columns - 1, 10)
        sys.stderr.write("\r\x1b[K" + printable(text)[:room])
        sys.stderr.flush()
