"""Roles for tests: unlike databases they belong to the whole server, so each gets a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


def make_role(
    connection: psycopg.Connection,
    name: str,
    *,
    bypass_row_security: bool = False,
    member_of: Sequence[str] = (),
) -> str:
    """Make a role that may log in with its name as password; gives the name, which ``name`` begins."""
    role = f"{name}_{uuid4().hex[:8]}"
    identifier = sql.Identifier(role)
    connection.execute(sql.SQL("create role {} login password {}").format(identifier, sql.Literal(role)))
    if bypass_row_security:
        connection.execute(sql.SQL("alter role {} bypassrls").format(identifier))
    for group in member_of:
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), identifier))
    return role


def logged_in_as(role: str, conninfo: str) -> str:
    """The conninfo string with that role and its password."""
    return make_conninfo(conninfo, user=role, password=role)
