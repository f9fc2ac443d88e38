"""Add a foreign key."""

from __future__ import annotations

from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.models import LockMode, OnDelete
from queries.names import ColumnsName, columns_name
from queries.steps.compose import Name, columns, reference, table, words
from queries.steps.key_sql import dropped, key_in, named_key_in
from queries.steps.step import Before, ColumnsText, Lock, Step


class AddKey(Step):
    """``alter table … add constraint … foreign key``; NOT VALID leaves the rows that are there unchecked."""

    kind: Literal["add key"] = "add key"
    child: ColumnsText
    parent: ColumnsText
    on_delete: OnDelete
    name: str
    not_valid: bool = False

    is_long: ClassVar[bool] = True

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """Child and parent."""
        del catalog
        return tuple(dict.fromkeys((str(self._child.table), str(self._parent.table))))

    def sentence(self) -> str:
        """In a few words."""
        rule = f"on delete {self.on_delete}"
        return f"add key {self.name}: {self.child} -> {self.parent}, {rule}{', not valid' * self.not_valid}"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """One statement."""
        del before
        statement = sql.SQL("alter table {} add constraint {} foreign key ({}) references {} on delete {}{}")
        return (
            statement.format(
                table(self._child.table),
                Name(self.name),
                columns(self._child.columns),
                reference(self._parent),
                words(str(self.on_delete)),
                words(" not valid" if self.not_valid else ""),
            ),
        )

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Drop it, unless a key of that name was there before."""
        text = str(self._child.table)
        return () if before.table(text).constraint(self.name) else (dropped(text, self.name),)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Writers of both tables wait, while the rows that are there are checked too unless NOT VALID."""
        return tuple(Lock(text, LockMode.SHARE_ROW_EXCLUSIVE) for text in self.subjects(catalog))

    def is_done(self, catalog: Catalog) -> bool:
        """A key with this identity and rule is there, under any name, validated where asked for."""
        key = key_in(catalog, self._child, self._parent)
        return bool(key and key.on_delete is self.on_delete and (key.validated or self.not_valid))

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """Another key bears the name, or none."""
        del before, now
        key = named_key_in(catalog, str(self._child.table), self.name)
        identity = (
            str(self._child.table),
            self._child.columns,
            str(self._parent.table),
            self._parent.columns,
        )
        is_ours = key and key.identity == identity and key.on_delete is self.on_delete
        return "" if is_ours else f"key {self.name} is gone or another one now"

    @property
    def _child(self) -> ColumnsName:
        return columns_name(self.child)

    @property
    def _parent(self) -> ColumnsName:
        return columns_name(self.parent)
