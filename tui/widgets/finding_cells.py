"""Findings as rows of a line table, and everything about one as a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from queries.catalog import Catalog, Table
from queries.findings import Finding
from queries.fix import Fix
from queries.models import Severity
from queries.names import quoted, table_name
from queries.orphans import OrphanCount, State
from queries.steps import Lock
from tui.figures import count, counted
from tui.glyphs import Glyphs
from tui.step_list import lock_lines
from tui.widgets.cells import safe
from tui.widgets.columns import Cell, Column, Look, Row
from tui.widgets.sql_text import said, section, sql_text
from tui.widgets.step_cells import without_schema
from tui.widgets.table_cells import shown_name

COLUMNS = (
    Column("", least=1),
    Column("severity"),
    Column("finding", flexible=True, least=11),
    Column("object", flexible=True, cut="middle", least=24),
    Column("orphans", right=True),
    Column("what it is", optional=True, most=70),
)
COUNTING = "counting"
_TOLD = ("table", "columns", "ref_table", "ref_columns", "orphans")  # by the object, and by the count
_LOOKS = {Severity.ERROR: "wrong", Severity.WARNING: "warning", Severity.INFO: "faint"}


def finding_row(finding: Finding, catalog: Catalog, *, orphans: Cell, marked: bool, glyphs: Glyphs) -> Row:
    """Mark, severity, rule in words, object, orphans, message."""
    severity = Look(finding.severity.value, _LOOKS[finding.severity])  # type: ignore[arg-type]
    return (
        Look("*", "good") if marked else " ",
        severity,
        finding.rule.replace("-", " "),
        object_text(finding, catalog, glyphs),
        orphans,
        without_schema(finding.message, catalog),
    )


def object_text(finding: Finding, catalog: Catalog, glyphs: Glyphs) -> str:
    """``orders.customer_id → customers.id``, ``orders.pod_id``."""
    own = _dotted(finding.table, finding.columns, catalog)
    parent, columns = _parent(finding)
    return f"{own} {glyphs.to} {_dotted(parent, columns, catalog)}" if parent else own


def orphans_cell(found: OrphanCount | None) -> Cell:
    """``1,904 orphans`` where there are some; a count that isn't known says so."""
    if found is None:
        return ""
    if found.orphans is None:
        return Look("not counted" if found.state is State.UNREADABLE else "unfinished", "warning")
    return Look(counted(found.orphans, "orphan"), "wrong") if found.orphans else "none"


def tables_of(finding: Finding, catalog: Catalog) -> tuple[Table | None, Table | None]:
    """The child and the parent, where they are there."""
    parent, _ = _parent(finding)
    return _table(finding.table, catalog), _table(parent, catalog) if parent else None


def finding_text(
    finding: Finding, fix: Fix | None, locks: Sequence[Lock], found: OrphanCount | None, *, catalog: Catalog
) -> Content:
    """Why it matters, the evidence, the SQL that mends it and takes that back, the locks."""
    parts = [
        Content.styled(safe(without_schema(finding.message, catalog)), "bold"),
        said("Why it matters", finding.why),
    ]
    if evidence := list(_evidence(finding, found)):
        parts.append(said("Evidence", "\n".join(evidence)))
    if fix is None:
        parts.append(said("Mend", "Being written"))
    elif not fix.forward:
        parts.append(said("Mend", "A person has to decide: no single change mends it."))
    else:
        parts += [section("Mend", sql_text(fix.forward)), section("Back", sql_text(fix.back))]
        parts.append(said("Locks", "\n".join(lock_lines(locks)) or "None on tables."))
    return Content("\n").join(parts)


def _evidence(finding: Finding, found: OrphanCount | None) -> Iterator[str]:
    if found is not None:
        yield from orphan_lines(found)
    more = [
        f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in finding.evidence.items()
        if value is not None and name not in _TOLD
    ]
    if more:
        yield "; ".join(more)


def orphan_lines(found: OrphanCount) -> Iterator[str]:
    """How many, in how many rows, and some of them."""
    if found.orphans is None or found.rows is None:
        yield f"Orphans could not be counted: {found.why}."
        return
    rows = counted(found.rows, "row")
    nulls = f"; {count(found.null_rows)} refer to nothing, being null" if found.null_rows else ""
    yield f"{counted(found.orphans, 'orphan')} in {rows}{nulls}."
    if found.sample:
        some = (", ".join(f"{name} {value}" for name, value in row.items()) for row in found.sample[:3])
        yield "such as " + "; ".join(some)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return count(value)
    return str(value)


def _parent(finding: Finding) -> tuple[str, tuple[str, ...]]:
    evidence = finding.evidence
    parent, columns = evidence.get("ref_table"), evidence.get("ref_columns")
    return (str(parent), tuple(columns)) if parent and isinstance(columns, tuple) else ("", ())


def _dotted(table: str, columns: Sequence[str], catalog: Catalog) -> str:
    known = _table(table, catalog)
    name = shown_name(catalog, known) if known else table
    listed = ", ".join(quoted(column) for column in columns)
    if not columns:
        return name
    return f"{name}.{listed}" if len(columns) == 1 else f"{name}({listed})"


def _table(text: str, catalog: Catalog) -> Table | None:
    return catalog.find(table_name(text))
