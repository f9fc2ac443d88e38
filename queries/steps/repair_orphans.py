"""Decide what becomes of the rows whose parent is missing, keeping all that is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from psycopg import sql

from queries.catalog import Catalog
from queries.definitions import ConstraintDefinition, TableDefinition
from queries.errors import Refused, Undecided
from queries.models import LockMode, Repair
from queries.names import ColumnsName, columns_name
from queries.steps.compose import Name, table, words
from queries.steps.key_sql import added, dropped, key_in
from queries.steps.parked import conflicts, parked, put_back, put_back_values, source
from queries.steps.step import Before, ColumnsText, Lock, Refusal, Step


class RepairOrphans(Step):
    """Park, delete, set null, give a stub parent, or leave; a NOT VALID key before it lets no more come."""

    kind: Literal["repair orphans"] = "repair orphans"
    child: ColumnsText
    parent: ColumnsText
    by: Repair | Literal["undecided"] = "undecided"

    is_long: ClassVar[bool] = True
    remakes_key: ClassVar[bool] = True

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
                return (parked(own, self._orphans(before)), self._removed(before))
            case Repair.SET_NULL:
                self._refuse_not_null(own)
                return (parked(own, self._orphans(before), nulled=self._child.columns), self._nulled(before))
            case Repair.STUB | Repair.LEAVE:
                return ()
            case _:
                raise Undecided([f"{self.child} -> {self.parent}"])

    def back(self, before: Before) -> tuple[sql.Composable, ...]:
        """Put the parked rows back where they are still missing or still as they were left.

        A key that stood NOT VALID while they were taken would refuse them: it is dropped meanwhile.
        """
        if self.by in (Repair.STUB, Repair.LEAVE):
            return ()
        own = before.table(self._table)
        rows = put_back_values(own, self._child.columns) if self.by is Repair.SET_NULL else put_back(own)
        key = self._key(own)
        return (rows,) if key is None else (dropped(self._table, key.name), rows, *added(key))

    def locks(self, catalog: Catalog) -> tuple[Lock, ...]:
        """Row locks on the orphans alone."""
        return tuple(Lock(text, LockMode.ROW_EXCLUSIVE) for text in self.subjects(catalog)[:1])

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
        """Every row that went was parked; a trigger or a rule on the table can make it otherwise."""
        if len(counts) == 2 and counts[0] != counts[1]:
            return f"{counts[0]:,} rows were parked and {counts[1]:,} changed: a trigger or rule took part."
        return ""

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
        statement = sql.SQL("select count(*) from {} as h where exists (select from {} as c where {} and {})")
        return Refusal(
            statement.format(
                table(key.table), source(before.table(self._table)), matches, self._orphans(before)
            ),
            f"rows of {key.table} hang on the orphans of {self.child} through {key.name}",
        )

    def _removed(self, before: Before) -> sql.Composable:
        own = before.table(self._table)
        return sql.SQL("delete from {} as c where {}").format(source(own), self._orphans(before))

    def _nulled(self, before: Before) -> sql.Composable:
        nulls = sql.SQL(", ").join(sql.SQL("{} = null").format(Name(name)) for name in self._child.columns)
        statement = sql.SQL("update {} as c set {} where {}")
        return statement.format(source(before.table(self._table)), nulls, self._orphans(before))

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
