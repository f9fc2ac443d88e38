"""Change what a foreign key does on delete."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.definitions import ConstraintDefinition
from queries.errors import Refused
from queries.models import LockMode, OnDelete
from queries.steps.key_sql import is_defined_as, named_key_in, remade, sides, with_on_delete
from queries.steps.step import Before, Lock, Refusal, Step, TableText


class ChangeKey(Step):
    """Drop and add in one ALTER TABLE; PostgreSQL has no other way to change the rule."""

    kind: Literal["change key"] = "change key"
    table: TableText
    name: str
    parent: TableText | None = None  # looked up where it is left out
    on_delete: OnDelete

    is_long: ClassVar[bool] = True
    remakes_key: ClassVar[bool] = True

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """Child and parent."""
        return sides(catalog, self.table, self.name, self.parent)

    def sentence(self) -> str:
        """In a few words."""
        return f"change key {self.name} of {self.table} to on delete {self.on_delete}"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """Made again with the same definition but for the rule."""
        key = self._key(before)
        return remade(key, with_on_delete(key.definition, self.on_delete))

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Made again as it was."""
        key = self._key(before)
        return remade(key, key.definition)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Readers of both tables wait while the rows are checked."""
        return tuple(Lock(text, LockMode.ACCESS_EXCLUSIVE) for text in self.subjects(catalog))

    def is_done(self, catalog: Catalog) -> bool:
        """The key has the rule."""
        key = named_key_in(catalog, self.table, self.name)
        return bool(key and key.on_delete is self.on_delete)

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """The key is gone, or isn't the one that was made."""
        del catalog
        made = with_on_delete(self._key(before).definition, self.on_delete)
        is_ours = is_defined_as(now.table(self.table).constraint(self.name), made)
        return "" if is_ours else f"key {self.name} is gone or another one now"

    def refusals(self, before: Before) -> tuple[Refusal, ...]:
        """Triggers that somebody has disabled: the new ones could only be disabled by a superuser."""
        own = (trigger for found in before.tables.values() for trigger in found.triggers)
        unusual = sum(
            trigger.enabled != "O" and (trigger.child, trigger.constraint) == (self.table, self.name)
            for trigger in own
        )
        statement = sql.SQL(
            "select count(*) * {} from pg_catalog.pg_roles as r "
            "where r.rolname = current_user and not r.rolsuper"
        )
        means = f"triggers of {self.name} are disabled or for replicas, and only a superuser can keep them so"
        return (Refusal(statement.format(sql.Literal(unusual)), means),) if unusual else ()

    def _key(self, before: Before) -> ConstraintDefinition:
        key = before.table(self.table).constraint(self.name)
        if key is None or key.kind != "f":
            raise Refused(f"{self.table} has no foreign key {self.name}.", means="Nothing was changed.")
        return key
