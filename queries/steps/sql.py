"""A statement that a person wrote."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql
from pydantic import Field, field_validator

from queries.catalog import Catalog
from queries.steps.compose import words
from queries.steps.first_words import first_words
from queries.steps.step import Before, Lock, Step, TableText

#: How statements begin that begin, end, cut up or prepare a transaction, or change how it works.
_BOUNDARIES = (
    *((word,) for word in "abort begin commit end release rollback savepoint start".split()),
    ("prepare", "transaction"),
    ("set", "transaction"),
    ("set", "local", "transaction"),
    ("set", "session", "transaction"),
    ("set", "session", "characteristics"),
)


class SqlStep(Step):
    """``forward`` and ``back`` run as they stand, one statement each; ``check`` must then be true."""

    kind: Literal["sql"] = "sql"
    tables: tuple[TableText, ...] = ()  # whose definitions it changes
    forward_sql: str = Field(alias="forward")
    back_sql: str = Field(default="", alias="back")
    check: str = ""  # a query that must answer true afterwards

    @field_validator("forward_sql", "back_sql")
    @classmethod
    def _stays_in_its_transaction(cls, text: str) -> str:
        begins = first_words(text, 3)
        if any(begins[: len(boundary)] == boundary for boundary in _BOUNDARIES):
            raise ValueError(f'"{text.strip()}" would end or change the transaction that the plan runs in.')
        return text

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

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """Only that the plan gives no way back."""
        del before, now, catalog
        return "" if self.back_sql else "the plan gives no way back"

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Not known before it runs."""
        del catalog
        return ()

    def is_done(self, catalog: Catalog) -> bool:
        """The catalog can't tell."""
        del catalog
        return False
