"""``pgtether audit``: what is wrong or risky."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from queries.audit import audit
from queries.catalog import catalog
from queries.errors import CLEAN, FINDINGS
from queries.facts import Facts
from queries.findings import Finding
from queries.fix import Fix, fixes
from queries.models import Severity
from tui.connecting import reading_from
from tui.figures import counted
from tui.finding_document import COLUMNS, csv_row, findings_document
from tui.options import Target, connection_options, csv_option, json_option, policy_option
from tui.output import narrate, print_csv, print_json, print_text, table_text
from tui.policy_file import policy_of

NEVER = "never"
_HEADER = ("severity", "rule", "object", "what")


@click.command("audit")
@policy_option
@click.option("--rule", "rules", metavar="NAME", multiple=True, help="This check alone; may be repeated.")
@click.option(
    "--fail-on",
    type=click.Choice([*(each.value for each in Severity), NEVER]),
    default=Severity.WARNING.value,
    show_default=True,
    help="Exit with 1 from this severity on.",
)
@json_option
@csv_option
@connection_options
def command(
    target: Target, policy: Path | None, rules: tuple[str, ...], fail_on: str, shape: str | None
) -> int:
    """Say what is wrong or risky, worst first.

    With --policy also what the policy wants and isn't there; what it mutes is left out and counted.
    --json prints for each finding the SQL that mends it and the way back; orphans are repaired by a plan.
    """
    wanted = policy_of(target, policy)
    with reading_from(target) as connection:
        found = catalog(connection)
        report = audit(Facts(found), wanted, today=date.today(), rules=rules)
        mended = fixes(connection, report.findings, catalog=found) if shape == "json" else ()
    _print(report.findings, mended, shape)
    muted = f" {counted(report.muted, 'other')} muted by the policy." if report.muted else ""
    narrate(f"{counted(len(report.findings), 'finding')} in {counted(len(found.roots), 'table')}.{muted}")
    return FINDINGS if any(_fails(finding, fail_on) for finding in report.findings) else CLEAN


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != NEVER and finding.severity.rank <= Severity(fail_on).rank


def _print(findings: Sequence[Finding], mended: Sequence[Fix], shape: str | None) -> None:
    if shape == "json":
        print_json(findings_document(findings, mended))
    elif shape == "csv":
        print_csv(COLUMNS, map(csv_row, findings))
    elif findings:
        print_text(table_text(_HEADER, map(_row, findings)))


def _row(finding: Finding) -> tuple[str, ...]:
    return (finding.severity.value, finding.rule, finding.key.partition(" ")[2], finding.message)
