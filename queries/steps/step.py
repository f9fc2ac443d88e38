"""What every kind of step is: a forward, a way back, its locks, and the question whether it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, NamedTuple

from psycopg import sql
from pydantic import AfterValidator, Field

from queries.catalog import Catalog
from queries.definitions import TableDefinition
from queries.errors import Refused, UsageError
from queries.models import LockMode
from queries.names import columns_name, table_name
from queries.toml_file import Strict


def _written_again(read: Callable[[str], object]) -> Callable[[str], str]:
    def checked(text: str) -> str:
        try:
            return str(read(text))
        except UsageError as error:
            raise ValueError(error.what) from error

    return checked


TableText = Annotated[str, AfterValidator(_written_again(table_name))]
ColumnsText = Annotated[str, AfterValidator(_written_again(columns_name))]
Duration = Annotated[str, Field(pattern=r"^\d+(us|ms|s|min|h|d)?$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=120)]


class Settings(Strict):
    """Timeouts as PostgreSQL writes them, handed to ``set local`` as they are; ``0`` waits for ever."""

    lock_timeout: Duration | None = None  # 2s in a transaction
    statement_timeout: Duration | None = None  # 10s for short steps, 0 for those that read a whole table
    countdown: Duration | None = None  # 60s
    retries: int | None = Field(default=None, ge=0, le=1000)  # online plans


class Lock(NamedTuple):
    """A table lock that a step takes."""

    table: str
    mode: LockMode


class Refusal(NamedTuple):
    """A query that must count no rows before the step may run, and what it means where it does."""

    query: sql.Composable
    means: str


@dataclass(frozen=True)
class Before:
    """What a step finds when it starts; goes on record, so that the way back can be rendered from it."""

    tables: dict[str, TableDefinition] = field(default_factory=dict)
    orphans: str = ""  # the condition under which a row of the child (alias ``c``) is an orphan

    def table(self, text: str) -> TableDefinition:
        """The definition of one of the step's tables; raises Refused where it isn't there."""
        found = self.tables.get(text)
        if found is None:
            raise Refused(f"There is no table {text}.", means="Nothing was changed.")
        return found


class Step(Strict, ABC):
    """One change. ``kind`` tells the classes apart in a file; ``id`` is unique in its plan."""

    kind: str
    id: Slug
    why: str = ""
    phase: str = ""
    back_warning: str = ""
    settings: Settings | None = None
    if_missing: Literal["error", "skip"] = "error"

    in_transaction: ClassVar[bool] = True
    is_long: ClassVar[bool] = False  # reads or writes a whole table
    remakes_key: ClassVar[bool] = False  # dropped and made again: its triggers get their old names back
    wants_path: ClassVar[bool] = False  # its SQL is a person's: bare names are read by the plan's search path

    @abstractmethod
    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """The tables whose definitions it needs or changes."""

    @abstractmethod
    def sentence(self) -> str:
        """The change in a few words, for a list of steps."""

    @abstractmethod
    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """The statements that make the change."""

    @abstractmethod
    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """The statements that restore what ``before`` shows."""

    @abstractmethod
    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """The strongest lock on each table; leaves are locked with their roots."""

    @abstractmethod
    def is_done(self, catalog: Catalog) -> bool:
        """Whether the catalog already shows its outcome."""

    def refusals(self, before: Before) -> tuple[Refusal, ...]:
        """What must not be so when it starts."""
        del before
        return ()

    def unproven(self, counts: Sequence[int]) -> str:
        """What is wrong with the rows that each statement of ``forward`` has touched; empty: nothing."""
        del counts
        return ""

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """What somebody has changed since, so that it can't be undone; empty: nothing."""
        del before, now
        return "" if self.is_done(catalog) else "somebody has changed since what it did"

    def hindrances(self, before: Before) -> tuple[Refusal, ...]:
        """What must not be so when it is undone."""
        del before
        return ()

    def undo(self, before: Before, now: Before) -> tuple[sql.Composable, ...]:
        """``back``, where ``now`` is there."""
        del now
        return self.back(before)

    def conflicts(self, before: Before) -> sql.Composable | None:
        """Asked after ``back``: a query for the rows (as arrays of text) that could not be put back."""
        del before
        return None
