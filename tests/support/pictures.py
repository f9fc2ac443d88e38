"""Pictures of screens: the files in ``screenshots/`` are what the console must look like, byte for byte.

The same Textual, size and colours draw the same SVG; its random ids are put in order here.
"""

from __future__ import annotations

import difflib
import html
import re
from pathlib import Path

from rich.cells import cell_len
from textual.app import App

from tui.widgets.badge import Standing

PICTURES = Path(__file__).parents[2] / "screenshots"
_TEXT = re.compile(r'<text ([^>]*?)x="([\d.]+)" y="([\d.]+)"([^>]*)>(.*?)</text>')
_CELL = 12.2  # the width of a terminal's cell in the picture

#: What every picture's first line says: the test's server has another port, version and name each time.
STANDING = Standing(
    database="gaztime",
    place="db1.prod:5432",
    version="PostgreSQL 16.4",
    facts=("primary", "TLS"),
    role="dba_ro",
)


def picture(app: App[int]) -> str:
    """The screen as SVG, the same from run to run where its badge shows ``STANDING``."""
    svg = app.export_screenshot(title="pgtether")
    found = re.search(r"terminal-\d+", svg)
    assert found
    svg = _TEXT.sub(_apart, svg.replace(found[0], "terminal"))
    return svg.replace("Fira Code", "DejaVu Sans Mono, monospace") + "\n"


def _apart(found: re.Match[str]) -> str:
    """The text's parts each at its own place: not every viewer keeps to the length of a text."""
    attributes, x, y, rest, text = found.groups()
    drawn = []
    for part in re.finditer(r"\S+(?: \S+)*", html.unescape(text).replace("\xa0", " ")):
        at = float(x) + _CELL * cell_len(part.string[: part.start()])
        length = re.sub(r'textLength="[^"]*"', f'textLength="{_CELL * cell_len(part[0]):g}"', rest)
        escaped = html.escape(part[0]).replace(" ", "&#160;")
        drawn.append(f'<text {attributes}x="{at:g}" y="{y}"{length}>{escaped}</text>')
    return "".join(drawn)


def words(svg: str) -> list[str]:
    """The lines of text in a picture, every word in its column."""
    lines: dict[float, str] = {}
    for _, x, y, _, text in sorted(_TEXT.findall(svg), key=lambda found: float(found[1])):
        line = lines.get(float(y), "")
        line += " " * (round(float(x) / _CELL) - cell_len(line))
        lines[float(y)] = line + html.unescape(text).replace("\xa0", " ")
    return [line.rstrip() for _, line in sorted(lines.items())]


def compare(name: str, svg: str, *, update: bool) -> None:
    """Fail with the differing words where the picture is not that of ``screenshots/<name>.svg``."""
    path = PICTURES / f"{name}.svg"
    if update:
        path.write_text(svg, "utf-8")
        return
    former = path.read_text("utf-8") if path.exists() else ""
    if former == svg:
        return
    differing = list(difflib.unified_diff(words(former), words(svg), "kept", "now", lineterm="", n=0))
    told = "\n".join(differing) or "The words are the same; colours or places differ."
    raise AssertionError(f"screenshots/{name}.svg differs. Look, then --update-pictures.\n{told}")
