"""Decide what becomes of the rows whose parent is missing, keeping all that is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.definitions import ColumnDefinition, ConstraintDefinition, TableDefinition
from queries.errors import Refused, Undecided
from queries.models import LockMode, OnDelete, Repair
from queries.names import ColumnsName, columns_name
from queries.steps.compose import Name, table, words
from queries.steps.key_sql import added, dropped, is_defined_as, key_in
from queries.steps.parked import conflicts, nulled, put_back, put_back_values, removed, source
from queries.steps.step import Before, ColumnsText, Lock, Refusal, Step


class RepairOrphans(Step):
    """Park, delete, set null, give a stub parent, or leave; a NOT VALID key before it lets no more come."""

    kind: Literal["repair orphans"] = "repair orphans"
    child: ColumnsText
    parent: ColumnsText
    by: Repair | Literal["undecided"] = "undecided"

    is_long: ClassVar[bool] = True
    remakes_key: ClassVar[bool] = True
    wants_path: ClassVar[bool] = True  # triggers on the table may use bare names

    def subjects(self, catalog: Catalog) -> tuple[str, ...]:
        """Child and parent."""
        del catalog
        return tuple(dict.fromkeys((self._table, str(columns_name(self.parent).table))))

    def sentence(self) -> str:
        """In a few words."""
        return f"repair orphans of {self.child} -> {self.parent}: {self.by}"

    def forward(self, before: Before) -> tuple[sql.Composable, ...]:
        """Keep the rows in ``pgtether.parked_row``, then change or remove them."""
        own = before.table(self._table)
        match self.by:
            case Repair.PARK | Repair.DELETE:
                return (removed(own, self._orphans(before)), self._left(before))
            case Repair.SET_NULL:
                self._refuse_not_null(own)
                orphans = self._orphans(before)
                return (nulled(own, orphans, self._child.columns), self._left(before))
            case Repair.STUB:  # queries.stubs has made the parents before
                return (self._left(before),)
            case Repair.LEAVE:
                return ()
            case _:
                raise Undecided([f"{self.child} -> {self.parent}"])

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Put the parked rows back where they are still missing or still as they were left.

        A key that stood NOT VALID while they were taken would refuse them, and would act on the children of a
        stub: it is dropped meanwhile. Stubs are removed by ``queries.stubs`` behind the first statement.
        """
        if self.by is Repair.LEAVE:
            return ()
        own = before.table(self._table)
        key = self._key(own)
        gone, again = ((dropped(self._table, key.name),), added(key)) if key else ((), ())
        if self.by is Repair.STUB:
            return (*gone, *again)
        rows = put_back_values(own, self._child.columns) if self.by is Repair.SET_NULL else put_back(own)
        return (*gone, rows, *again)

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Row locks on the orphans, and a look into the tables whose keys might hang on them."""
        own = catalog.find(columns_name(self.child).table)
        if own is None or self.by in (Repair.LEAVE, "undecided"):
            return ()
        if self.by is Repair.STUB:
            return (Lock(str(columns_name(self.parent).table), LockMode.ROW_EXCLUSIVE),)
        acts = (OnDelete.RESTRICT, OnDelete.NO_ACTION)
        looked = {
            key.child: LockMode.ROW_SHARE if key.on_delete in acts else LockMode.ROW_EXCLUSIVE
            for key in catalog.keys_in.get(own.oid, ())
            if self.by in (Repair.PARK, Repair.DELETE)
        }
        return tuple(Lock(text, mode) for text, mode in (looked | {own.text: LockMode.ROW_EXCLUSIVE}).items())

    def is_done(self, catalog: Catalog) -> bool:
        """A valid key leaves nothing to repair."""
        key = key_in(catalog, self._child, columns_name(self.parent))
        return bool(key and key.validated)

    def refusals(self, before: Before) -> tuple[Refusal, ...]:
        """Rows that hang on the orphans, which would go with them or stand in the way."""
        if self.by in (Repair.STUB, Repair.LEAVE, "undecided"):
            return ()
        own = before.table(self._table)
        keys = own.referenced_by
        if self.by is Repair.SET_NULL:
            keys = tuple(key for key in keys if set(key.ref_columns) & set(self._child.columns))
        return tuple(self._hanging(key, before) for key in keys)

    def unproven(self, counts: Sequence[int]) -> str:
        """No orphan is left; a trigger on the table, or who still writes into it, can make it otherwise."""
        is_clean = not counts or counts[-1] == 0
        return "" if is_clean else "orphans are still there: a trigger has kept them, or they came meanwhile"

    def obstacle(self, before: Before, now: Before, catalog: Catalog) -> str:
        """Columns that are others now, or another key that would refuse the orphans."""
        del catalog
        then, own = before.table(self._table), now.table(self._table)
        if any(not self._is_kept(column, own) for column in then.columns):
            return f"the columns of {self._table} are others now; what was taken is in pgtether.parked_row"
        former, key = self._key(then), self._key(own)
        if key and not (former and key.name == former.name and is_defined_as(key, former.definition)):
            return f"key {key.name} refuses orphans; what was taken is in pgtether.parked_row"
        return ""

    def undo(self, before: Before, now: Before) -> tuple[sql.Composable, ...]:
        """A key that somebody has dropped since isn't made again."""
        if self._key(now.table(self._table)):
            return self.back(before)
        own = before.table(self._table)
        others = tuple(key for key in own.constraints if key != self._key(own))
        return self.back(
            replace(before, tables=before.tables | {own.table: replace(own, constraints=others)})
        )

    def conflicts(self, before: Before) -> sql.Composable | None:
        """The parked rows of which no equal one is there."""
        if self.by in (Repair.STUB, Repair.LEAVE):
            return None
        return conflicts(before.table(self._table))

    def _key(self, own: TableDefinition) -> ConstraintDefinition | None:
        parent = columns_name(self.parent)
        wanted = (self._child.columns, str(parent.table), parent.columns)
        found = (key for key in own.constraints if (key.columns, key.parent, key.ref_columns) == wanted)
        return next(found, None)

    def _hanging(self, key: ConstraintDefinition, before: Before) -> Refusal:
        pairs = zip(key.ref_columns, key.operators, key.columns, strict=True)
        matches = sql.SQL(" and ").join(
            sql.SQL("{} {} {}").format(Name("c", parent), words(operator), Name("h", child))
            for parent, operator, child in pairs
        )
        own, orphans = source(before.table(self._table)), self._orphans(before)
        hanging = sql.SQL("select count(*) from {} as h where exists (select from {} as c where {} and {})")
        asked = hanging.format(table(key.table), own, matches, orphans)
        if key.table == self._table:  # what goes itself does not count
            goes = sql.SQL(
                "{} and not exists (\n"
                "    select from {} as c where c.tableoid = h.tableoid and c.ctid = h.ctid and {}\n)"
            )
            asked = goes.format(asked, own, orphans)
        return Refusal(
            asked,
            f"rows of {key.table} hang on the orphans of {self.child} through {key.name}",
        )

    def _left(self, before: Before) -> sql.Composable:
        statement = sql.SQL("select from {} as c where {} limit 1")
        return statement.format(source(before.table(self._table)), self._orphans(before))

    @staticmethod
    def _is_kept(column: ColumnDefinition, own: TableDefinition) -> bool:
        now = own.column(column.name)
        return now is not None and (now.type, now.generated) == (column.type, column.generated)

    def _orphans(self, before: Before) -> sql.Composable:
        if not before.orphans:
            raise Refused(f"The orphans of {self.child} -> {self.parent} can't be told from other rows.")
        return words(before.orphans)

    def _refuse_not_null(self, own: TableDefinition) -> None:
        for name in self._child.columns:
            column = own.column(name)
            if column and column.not_null:
                raise Refused(
                    f"{self._table}.{name} is NOT NULL, so its orphans can't be set null.",
                    means="Nothing was changed.",
                    do="Put a `drop not null` step before it, or park or delete the orphans.",
                )

    @property
    def _child(self) -> ColumnsName:
        return columns_name(self.child)

    @property
    def _table(self) -> str:
        return str(self._child.table)
