"""Why a key's rows could not be counted, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection, DatabaseError, OperationalError, errors

from queries.catalog import Table
from queries.connection import reading
from queries.load import rows
from queries.names import ColumnsName, TableName, quoted
from queries.orphans.counted import State
from queries.orphans.reference import Reference


class _Unreadable(NamedTuple):
    schema_is_closed: bool
    columns: list[str]
    row_security: bool


def reason(connection: Connection[Any], reference: Reference, error: DatabaseError) -> tuple[State, str]:
    """Whether another try may do better, and what happened."""
    match error:
        case errors.InsufficientPrivilege():
            return State.UNREADABLE, _no_privilege(connection, reference) or _in_words(error)
        case errors.UndefinedTable() | errors.UndefinedColumn():
            return (
                State.UNREADABLE,
                f"a table or column has gone since the catalog was read: {_in_words(error)}",
            )
        case errors.LockNotAvailable():
            tables = " or ".join(dict.fromkeys((reference.child.text, reference.parent.text)))
            return State.UNFINISHED, f"another session held a lock on {tables} for more than 5 s"
        case OperationalError():
            return State.UNFINISHED, _in_words(error)
    return State.UNREADABLE, _in_words(error)


def _no_privilege(connection: Connection[Any], reference: Reference) -> str:
    """Which schema, columns or row security is in the way."""
    sides = ((reference.child, reference.columns), (reference.parent, reference.ref_columns))
    with reading(connection):
        found = [why for table, columns in sides if (why := _why(connection, table, columns))]
    return "; ".join(dict.fromkeys(found))


def _why(connection: Connection[Any], table: Table, columns: Sequence[str]) -> str:
    asked = {"table": table.oid, "columns": list(columns)}
    for seen in rows(connection, "orphans/unreadable", _Unreadable, asked):
        if seen.schema_is_closed:
            return f"this role may not use schema {quoted(table.schema)}, so {table.text} can't be read"
        if seen.columns:
            name = ColumnsName(TableName(table.schema, table.name), tuple(seen.columns))
            return f"this role may not read {name}"
        if seen.row_security:
            return f"row security hides rows of {table.text} from this role, so a count would be too low"
    return ""


def _in_words(error: DatabaseError) -> str:
    """What the server said, with its SQLSTATE."""
    return f"{error.diag.message_primary or ' '.join(str(error).split())} (SQLSTATE {error.sqlstate})"
