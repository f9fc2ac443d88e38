"""One consistent picture of tables, columns, foreign keys and indexes, read in a few flat queries.

Light on purpose: nothing is deparsed, so that 10,000 tables load in a fraction of a second. Definitions
as PostgreSQL writes them come from ``queries.definitions``, for the tables that somebody looks at.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from queries.load import query
from queries.models import ON_DELETE_BY_CODE, OnDelete
from queries.names import TableName, column_list


class Table(NamedTuple):
    """A table or partition. ``estimate`` is rows, -1 where never analysed; sizes in bytes and pages."""

    oid: int
    schema: str
    name: str
    kind: str  # r table, p partitioned
    partition_of: int  # oid, 0: not a partition
    estimate: float
    bytes: int
    pages: int
    all_visible: int  # pages
    readable: bool  # the role may SELECT all of it
    row_security: bool  # hides rows from this role
    inherited: bool  # has children by plain inheritance

    @property
    def text(self) -> str:
        """``schema.table`` as SQL writes it."""
        return str(TableName(self.schema, self.name))


class Column(NamedTuple):
    """A column; ``type`` is without its length."""

    table_oid: int
    number: int
    name: str
    type: str
    not_null: bool
    has_default: bool
    identity: str  # a always, d by default, '' none
    generated: str  # s stored, v virtual, '' none
    collation: int  # oid, 0: not collatable


class Index(NamedTuple):
    """An index; column 0 is an expression; only the first ``key_count`` columns are searchable."""

    oid: int
    table_oid: int
    name: str
    method: str
    column_numbers: tuple[int, ...]
    key_count: int
    collations: tuple[int, ...]
    classes: tuple[int, ...]  # operator classes
    is_unique: bool
    is_primary: bool
    is_valid: bool
    is_immediate: bool
    predicate: str | None
    bytes: int
    part_of: int  # oid of the partitioned index, 0: none


class ForeignKey(NamedTuple):
    """A foreign key as declared; its identity is child, columns, parent and parent columns."""

    oid: int
    name: str
    child_oid: int
    child: str
    columns: tuple[str, ...]
    parent_oid: int
    parent: str
    ref_columns: tuple[str, ...]
    on_delete: OnDelete
    on_update: OnDelete
    match_full: bool
    deferrable: bool
    deferred: bool
    validated: bool
    enforced: bool
    period: bool
    set_columns: tuple[str, ...]  # ON DELETE SET NULL (columns); empty: all
    operators: tuple[int, ...]  # conpfeqop: parent = child
    index_oid: int
    checks_fire: bool  # inserts and updates of the child are checked
    actions_fire: bool  # deletes and updates of the parent act
    text: str

    @property
    def identity(self) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
        """What makes it the same key under another name."""
        return (self.child, self.columns, self.parent, self.ref_columns)


@dataclass(frozen=True)
class Catalog:
    """Tables by oid; everything else by the oid of its table, in PostgreSQL's order."""

    tables: dict[int, Table]
    columns: dict[int, tuple[Column, ...]]
    foreign_keys: tuple[ForeignKey, ...]
    indexes: dict[int, tuple[Index, ...]]
    search_path: tuple[str, ...] = ()
    operators: dict[int, tuple[int, ...]] = field(default_factory=dict)  # by operator class, for lookups

    @cached_property
    def by_name(self) -> dict[tuple[str, str], Table]:
        """Tables by schema and name."""
        return {(table.schema, table.name): table for table in self.tables.values()}

    @cached_property
    def roots(self) -> tuple[Table, ...]:
        """Every table that is no partition, by schema and name; a partitioned one with its leaves' sums."""
        return tuple(self._summed(table) for table in self.tables.values() if not table.partition_of)

    @cached_property
    def partitions(self) -> dict[int, tuple[Table, ...]]:
        """Direct partitions by the oid of what they are part of."""
        return _grouped(self.tables.values(), lambda table: table.partition_of, skip=0)

    @cached_property
    def keys_out(self) -> dict[int, tuple[ForeignKey, ...]]:
        """Foreign keys by the oid of their child."""
        return _grouped(self.foreign_keys, lambda key: key.child_oid)

    @cached_property
    def keys_in(self) -> dict[int, tuple[ForeignKey, ...]]:
        """Foreign keys by the oid of their parent."""
        return _grouped(self.foreign_keys, lambda key: key.parent_oid)

    def find(self, name: TableName, search_path: Sequence[str] = ()) -> Table | None:
        """The table of that name; a bare one is looked for along the search path."""
        schemas = [name.schema] if name.schema else (search_path or self.search_path)
        found = (self.by_name.get((schema, name.name)) for schema in schemas)
        return next((table for table in found if table is not None), None)

    def column(self, table: Table, name: str) -> Column | None:
        """The column of that raw name."""
        return next((column for column in self.columns.get(table.oid, ()) if column.name == name), None)

    def leaves(self, table: Table) -> Iterator[Table]:
        """The tables that hold the rows: itself, or the lowest partitions of a partitioned one."""
        if table.kind != "p":
            yield table
        for part in self.partitions.get(table.oid, ()):
            yield from self.leaves(part)

    def _summed(self, table: Table) -> Table:
        if table.kind != "p":
            return table
        leaves = list(self.leaves(table))
        known = [leaf.estimate for leaf in leaves if leaf.estimate >= 0]
        return table._replace(
            estimate=sum(known) if known else -1.0,
            bytes=sum(leaf.bytes for leaf in leaves),
            pages=sum(leaf.pages for leaf in leaves),
            all_visible=sum(leaf.all_visible for leaf in leaves),
        )


_WHOLE = ("types", "silent_keys", "operator_classes")  # read whole, whatever tables are asked for


def catalog(connection: Connection[Any], *, tables: Sequence[int] = ()) -> Catalog:
    """Read it, all or only the tables of the given oids with what refers to them.

    Run it inside a transaction of the caller (repeatable read for one snapshot).
    """
    with _no_garbage_collection():
        return _assembled(*_answers(connection, tables))


def _answers(
    connection: Connection[Any], tables: Sequence[int]
) -> tuple[dict[str, list[tuple[Any, ...]]], tuple[str, ...]]:
    names = ("tables", "columns", "types", "foreign_keys", "silent_keys", "indexes", "operator_classes")
    with connection.pipeline():
        cursors = [connection.cursor(row_factory=args_row(_tuple), binary=True) for _ in names]
        for name, cursor in zip(names, cursors, strict=True):
            wanted = {"tables": list(tables)} if name not in _WHOLE else {}
            cursor.execute(query(f"catalog/{name}"), wanted)
        path = connection.execute(query("catalog/search_path"), {})
        answers = dict(zip(names, (cursor.fetchall() for cursor in cursors), strict=True))
        search_path = path.fetchone()
    return answers, tuple(search_path[0]) if search_path else ()


def _tuple(*values: Any) -> tuple[Any, ...]:
    return values


def _assembled(answers: dict[str, list[tuple[Any, ...]]], search_path: tuple[str, ...]) -> Catalog:
    types: dict[int, str] = dict(answers["types"])
    tables = {row[0]: Table._make(row) for row in answers["tables"]}
    columns: dict[int, list[Column]] = defaultdict(list)
    for oid, number, name, type_oid, *rest in answers["columns"]:
        if oid in tables:
            columns[oid].append(Column(oid, number, name, types.get(type_oid, "?"), *rest))
    names = {oid: {column.number: column.name for column in own} for oid, own in columns.items()}
    texts = {oid: table.text for oid, table in tables.items()}
    silent = {oid: (checks, actions) for oid, checks, actions in answers["silent_keys"]}
    indexes = (_index(row) for row in answers["indexes"] if row[1] in tables)
    keys = (row for row in answers["foreign_keys"] if row[2] in tables and row[3] in tables)
    return Catalog(
        tables=tables,
        columns={oid: tuple(own) for oid, own in columns.items()},
        foreign_keys=tuple(_foreign_key(row, texts, names, silent.get(row[0])) for row in keys),
        indexes=_grouped(indexes, lambda index: index.table_oid),
        search_path=search_path,
        operators={oid: tuple(operators) for oid, operators in answers["operator_classes"]},
    )


def _foreign_key(
    row: tuple[Any, ...],
    texts: dict[int, str],
    names: dict[int, dict[int, str]],
    silent: tuple[bool, bool] | None,
) -> ForeignKey:
    oid, name, child_oid, parent_oid, numbers, ref_numbers, on_delete, on_update, *rest = row
    match_full, deferrable, deferred, validated, enforced, period, set_numbers, operators, index_oid = rest
    child, parent = texts[child_oid], texts[parent_oid]
    columns = tuple(names[child_oid][number] for number in numbers)
    ref_columns = tuple(names[parent_oid][number] for number in ref_numbers)
    return ForeignKey(
        oid, name, child_oid, child, columns, parent_oid, parent, ref_columns,
        ON_DELETE_BY_CODE[on_delete], ON_DELETE_BY_CODE[on_update],
        match_full, deferrable, deferred, validated, enforced, period,
        tuple(names[child_oid][number] for number in set_numbers or ()),
        tuple(operators), index_oid,
        not (silent and silent[0]) and enforced, not (silent and silent[1]) and enforced,
        f"{child}({column_list(columns)}) -> {parent}({column_list(ref_columns)})",
    )  # fmt: skip


def _index(row: tuple[Any, ...]) -> Index:
    oid, table_oid, name, method, numbers, count, collations, classes, *rest = row
    return Index(
        oid, table_oid, name, method, tuple(numbers), count, tuple(collations), tuple(classes), *rest
    )


def _grouped(values: Any, by: Callable[[Any], int], *, skip: int | None = None) -> dict[int, tuple[Any, ...]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for value in values:
        if by(value) != skip:
            groups[by(value)].append(value)
    return {oid: tuple(group) for oid, group in groups.items()}


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """100,000 rows made at once make the collector run for nothing: a third of the time (measured)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
