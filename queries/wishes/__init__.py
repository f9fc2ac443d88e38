"""What a policy wants and the catalog doesn't show, each with the steps that fulfil it."""

from __future__ import annotations

from queries.catalog import Catalog, Table
from queries.policy import Policy
from queries.wishes.indexes import index_wishes
from queries.wishes.keys import key_wishes
from queries.wishes.renamed import renamed
from queries.wishes.renames import rename_wishes, to_rename
from queries.wishes.wish import Here, WantedHere, Wish


def wishes(policy: Policy, catalog: Catalog) -> tuple[Wish, ...]:
    """Every wish that isn't met: renames, then keys and indexes under the names that these leave."""
    before = Here(policy, catalog)
    here = _after_renames(before)
    found: dict[tuple[str, str], Wish] = {}
    for wish in (*rename_wishes(before), *key_wishes(here), *index_wishes(here)):
        known = found.get((wish.check, wish.subject))
        if known is None or (known.is_skipped and not wish.is_skipped):
            found[wish.check, wish.subject] = wish
    return tuple(found.values())


def wanted_keys(policy: Policy, catalog: Catalog) -> tuple[WantedHere, ...]:
    """The policy's keys, declared or not, whose tables and columns are there, by their names of now."""
    here = _after_renames(Here(policy, catalog))
    found = (here.key(wanted, name) for wanted in policy.foreign_key for name in wanted.keys)
    return tuple(
        key._replace(
            columns=_names_now(here, catalog, key.child, key.columns),
            ref_columns=_names_now(here, catalog, key.parent, key.ref_columns),
        )
        for key in found
        if key
    )


def _names_now(here: Here, catalog: Catalog, table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    numbers = [column.number for name in columns if (column := here.catalog.column(table, name))]
    names = {column.number: column.name for column in catalog.columns[table.oid]}
    return tuple(names[number] for number in numbers)


def _after_renames(here: Here) -> Here:
    return Here(here.policy, renamed(here.catalog, to_rename(here)))


__all__ = ["WantedHere", "Wish", "renamed", "wanted_keys", "wishes"]
