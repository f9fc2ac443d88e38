"""Pictures of screens: the files in ``screenshots/`` are what the console must look like, byte for byte.

The same Textual, size and colours draw the same SVG; its random ids are put in order here.
"""

from __future__ import annotations

import difflib
import html
import re
from pathlib import Path

from textual.app import App

from tui.widgets.badge import Standing

PICTURES = Path(__file__).parents[2] / "screenshots"

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
    return svg.replace(found[0], "terminal").replace("Fira Code", "DejaVu Sans Mono, monospace") + "\n"


def words(svg: str) -> list[str]:
    """The lines of text in a picture, for a person who asks what differs."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text [^>]*?x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        lines.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    return ["".join(text for _, text in sorted(line)) for _, line in sorted(lines.items())]


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
