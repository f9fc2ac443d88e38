"""Lines of the preview of a delete as rows of a line table, and the whole of one as a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.content import Content

from queries.catalog import Catalog, Table
from queries.impact import Effect
from queries.impact.models import Certainty
from queries.names import quoted
from tui.figures import counted
from tui.glyphs import Glyphs
from tui.impact_sentences import change, kind, number
from tui.impact_tree import Line, rows_of
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, Column, Look, Row
from tui.widgets.sql_text import said
from tui.widgets.step_cells import without_schema
from tui.widgets.table_cells import shown_name

COLUMNS = (
    Column("what goes", flexible=True, cut="middle", least=34),
    Column("rows", right=True),
    Column("of table", right=True, optional=True),
    Column("what happens"),
    Column("why", flexible=True, least=12),
)
REHEARSED = (*COLUMNS[:2], Column("rehearsed", right=True), *COLUMNS[2:])
_HALF = 0.5


@dataclass(frozen=True)
class Shown:
    """What lines are drawn from: effects by table; ``unknown`` stands for a number that isn't there yet."""

    catalog: Catalog
    effects: Mapping[str, Effect] = field(default_factory=dict)
    rehearsed: Mapping[str, Effect] | None = None
    unknown: str = ""

    def effect(self, line: Line) -> Effect | None:
        """The effect on the line's table."""
        return self.effects.get(line.table.text) if line.table else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """With the rehearsal's beside those of the reading, once it is there."""
        return COLUMNS if self.rehearsed is None else REHEARSED


def row(shown: Shown, line: Line, glyphs: Glyphs, *, mark: str = "") -> Row:
    """One line; ``mark`` says whether what is below it is shown."""
    cells = (
        what(shown, line, glyphs, mark=mark),
        _rows(shown, line),
        _share(shown, line),
        _happens(shown, line),
        why(shown, line, glyphs),
    )
    if shown.rehearsed is None:
        return cells
    return (*cells[:2], _rehearsed(shown, line, shown.rehearsed), *cells[2:])


def what(shown: Shown, line: Line, glyphs: Glyphs, *, mark: str = "") -> Cell:
    """``✗ A invoices.customer_id``, ``▾ C wallets.customer_id`` by its depth."""
    if line.caution is not None:
        named = without_schema(line.caution.object, shown.catalog)
        return Look(f"! {kind(line.caution)} {named}".rstrip(), "warning")
    name = shown_name(shown.catalog, line.table) if line.table else "?"
    if line.key is not None and line.rule is not None:
        columns = ", ".join(quoted(column) for column in line.key.columns)
        columns = columns if len(line.key.columns) == 1 else f"({columns})"
        name = f"{line.rule.letter} {name}.{columns}"
    if line.blocker is not None:
        return Look(f"{glyphs.wrong} {name}", "wrong")
    if line.kind == "target":
        return Look(name, "strong")
    indent = "  " * (len(line.path) - 1) if line.kind == "key" else ""
    return f"{indent}{mark or ' '} {name}"


def why(shown: Shown, line: Line, glyphs: Glyphs) -> str:
    """The path, or what the server would say."""
    if line.caution is not None:
        return without_schema(line.caution.message, shown.catalog)
    if line.blocker is not None:
        path = via(shown.catalog, line, glyphs)
        when = "at commit: " if line.blocker.at == "commit" else ""
        return when + without_schema(line.blocker.why, shown.catalog) + (f", {path}" if path else "")
    if line.kind == "table":
        return "no key leads there"
    more = f"(+{counted(line.more, 'more path')})" if line.more else ""
    return f"{via(shown.catalog, line, glyphs)} {more}".strip()


def via(catalog: Catalog, line: Line, glyphs: Glyphs) -> str:
    """The tables between; nothing where the key refers to the table of the DELETE itself."""
    between = [_root_name(catalog, key.child_oid) for key in line.path[:-1]]
    return f"via {f' {glyphs.to} '.join(between)}" if between else ""


def _root_name(catalog: Catalog, oid: int) -> str:
    table = catalog.tables[oid]
    while table.partition_of in catalog.tables:
        table = catalog.tables[table.partition_of]
    return shown_name(catalog, table)


def _rows(shown: Shown, line: Line) -> Cell:
    if line.caution is not None or line.again:
        return ""
    effect = shown.effect(line)
    rows = rows_of(line, effect)
    if effect is not None and effect.certainty is Certainty.ESTIMATE and not rows and shown.unknown:
        rows = None  # statistics had a number for the table's other rows only
    text = number(rows, effect, unknown=shown.unknown)
    return Look(text, "wrong") if line.blocker else text


def _rehearsed(shown: Shown, line: Line, rehearsed: Mapping[str, Effect]) -> Cell:
    if line.kind in ("caution", "blocker") or line.again or line.table is None:
        return ""
    other = rehearsed.get(line.table.text)
    one, two = (rows_of(line, each) or 0 for each in (shown.effect(line), other))
    is_same = one == two and (shown.effect(line) is None or other is None or _how(line, shown, other))
    return number(two, other) if is_same else Look(f"{number(two, other)} differs", "wrong")


def _how(line: Line, shown: Shown, other: Effect) -> bool:
    """Whether rows that stay change in the same way."""
    effect = shown.effect(line)
    return line.way == "deleted" or effect is None or change(effect) == change(other)


def _share(shown: Shown, line: Line) -> str:
    """Of the rows that statistics give the table."""
    effect, table = shown.effect(line), line.table
    rows = rows_of(line, effect)
    if line.again or table is None or rows is None or line.caution is not None:
        return ""
    return share(rows, _estimate(shown, table))


def _estimate(shown: Shown, table: Table) -> float:
    return next((root.estimate for root in shown.catalog.roots if root.oid == table.oid), table.estimate)


def share(rows: int, of: float) -> str:
    """``12 %``; ``?`` where the table was never analysed."""
    if of <= 0:
        return "?" if rows else "0 %"
    percent = min(100.0, 100 * rows / of)
    if 0 < percent < _HALF:
        return "<1 %"
    return f"{percent:.0f} %"


def _happens(shown: Shown, line: Line) -> Cell:
    if line.blocker is not None:
        return Look("blocks", "wrong")
    if line.again:
        return Look("shown above", "faint")
    effect = shown.effect(line)
    if line.caution is not None or (line.kind == "table" and effect is None):
        return ""
    if line.way == "deleted" and (line.kind != "table" or (effect and effect.deleted)):
        return "deleted"
    return (change(effect) if effect else "") or str(line.rule or "")


def text(shown: Shown, line: Line, glyphs: Glyphs) -> Content:
    """Everything that a line says, nothing cut."""
    parts = []
    names = [column.title for column in shown.columns]
    for name, cell in zip(names, row(shown, line, glyphs), strict=True):
        value = cell if isinstance(cell, str) else cell.text
        if value.strip():
            parts.append(said(name.capitalize(), safe(value.strip())))
    if line.key is not None:
        parts.append(said("Key", f"{line.key.name}: {line.key.text}, on delete {line.key.on_delete}"))
    return Content("\n\n").join(parts)
