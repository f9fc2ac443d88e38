"""A wish that isn't met, and where a policy's names are looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from queries.catalog import Catalog, ForeignKey, Table
from queries.names import ColumnsName, KeyName, TableName
from queries.policy import Policy, WantedIndex, WantedKey, WantedRename
from queries.steps import Step

Wanted = WantedKey | WantedIndex | WantedRename


@dataclass(frozen=True)
class Wish:
    """One wish that isn't met. ``check`` and ``subject`` make the key of the finding that tells of it."""

    check: str
    subject: str
    table: str
    columns: tuple[str, ...]
    message: str
    wanted: Wanted
    steps: tuple[Step, ...] = ()
    key: KeyName | None = None
    constraint: str | None = None
    is_skipped: bool = False  # it is missing, and may be

    @property
    def evidence(self) -> dict[str, object]:
        """What the policy names, as ``audit --json`` prints it."""
        if not isinstance(self.wanted, WantedKey) or self.key is None:
            return {"table": self.table, "columns": self.columns}
        return {
            "table": str(self.key.child.table),
            "columns": self.key.child.columns,
            "ref_table": str(self.key.parent.table),
            "ref_columns": self.key.parent.columns,
            "confidence": 1.0,
            "on_delete_suggested": str(self.wanted.on_delete),
            "orphans": None,
        }


class WantedHere(NamedTuple):
    """A key of the policy whose tables and columns are there; names after the policy's renames."""

    wanted: WantedKey
    child: Table
    columns: tuple[str, ...]
    parent: Table
    ref_columns: tuple[str, ...]

    @property
    def name(self) -> KeyName:
        """Its one text, qualified."""
        return KeyName(qualified(self.child, self.columns), qualified(self.parent, self.ref_columns))

    def declared(self, catalog: Catalog) -> tuple[ForeignKey, ...]:
        """The keys that are it, under any name and with their columns in any order."""
        pairs = set(zip(self.columns, self.ref_columns, strict=True))
        return tuple(
            key
            for key in catalog.keys_out.get(self.child.oid, ())
            if key.parent_oid == self.parent.oid
            and set(zip(key.columns, key.ref_columns, strict=True)) == pairs
        )


@dataclass(frozen=True)
class Here:
    """A policy and the catalog as its renames leave it."""

    policy: Policy
    catalog: Catalog

    def table(self, name: TableName) -> Table | None:
        """The table; a bare name along the policy's own search path."""
        return self.catalog.find(name, self.policy.search_path)

    def subject(self, name: TableName) -> TableName:
        """The name in full, also where there is no such table."""
        found = self.table(name)
        if found:
            return TableName(found.schema, found.name)
        return name if name.schema else TableName(self.policy.search_path[0], name.name)

    def missing(self, names: ColumnsName) -> tuple[str, ...] | None:
        """The columns that aren't there; None where the whole table isn't."""
        table = self.table(names.table)
        if table is None:
            return None
        return tuple(name for name in names.columns if self.catalog.column(table, name) is None)

    def key(self, wanted: WantedKey, key: KeyName) -> WantedHere | None:
        """The key with its tables, where all of it is there."""
        child, parent = self.table(key.child.table), self.table(key.parent.table)
        if child is None or parent is None or self.missing(key.child) or self.missing(key.parent):
            return None
        return WantedHere(wanted, child, key.child.columns, parent, key.parent.columns)


def qualified(table: Table, columns: Sequence[str]) -> ColumnsName:
    """The columns under their table's full name."""
    return ColumnsName(TableName(table.schema, table.name), tuple(columns))


def short(table: Table) -> str:
    """The table's name, with its schema where that isn't public: what ids of steps begin with."""
    return table.text.removeprefix("public.")
