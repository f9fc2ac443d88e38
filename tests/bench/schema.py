"""A schema of any size: 10 columns, 2 foreign keys and 3 indexes a table."""

from __future__ import annotations

import psycopg
from psycopg import sql

_TABLE = """
create table {name} (
    id bigint primary key, parent_id bigint, owner_id bigint,
    code text not null, title text, amount numeric(12, 2), state text default 'new',
    created_at timestamptz not null default now(), updated_at timestamptz, note text
)"""
_CHUNK = 200


def many_tables(conninfo: str, *, tables: int) -> None:
    """Make them: each refers to the table at a third of its number and to the one at half of it."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for first in range(0, tables, _CHUNK):
            with connection.transaction():
                for number in range(first, min(first + _CHUNK, tables)):
                    _make(connection, number)
        connection.execute("analyze")


def _make(connection: psycopg.Connection, number: int) -> None:
    name = sql.Identifier(f"table_{number:05}")
    connection.execute(sql.SQL(_TABLE).format(name=name))
    for column, parent in (("parent_id", number // 3), ("owner_id", number // 2)):
        connection.execute(
            sql.SQL("alter table {} add foreign key ({}) references {} (id)").format(
                name, sql.Identifier(column), sql.Identifier(f"table_{parent:05}")
            )
        )
    connection.execute(sql.SQL("create index on {} (parent_id)").format(name))
    connection.execute(sql.SQL("create index on {} (created_at)").format(name))
