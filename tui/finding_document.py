"""Findings as JSON and CSV: what ``audit`` prints and the Findings screen writes to a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from queries.findings import Finding
from queries.fix import Fix
from queries.names import column_list

COLUMNS = ("rule", "severity", "key", "table", "columns", "constraint", "message")


def findings_document(findings: Sequence[Finding], mended: Sequence[Fix]) -> dict[str, Any]:
    """Each finding with the SQL that mends it and the way back."""
    return {"findings": [_described(*each) for each in zip(findings, mended, strict=True)]}


def _described(finding: Finding, fix: Fix) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "key": finding.key,
        "table": finding.table,
        "columns": finding.columns,
        "constraint": finding.constraint,
        "message": finding.message,
        "why": finding.why,
        "evidence": dict(finding.evidence),
        "fix": fix._asdict(),
    }


def csv_row(finding: Finding) -> list[object]:
    """The cells under ``COLUMNS``."""
    shown = {name: getattr(finding, name) for name in COLUMNS}
    return [*(shown | {"columns": column_list(finding.columns), "severity": finding.severity.value}).values()]
