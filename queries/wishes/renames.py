"""Columns that should have another name; they come first, so that the rest can use the new ones."""

from __future__ import annotations

from collections.abc import Iterator

from queries.default_names import slug
from queries.names import column_name, quoted
from queries.policy import WantedRename
from queries.steps import RenameColumn
from queries.wishes.missing import missing_tables
from queries.wishes.wish import Here, Wish, qualified, short


def to_rename(here: Here) -> dict[tuple[int, str], str]:
    """What is still to be renamed, by oid of the table and raw name of the column."""
    found = ((wanted, column_name(wanted.column)) for wanted in here.policy.rename)
    return {
        (table.oid, name.columns[0]): wanted.new_name
        for wanted, name in found
        if (table := here.table(name.table))
        and here.catalog.column(table, name.columns[0])
        and not here.catalog.column(table, wanted.new_name)
    }


def rename_wishes(here: Here) -> Iterator[Wish]:
    """From a catalog with the old names: what is to be renamed, or can't be."""
    for wanted in here.policy.rename:
        yield from _rename_wish(here, wanted)


def _rename_wish(here: Here, wanted: WantedRename) -> Iterator[Wish]:
    name = column_name(wanted.column)
    old, new = name.columns[0], wanted.new_name
    table = here.table(name.table)
    has_new = table is not None and here.catalog.column(table, new) is not None
    if table is None or (here.missing(name) and not has_new):
        yield from missing_tables(here, wanted, [name], needed_by=f"rename of {wanted.column}")
    elif not here.missing(name):
        step = RenameColumn(
            id=slug(short(table), old, "rename"), table=table.text, column=old, to=new, why=wanted.why
        )
        yield Wish(
            "rename-column",
            str(qualified(table, [old])),
            table.text,
            (old,),
            _both(old, new) if has_new else f"{quoted(old)} should be called {quoted(new)}.",
            wanted,
            () if has_new else (step,),
        )


def _both(old: str, new: str) -> str:
    return (
        f"{quoted(old)} should be called {quoted(new)}, but both are there: "
        "which of them holds the truth has to be decided by hand."
    )
