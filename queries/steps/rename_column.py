"""Rename a column."""

from __future__ import annotations

from typing import Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.models import LockMode
from queries.names import quoted, table_name
from queries.steps.compose import Name, table
from queries.steps.step import Before, Lock, Step, TableText


class RenameColumn(Step):
    """``alter table … rename column … to …``; indexes, keys and views follow by themselves, queries don't."""

    kind: Literal["rename column"] = "rename column"
    table: TableText
    column: str
    to: str

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """The table."""
        del catalog
        return (self.table,)

    def sentence(self) -> str:
        """In a few words."""
        return f"rename {self.table}.{quoted(self.column)} to {quoted(self.to)}"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """One statement."""
        del before
        return (self._renamed(self.column, self.to),)

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Its mirror."""
        del before
        return (self._renamed(self.to, self.column),)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Readers wait too, but only for an instant."""
        del catalog
        return (Lock(self.table, LockMode.ACCESS_EXCLUSIVE),)

    def is_done(self, catalog: Catalog) -> bool:
        """The new name is there and the old one is not."""
        found = catalog.find(table_name(self.table))
        return bool(found and catalog.column(found, self.to) and not catalog.column(found, self.column))

    def _renamed(self, former: str, new: str) -> sql.Composable:
        return sql.SQL("alter table {} rename column {} to {}").format(
            table(self.table), Name(former), Name(new)
        )
