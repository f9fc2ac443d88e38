"""``pgtether impact``: what one DELETE would delete, change, or be blocked by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from queries.catalog import Catalog, catalog
from queries.connection import reading
from queries.errors import CLEAN, FINDINGS, Failed, UsageError
from queries.impact import Deletion, Impact, impact, rehearsal
from queries.impact.cost import scans
from queries.impact.samples import Sample, samples
from queries.impact.saved import Noted, demand_empty, save_rows
from queries.resolve import resolved
from queries.server import Server, server
from tui.asking import begin
from tui.confirm import demand_terminal
from tui.connecting import reader, writing_to
from tui.figures import count, counted
from tui.impact_compared import differing, heads
from tui.impact_progress import followed
from tui.impact_sentences import compared, slow, verdict, written
from tui.options import Target, connection_options, json_option, policy_option, reveal_option, yes_option
from tui.output import narrate, print_json, print_text, progress, table_text
from tui.policy_file import policy_of

_EFFECTS = ("table", "deleted", "set null", "set default", "updated", "via")
_BLOCKERS = ("blocked by", "table", "rows", "sqlstate", "at", "why")
_COST = (
    "The rehearsal runs this DELETE with all that it sets off, and rolls it back. Until then it holds locks"
    " on {rows}; it writes WAL, and leaves dead rows where it changed some. Sequences, and what triggers do"
    " outside the database, stay. It gives up after 1 s of waiting for a lock, and after 30 s in all."
)


@click.command("impact")
@click.argument("table")
@click.option("--where", metavar="SQL", required=True, help="The condition of the DELETE; true: every row.")
@click.option("--rehearse", is_flag=True, help="Also run the real DELETE and roll it back.")
@yes_option
@click.option(
    "--save-rows",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the rows that would go or change, with a script that puts them back.",
)
@click.option(
    "--sample", type=click.IntRange(0, 100), default=0, metavar="N", help="Show N rows of each table."
)
@reveal_option
@policy_option
@json_option
@connection_options
def command(
    *,
    target: Target,
    table: str,
    where: str,
    rehearse: bool,
    yes: bool,
    folder: Path | None,
    sample: int,
    reveal: bool,
    policy: Path | None,
    shape: str | None,
) -> int:
    """Say what DELETE FROM TABLE WHERE … would delete, change, or be blocked by. It only reads.

    --rehearse runs the DELETE on a connection that may write, and rolls it back. Exit code 1: blocked, or
    reading can't know.
    """
    patterns = None if reveal else policy_of(target, policy).patterns.sensitive
    if folder:
        demand_empty(folder)
    if rehearse and not yes:
        demand_terminal()
    if sample and shape == "json":
        raise UsageError("--sample shows rows as text: the JSON document has no place for them.")
    with reader(target) as connection:
        here = server(connection)
        with reading(connection):
            known = catalog(connection)
            deletion = Deletion(resolved(connection, table, catalog=known), where)
            found = _read(connection, deletion, known)
            if folder:
                _save(connection, deletion, known, found, folder)
            shown = samples(connection, deletion, catalog=known, limit=sample, sensitive=patterns)
    rehearsed = _rehearsed(target, deletion, known, found, here, yes=yes) if rehearse else None
    _print(found, rehearsed, shown, shape)
    return CLEAN if (rehearsed or found).outcome == "ok" else FINDINGS


def _read(connection: Any, deletion: Deletion, known: Catalog) -> Impact:
    """The preview, with what makes the DELETE itself slow said beside it."""
    found = followed(impact(connection, deletion, catalog=known))
    for scan in scans(known, deletion, found.effects):
        narrate(f"{slow(scan).object}: {slow(scan).message}")
    return found


def _rehearsed(
    target: Target, deletion: Deletion, known: Catalog, found: Impact, here: Server, *, yes: bool
) -> Impact:
    rows = sum(each.deleted + each.changed for each in found.effects)
    narrate(f"Reading says: {verdict(found)}")
    narrate(_COST.format(rows=counted(rows, "row")))
    if not yes:
        begin("Rehearse the DELETE, which is rolled back,", here=here)
    with writing_to(target) as connection:
        return rehearsal(connection, deletion, catalog=known)


def _save(connection: Any, deletion: Deletion, known: Catalog, found: Impact, folder: Path) -> None:
    """The undo kit; what makes it doubtful is said here and stands in the script, too."""
    notes = (
        [f"{each.object}: {each.message}" for each in found.warnings] if found.outcome == "uncertain" else []
    )
    if notes:
        narrate("The preview is uncertain, so rows may be missing from what is saved; the script says why.")
    if found.outcome == "blocked":
        narrate("The DELETE is blocked: what is saved is what would go if it weren't.")
    rows: dict[str, int] = {}
    try:
        for each in save_rows(connection, deletion, catalog=known, folder=folder, notes=notes):
            if isinstance(each, Noted):
                progress("")
                narrate(f"Before you rely on it: {each.text}")
                continue
            rows[each.file] = each.rows
            progress(f"saved: {each.file}, {counted(each.rows, 'row')}")
    except OSError as error:
        raise Failed(f"{error.filename or folder}: {error.strerror}.", means="No row was saved.") from error
    finally:
        progress("")
    narrate(written(rows, folder))
    narrate("Keep it as safe as the database. It holds the rows as they are now: delete soon, or save again.")


def _print(found: Impact, rehearsed: Impact | None, shown: Sequence[Sample], shape: str | None) -> None:
    if shape == "json":
        document = _document(rehearsed or found)
        if rehearsed:
            document["reading"] = _document(found)
        print_json(document)
        return
    print_text("\n\n".join(_parts(found, rehearsed, shown)))


def _document(found: Impact) -> dict[str, Any]:
    return asdict(found)


def _parts(found: Impact, rehearsed: Impact | None, shown: Sequence[Sample]) -> Iterator[str]:
    yield (
        "\n".join([compared(found, rehearsed), f"Reading: {verdict(found)}"]) if rehearsed else verdict(found)
    )
    if rehearsed:
        pairs = list(differing(found, rehearsed))
        rows = [(what, one, other, "<> differs" if is_other else "") for what, one, other, is_other in pairs]
        yield table_text(heads(found, rehearsed), rows)
    if found.blocked_by:
        yield table_text(_BLOCKERS, [_blocker(each) for each in found.blocked_by], right=(2,))
    yield table_text(_EFFECTS, [_effect(each) for each in found.effects], right=(1, 2, 3, 4))
    warnings = dict.fromkeys((*found.warnings, *(rehearsed.warnings if rehearsed else ())))
    if warnings:
        yield table_text(("warning", "of", ""), [(each.kind, each.object, each.message) for each in warnings])
    if shown:
        yield table_text(("for example", "would be", "row"), [_sample(each) for each in shown])


def _effect(each: Any) -> tuple[str, ...]:
    sign = "" if each.certainty == "exact" else "~"
    numbers = (each.deleted, each.set_null, each.set_default, each.updated)
    return (each.table, *(sign + count(number) if number else "-" for number in numbers), ", ".join(each.via))


def _blocker(each: Any) -> tuple[str, ...]:
    return (each.constraint or "a value", each.table, count(each.rows), each.sqlstate, each.at, each.why)


def _sample(each: Sample) -> tuple[str, ...]:
    values = ", ".join(f"{name}={'null' if value is None else value}" for name, value in each.row.items())
    return (each.table, each.fate, values)
