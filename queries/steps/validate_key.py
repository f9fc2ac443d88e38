"""Have the rows that were there before a NOT VALID key checked."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.models import LockMode
from queries.steps.compose import Name, table
from queries.steps.key_sql import as_not_valid, is_defined_as, named_key_in, remade, sides
from queries.steps.step import Before, Lock, Step, TableText


class ValidateKey(Step):
    """``alter table … validate constraint``; reads both tables, and reads and writes of both go on."""

    kind: Literal["validate key"] = "validate key"
    table: TableText
    name: str
    parent: TableText | None = None  # looked up where it is left out

    is_long: ClassVar[bool] = True
    remakes_key: ClassVar[bool] = True

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """Child and parent."""
        return sides(catalog, self.table, self.name, self.parent)

    def sentence(self) -> str:
        """In a few words."""
        return f"validate key {self.name} of {self.table}"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """One statement."""
        del before
        statement = sql.SQL("alter table {} validate constraint {}")
        return (statement.format(table(self.table), Name(self.name)),)

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Made again NOT VALID, where it was not valid before."""
        key = before.table(self.table).constraint(self.name)
        return () if key is None or key.validated else remade(key, as_not_valid(key.definition))

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """The key is gone, or another one."""
        del catalog
        then = before.table(self.table).constraint(self.name)
        is_ours = then and is_defined_as(now.table(self.table).constraint(self.name), then.definition)
        return "" if is_ours else f"key {self.name} is gone or another one now"

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Nobody waits who reads or writes."""
        parents = (text for text in self.subjects(catalog) if text != self.table)
        return (
            Lock(self.table, LockMode.SHARE_UPDATE_EXCLUSIVE),
            *(Lock(text, LockMode.ROW_SHARE) for text in parents),
        )

    def is_done(self, catalog: Catalog) -> bool:
        """The catalog says valid."""
        key = named_key_in(catalog, self.table, self.name)
        return bool(key and key.validated)
