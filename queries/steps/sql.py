"""A statement that a person wrote."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql
from pydantic import Field

from queries.catalog import Catalog
from queries.steps.compose import words
from queries.steps.step import Before, Lock, Step, TableText


class SqlStep(Step):
    """``forward`` and ``back`` run as they stand, one statement each; ``check`` must then be true."""

    kind: Literal["sql"] = "sql"
    tables: tuple[TableText, ...] = ()  # whose definitions it changes
    forward_sql: str = Field(alias="forward")
    back_sql: str = Field(default="", alias="back")
    check: str = ""  # a query that must answer true afterwards

    is_long: ClassVar[bool] = True
    wants_path: ClassVar[bool] = True

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """Those that the plan names."""
        del catalog
        return self.tables

    def sentence(self) -> str:
        """The statement's first line."""
        return self.forward_sql.strip().splitlines()[0]

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """As written."""
        del before
        return (words(self.forward_sql),)

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """As written; none where the plan gives none."""
        del before
        return (words(self.back_sql),) if self.back_sql else ()

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Not known before it runs."""
        del catalog
        return ()

    def is_done(self, catalog: Catalog) -> bool:
        """The catalog can't tell."""
        del catalog
        return False
