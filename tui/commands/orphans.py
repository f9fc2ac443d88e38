"""``pgtether orphans``: rows whose parent is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from queries.catalog import Catalog, Table, catalog
from queries.connection import reading
from queries.errors import CLEAN, FINDINGS
from queries.names import ColumnsName, TableName, column_list
from queries.orphans import OrphanCount, Progress, Reference, declared, intended, orphans
from queries.policy import Policy
from queries.resolve import resolved
from queries.wishes import wanted_keys
from tui.connecting import reader
from tui.figures import count, counted
from tui.options import Target, connection_options, csv_option, json_option, policy_option, reveal_option
from tui.output import narrate, print_csv, print_json, print_text, progress, table_text
from tui.policy_file import policy_of
from tui.printable import printable

COLUMNS = (
    "constraint", "table", "columns", "ref_table", "ref_columns", "declared", "valid", "rows", "orphans",
    "null_rows", "state", "why",
)  # fmt: skip
_HEADER = ("child", "parent", "rows", "orphans", "null rows", "")


@click.command("orphans")
@click.argument("table", required=False)
@policy_option
@click.option(
    "--timeout", type=click.FloatRange(min=0.001), metavar="SECONDS", help="Longest time for a statement."
)
@reveal_option
@json_option
@csv_option
@connection_options
def command(
    *,
    target: Target,
    table: str | None,
    policy: Path | None,
    timeout: float | None,
    reveal: bool,
    shape: str | None,
) -> int:
    """Count the rows whose parent is missing, of keys that exist or are wanted.

    Of TABLE alone, or of all tables; wanted keys are those of --policy. Exit code 1: there are some, or a
    key could not be counted.
    """
    wanted = policy_of(target, policy)
    patterns = None if reveal else wanted.patterns.sensitive
    with reader(target) as connection:
        with reading(connection):
            found = catalog(connection)
            child = resolved(connection, table, catalog=found) if table is not None else None
        known = (*declared(found, patterns=patterns), *_intended(wanted, found, patterns))
        references = [each for each in known if _is_of(each, child, found)]
        counts = _counted(orphans(connection, references, timeout=timeout))
    _print(counts, shape)
    _tell(counts, wanted, found)
    return CLEAN if all(each.is_clean for each in counts) else FINDINGS


def _intended(policy: Policy, catalog: Catalog, patterns: Sequence[str] | None) -> Iterator[Reference]:
    """The policy's keys that aren't declared and whose tables and columns are there."""
    for key in wanted_keys(policy, catalog):
        if not key.declared(catalog):
            child = ColumnsName(TableName(key.child.schema, key.child.name), key.columns)
            parent = ColumnsName(TableName(key.parent.schema, key.parent.name), key.ref_columns)
            yield intended(catalog, child, parent, patterns=patterns)


def _is_of(reference: Reference, child: Table | None, catalog: Catalog) -> bool:
    """Whether the key is the table's, or one that was made on a partition of it."""
    if child is None or reference.child.oid == child.oid:
        return True
    return any(leaf.oid == reference.child.oid for leaf in catalog.leaves(child))


def _counted(answers: Iterable[Progress | OrphanCount]) -> list[OrphanCount]:
    """In the order of tables and columns, whichever was counted first."""
    counts: list[OrphanCount] = []
    try:
        for each in answers:
            if isinstance(each, Progress):
                progress(f"{each.done + 1} of {each.of}: {each.key}")
            else:
                counts.append(each)
    finally:
        progress("")
    return sorted(counts, key=lambda each: (each.table, each.columns, each.ref_table, each.ref_columns))


def _print(counts: Sequence[OrphanCount], shape: str | None) -> None:
    if shape == "json":
        print_json({"foreign_keys": [asdict(each) for each in counts]})
    elif shape == "csv":
        print_csv(COLUMNS, map(_csv_row, counts))
    elif counts:
        table = table_text(_HEADER, map(_row, counts), right=(2, 3, 4))
        print_text("\n\n".join([table, "\n".join(_examples(counts))]))


def _csv_row(each: OrphanCount) -> list[object]:
    lists = {"columns": column_list(each.columns), "ref_columns": column_list(each.ref_columns)}
    shown = asdict(each) | lists
    return [shown[name] for name in COLUMNS]


def _row(each: OrphanCount) -> tuple[str, ...]:
    numbers = (
        "?" if number is None else count(number) for number in (each.rows, each.orphans, each.null_rows)
    )
    words = {
        "not declared": not each.declared,
        "not valid": each.declared and not each.valid,
        each.state.value: each.state != "exact",
        each.why: bool(each.why),
    }
    note = ", ".join(word for word, is_so in words.items() if is_so)
    child = f"{each.table}({column_list(each.columns)})"
    return (child, f"{each.ref_table}({column_list(each.ref_columns)})", *numbers, note)


def _examples(counts: Sequence[OrphanCount]) -> Iterator[str]:
    for each in counts:
        rows = [", ".join(f"{name}={value}" for name, value in row.items()) for row in each.sample]
        if rows:
            yield printable(f"For example in {each.table}: {'; '.join(rows)}")


def _tell(counts: Sequence[OrphanCount], policy: Policy, catalog: Catalog) -> None:
    """The sum in a sentence, and what was not looked at."""
    loose = [each for each in counts if each.orphans]
    unknown = sum(each.orphans is None for each in counts)
    rows = sum(each.orphans or 0 for each in loose)
    narrate(f"{counted(rows, 'orphan')} in {counted(len(loose), 'key')} of {len(counts)}.")
    if unknown:
        narrate(f"{counted(unknown, 'key')} could not be counted.")
    absent = sum(len(key.keys) for key in policy.foreign_key) - len(wanted_keys(policy, catalog))
    if absent:
        narrate(f"{counted(absent, 'key')} of the policy name what is not there: `pgtether audit` says what.")
