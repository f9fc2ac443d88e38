"""Parents made up for orphans that are to be kept: on record row by row, and removed on the way back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

from psycopg import Connection, sql

from queries.catalog import Catalog, catalog
from queries.definitions import ConstraintDefinition, TableDefinition, definitions
from queries.errors import Refused
from queries.models import Repair
from queries.names import columns_name, table_name
from queries.steps.compose import Name, table, words
from queries.steps.parked import source
from queries.steps.repair_orphans import RepairOrphans
from queries.steps.step import Before, Step
from queries.synthetic import stub_parents


def are_wanted(step: Step) -> TypeGuard[RepairOrphans]:
    """Whether the step keeps orphans by giving them parents."""
    return isinstance(step, RepairOrphans) and step.by is Repair.STUB


def make(connection: Connection[Any], step: RepairOrphans, before: Before) -> tuple[str, ...]:
    """Insert a parent for each value that orphans refer to, with the rows that it needs itself.

    Gives every inserted row as JSON, those that others need first. Raises CannotMakeRow, and Refused for
    orphans of which some columns are null (MATCH FULL): no parent can help them.
    """
    known = catalog(connection)
    child, parent = columns_name(step.child), columns_name(step.parent)
    found = known.find(parent.table)
    if found is None:
        raise Refused(f"There is no table {parent.table}.", means="Nothing was changed.")
    wanted = _missing(connection, before.table(str(child.table)), child.columns, before.orphans)
    made = stub_parents(connection, known, found, columns=parent.columns, values=wanted)
    return tuple(json.dumps({"table": table.text, "row": row}, ensure_ascii=False) for table, row in made)


def remove(connection: Connection[Any], stubs: Sequence[str]) -> tuple[str, ...]:
    """Delete the rows again, last first, where they are as they were made and nothing refers to them.

    Gives a sentence for each that was left.
    """
    known = catalog(connection)
    read: dict[str, TableDefinition] = {}
    left: list[str] = []
    for text in reversed(stubs):
        stub = json.loads(text)
        own = _definition(connection, known, stub["table"], read)
        if own is None or not connection.execute(_deleted(own, stub["row"]), prepare=False).rowcount:
            left.append(
                f"the stub {stub['row']} of {stub['table']} was left: it has changed or is referred to"
            )
    return tuple(left)


def _missing(
    connection: Connection[Any], own: TableDefinition, columns: Sequence[str], orphans: str
) -> Iterable[tuple[str, ...]]:
    texts = sql.SQL(", ").join(_text(Name("c", name)) for name in columns)
    statement = sql.SQL("select distinct {} from {} as c where {}").format(texts, source(own), words(orphans))
    for values in connection.execute(statement, prepare=False).fetchall():
        if None in values:
            raise Refused(
                f"Orphans of {own.table} have nulls in some columns of the key: no parent can help them.",
                means="Nothing was changed.",
                do="Park or delete them.",
            )
        yield values


def _definition(
    connection: Connection[Any], known: Catalog, text: str, read: dict[str, TableDefinition]
) -> TableDefinition | None:
    found = known.find(table_name(text))
    if text not in read and found is not None:
        read |= definitions(connection, [found.oid])
    return read.get(text)


def _deleted(own: TableDefinition, row: dict[str, str]) -> sql.Composed:
    as_made = [
        sql.SQL("{} is not distinct from {}").format(
            _text(Name("c", column.name)), sql.Literal(row.get(column.name))
        )
        for column in own.columns
        if not column.generated
    ]
    return sql.SQL("delete from {} as c where {}").format(
        source(own), sql.SQL(" and ").join([*as_made, *(_unreferred(key) for key in own.referenced_by)])
    )


def _unreferred(key: ConstraintDefinition) -> sql.Composed:
    pairs = zip(key.ref_columns, key.operators, key.columns, strict=True)
    matches = sql.SQL(" and ").join(
        sql.SQL("{} {} {}").format(Name("c", parent), words(operator), Name("h", child))
        for parent, operator, child in pairs
    )
    return sql.SQL("not exists (select from {} as h where {})").format(table(key.table), matches)


def _text(column: Name) -> sql.Composed:
    return sql.SQL("case when {} is not null then pg_catalog.format('%s', {}) end").format(column, column)
