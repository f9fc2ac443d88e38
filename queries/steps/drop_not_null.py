"""Let a column be null, as a key that sets null needs it."""

from __future__ import annotations

from typing import Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.models import LockMode
from queries.names import quoted, table_name
from queries.steps.compose import Name, table
from queries.steps.step import Before, Lock, Refusal, Step, TableText


class DropNotNull(Step):
    """``alter table … alter column … drop not null``."""

    kind: Literal["drop not null"] = "drop not null"
    table: TableText
    column: str
    back_warning: str = "Fails while a row holds null; PostgreSQL 18 gives the constraint a name of its own."

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """The table."""
        del catalog
        return (self.table,)

    def sentence(self) -> str:
        """In a few words."""
        return f"let {self.table}.{quoted(self.column)} be null"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """One statement."""
        del before
        return (self._altered(sql.SQL("drop not null")),)

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """NOT NULL again, where it was."""
        column = before.table(self.table).column(self.column)
        return (self._altered(sql.SQL("set not null")),) if column and column.not_null else ()

    def hindrances(self, before: Before) -> tuple[Refusal, ...]:
        """Rows that hold null by now."""
        own = before.table(self.table)
        statement = sql.SQL("select count(*) from {} as c where {} is null")
        means = f"rows of {self.table} hold null in {quoted(self.column)}"
        return (Refusal(statement.format(table(own.table), Name("c", self.column)), means),)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Readers wait too, but only for an instant."""
        del catalog
        return (Lock(self.table, LockMode.ACCESS_EXCLUSIVE),)

    def is_done(self, catalog: Catalog) -> bool:
        """The column may be null."""
        found = catalog.find(table_name(self.table))
        column = catalog.column(found, self.column) if found else None
        return bool(column and not column.not_null)

    def _altered(self, how: sql.SQL) -> sql.Composable:
        return sql.SQL("alter table {} alter column {} {}").format(table(self.table), Name(self.column), how)
