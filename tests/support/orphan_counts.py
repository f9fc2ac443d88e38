"""Orphans of a test's tables, asked for in one line."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
from psycopg import sql

from queries.catalog import Catalog, catalog
from queries.names import columns_name
from queries.orphans import OrphanCount, Reference, State, declared, intended, orphan_condition, orphans


def made(connection: psycopg.Connection, *statements: LiteralString) -> None:
    """Run statements that make a test's tables and rows."""
    for statement in statements:
        connection.execute(statement)


def seen(connection: psycopg.Connection) -> Catalog:
    """The catalog as it stands."""
    with connection.transaction():
        return catalog(connection)


def wished(connection: psycopg.Connection, child: str, parent: str) -> Reference:
    """A key that is only intended, from texts such as ``orders(customer_id)``."""
    return intended(seen(connection), columns_name(child), columns_name(parent))


def counts(connection: psycopg.Connection, *references: Reference, **options: Any) -> list[OrphanCount]:
    """The answers alone, without the progress."""
    asked = references or declared(seen(connection))
    return [each for each in orphans(connection, asked, **options) if isinstance(each, OrphanCount)]


def count(connection: psycopg.Connection, child: str = "", parent: str = "", **options: Any) -> OrphanCount:
    """The one answer: for the intended key, or for the only declared one."""
    references = (wished(connection, child, parent),) if child else ()
    (answer,) = counts(connection, *references, **options)
    return answer


def figures(answer: OrphanCount) -> tuple[int | None, int | None, int | None]:
    """Rows, orphans, rows that nulls keep out."""
    assert answer.state is State.EXACT, answer.why
    return (answer.rows, answer.orphans, answer.null_rows)


def hide(connection: psycopg.Connection, *statements: LiteralString) -> None:
    """Run statements with the triggers of foreign keys asleep, as a replica or a bulk load does."""
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        made(connection, *statements)


def remove(connection: psycopg.Connection, reference: Reference) -> int:
    """Delete what the condition calls orphans; gives how many."""
    child = sql.Identifier(reference.child.schema, reference.child.name)
    only = sql.SQL("" if reference.child.kind == "p" else "only ")
    condition = orphan_condition(connection, reference)
    statement = sql.SQL("delete from {}{} as c where {}").format(only, child, condition)
    return connection.execute(statement).rowcount


def add(connection: psycopg.Connection, reference: Reference, *, match_full: bool = False) -> bool:
    """Whether the server itself takes the key, and so finds no orphan."""
    statement = sql.SQL("alter table {} add constraint judge foreign key ({}) references {} ({}) {}").format(
        sql.Identifier(reference.child.schema, reference.child.name),
        sql.SQL(", ").join(map(sql.Identifier, reference.columns)),
        sql.Identifier(reference.parent.schema, reference.parent.name),
        sql.SQL(", ").join(map(sql.Identifier, reference.ref_columns)),
        sql.SQL("match full" if match_full else "match simple"),
    )
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.errors.ForeignKeyViolation:
        return False
    return True
