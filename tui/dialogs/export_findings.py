"""Ask for a file and write the audit's findings to it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from queries.findings import Finding
from queries.fix import Fix
from tui.exporting import export
from tui.figures import counted
from tui.finding_document import COLUMNS, csv_row, findings_document
from tui.output import csv_text, json_text


def export_findings(near: Widget, findings: Sequence[Finding], mended: Sequence[Fix]) -> None:
    """All that the audit found, filtered or not: ``.json`` with the SQL that mends them, ``.csv`` without."""
    export(
        near,
        f"Write {counted(len(findings), 'finding')} of the audit to a file",
        value="findings.json",
        shapes={
            ".json": lambda: json_text(findings_document(findings, mended)),
            ".csv": lambda: csv_text(COLUMNS, map(csv_row, findings)),
        },
        hint=".json has the SQL that mends them, .csv has not.",
    )
