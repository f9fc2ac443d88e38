"""TABLE as a person types it, read by the server itself, so that it means what it means in SQL."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from psycopg import Connection, errors

from queries.catalog import Catalog, Table
from queries.errors import UsageError
from queries.load import query

#: What ``to_regclass`` raises for a name that SQL can't read: bad quotes, too many dots, an empty part.
_UNREADABLE = (errors.SyntaxError, errors.InvalidName, errors.FeatureNotSupported, errors.DataError)


def resolved(connection: Connection[Any], text: str, *, catalog: Catalog) -> Table:
    """The table of that name, bare names along the search path; inside a transaction; raises UsageError."""
    try:
        with connection.transaction():  # a savepoint: the name's error must not end the caller's transaction
            row = connection.execute(query("catalog/table_oid"), {"name": text}).fetchone()
    except errors.InsufficientPrivilege as error:
        raise UsageError(f"{error.diag.message_primary}.") from error
    except _UNREADABLE as error:
        raise UsageError(
            f"{text!r} is not a table's name: {error.diag.message_primary}.",
            do='Write it as SQL does, such as public.orders or "Odd Schema"."Orders".',
        ) from error
    table = catalog.tables.get(row[0]) if row and row[0] else None
    if table is None:
        exists = bool(row and row[0])
        raise UsageError(
            f"{text} is no table of this database's own." if exists else f"There is no table named {text}.",
            do="" if exists else _suggestion(text, catalog),
        )
    return table


def _suggestion(text: str, catalog: Catalog) -> str:
    names = {table.text: table.text for table in catalog.tables.values()}
    names |= {table.name: table.text for table in catalog.tables.values()}
    close = dict.fromkeys(names[name] for name in get_close_matches(text, names))
    return f"Did you mean {' or '.join(close)}?" if close else "`pgtether tables` lists them."
