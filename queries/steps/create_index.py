"""Create an index inside a transaction."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.models import LockMode
from queries.names import column_list, table_name
from queries.steps.compose import Name, columns, table
from queries.steps.step import Before, Lock, Step, TableText


class CreateIndex(Step):
    """``create index … on … (…)``: writers of the table wait until it is built."""

    kind: Literal["create index"] = "create index"
    table: TableText
    columns: tuple[str, ...]
    name: str

    is_long: ClassVar[bool] = True

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """The table."""
        del catalog
        return (self.table,)

    def sentence(self) -> str:
        """In a few words."""
        return f"create index {self.name} on {self.table}({column_list(self.columns)})"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """One statement; a partitioned table's parts get theirs with it."""
        del before
        statement = sql.SQL("create index {} on {} ({})")
        return (statement.format(Name(self.name), table(self.table), columns(self.columns)),)

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Drop it, unless it was there before."""
        if before.table(self.table).index(self.name):
            return ()
        schema = table_name(self.table).schema
        return (sql.SQL("drop index {}").format(Name(schema, self.name)),)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Reads go on."""
        del catalog
        return (Lock(self.table, LockMode.SHARE),)

    def is_done(self, catalog: Catalog) -> bool:
        """A valid index of that name leads with these columns."""
        found = catalog.find(table_name(self.table))
        if found is None:
            return False
        numbers = {column.name: column.number for column in catalog.columns.get(found.oid, ())}
        wanted = tuple(numbers.get(name, -1) for name in self.columns)
        return any(
            index.name == self.name and index.is_valid and index.column_numbers[: len(wanted)] == wanted
            for index in catalog.indexes.get(found.oid, ())
        )
