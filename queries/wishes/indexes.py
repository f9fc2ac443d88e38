"""Indexes that a policy names, and those that its keys imply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.catalog import Table
from queries.default_names import index_name, slug
from queries.names import columns_name
from queries.policy import WantedIndex
from queries.steps import CreateIndex
from queries.usable_index import leads
from queries.wishes.missing import missing_tables
from queries.wishes.wish import Here, Wish, qualified, short


def index_wishes(here: Here) -> Iterator[Wish]:
    """What the policy's ``[[index]]`` name and isn't there, under any name."""
    for wanted in here.policy.index:
        name = columns_name(wanted.on)
        table = here.table(name.table)
        if table is None or here.missing(name):
            yield from missing_tables(here, wanted, [name], needed_by=f"index on {wanted.on}")
        elif not has_leading_index(here, table, name.columns):
            subject = str(qualified(table, name.columns))
            yield Wish(
                "missing-index",
                subject,
                table.text,
                name.columns,
                f"No index leads with {subject}.",
                wanted,
                (_step(here, table, name.columns, wanted.name, wanted.why),),
            )


def implied_index(here: Here, table: Table, columns: Sequence[str], *, why: str = "") -> CreateIndex:
    """The index that serves a key's lookups: as the policy names one over these columns, or by default."""
    for wanted in here.policy.index:
        if _serves(here, wanted, table, columns):
            return _step(here, table, columns_name(wanted.on).columns, wanted.name, wanted.why)
    return _step(here, table, columns, None, why)


def has_leading_index(here: Here, table: Table, columns: Sequence[str]) -> bool:
    """Whether a whole B-tree begins with these columns, on the table or on every one of its leaves."""
    found = [here.catalog.column(table, name) for name in columns]
    numbers = [column.number for column in found if column]
    if any(leads(index, numbers) for index in here.catalog.indexes.get(table.oid, ())):
        return True
    leaves = list(here.catalog.leaves(table)) if table.kind == "p" else []
    return bool(leaves) and all(has_leading_index(here, leaf, columns) for leaf in leaves)


def _serves(here: Here, wanted: WantedIndex, table: Table, columns: Sequence[str]) -> bool:
    name = columns_name(wanted.on)
    return here.table(name.table) == table and set(name.columns[: len(columns)]) == set(columns)


def _step(here: Here, table: Table, columns: Sequence[str], name: str | None, why: str) -> CreateIndex:
    return CreateIndex(
        id=slug(short(table), *columns, "index"),
        table=table.text,
        columns=tuple(columns),
        name=name or index_name(here.catalog, table, columns),
        why=why,
    )
