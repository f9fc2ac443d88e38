"""What is asked before a delete is looked at, or rehearsed."""

from __future__ import annotations

from pathlib import Path

from queries.catalog import Catalog, Table
from queries.errors import UsageError
from queries.impact import Deletion
from queries.impact.saved import SCRIPT, demand_empty
from queries.names import table_name
from tui.context import Context
from tui.dialogs.ask_text import AskText
from tui.dialogs.confirm import Confirm
from tui.impact_sentences import statement
from tui.run_words import place

_COST = (
    "It really deletes, looks, and rolls back. Until then its rows are locked for others; it writes WAL and "
    "leaves dead rows behind. Sequences, and what triggers do outside the database, stay. It waits 1 s at "
    "most for a lock and ends after 30 s."
)


def ask_for_table(catalog: Catalog) -> tuple[AskText, dict[str, int]]:
    """The question, and the oid of the table by what was typed."""
    found: dict[str, int] = {}

    def unknown(text: str) -> str:
        try:
            table = catalog.find(table_name(text))
        except UsageError as error:
            return error.what
        if table is None:
            return f"There is no table {text.strip()}."
        found[text] = table.oid
        return ""

    hint = "A table as SQL writes it, such as orders or sales.orders."
    return AskText("Delete from which table?", hint=hint, complaint=unknown), found


def ask_for_condition(table: Table, where: str = "") -> AskText:
    """The condition, which the server alone understands."""
    return AskText(
        statement(table.text, ""),
        value=where,
        hint="A condition as SQL writes it, such as id = 42. Nothing is deleted: this only reads.",
        complaint=lambda text: "" if text.strip() else "Type a condition; true means every row.",
    )


def ask_to_rehearse(deletion: Deletion, context: Context) -> Confirm:
    """Yes or no, with what it costs; on a production server the database's name must be typed."""
    here = context.session.server
    assert here is not None
    known = context.config.known(here.host)
    production = bool(known and known.production)
    return Confirm(
        f"Rehearse this DELETE in {'PRODUCTION ' if production else ''}{place(here)}?",
        means=f"{statement(deletion.table.text, deletion.where)}\n\n{_COST}",
        yes="Rehearse",
        no="Cancel",
        typed=here.database if production else "",
    )


def ask_for_folder() -> AskText:
    """The directory for the rows, which must be a new or an empty one."""

    def refused(text: str) -> str:
        if not text.strip():
            return "A directory's name is needed."
        try:
            demand_empty(path_of(text))
        except UsageError as error:
            return error.what
        return ""

    hint = f"A new directory in {Path.cwd()}. The values are exact, not masked; {SCRIPT} puts the rows back."
    return AskText("Write the rows that would go or change to which directory?", hint=hint, complaint=refused)


def path_of(text: str) -> Path:
    """What a person typed as a directory."""
    return Path(text.strip()).expanduser()
