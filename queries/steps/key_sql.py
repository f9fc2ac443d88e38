"""Statements about foreign keys that several steps share."""

from __future__ import annotations

import re

from psycopg import sql

from queries.catalog import Catalog, ForeignKey
from queries.definitions import ConstraintDefinition
from queries.models import OnDelete
from queries.names import ColumnsName, table_name
from queries.steps.compose import Name, table, words

_QUOTED = r'"(?:[^"]|"")*"'
_ON_DELETE = re.compile(
    rf"(?P<name>{_QUOTED})"
    rf"| ON DELETE (?:CASCADE|RESTRICT|NO ACTION|SET (?:NULL|DEFAULT)(?: \((?:{_QUOTED}|[^\")])*\))?)"
)
_ATTRIBUTES = re.compile(rf"(?P<name>{_QUOTED})| (?:DEFERRABLE|NOT VALID|NOT ENFORCED)(?= |$)")


def with_on_delete(definition: str, on_delete: OnDelete) -> str:
    """A key's definition with another rule; everything else of it as it was."""
    bare = _ON_DELETE.sub(lambda match: match["name"] or "", definition)
    at = next((match.start() for match in _ATTRIBUTES.finditer(bare) if not match["name"]), len(bare))
    rule = "" if on_delete is OnDelete.NO_ACTION else f" ON DELETE {on_delete.sql}"
    return bare[:at] + rule + bare[at:]


def as_not_valid(definition: str) -> str:
    """A key's definition as one that isn't checked for the rows that are there."""
    return definition if definition.endswith(" NOT VALID") else f"{definition} NOT VALID"


def is_defined_as(key: ConstraintDefinition | None, definition: str) -> bool:
    """Whether the key is there and so defined, valid or not."""
    bare = definition.removesuffix(" NOT VALID")
    return key is not None and key.definition.removesuffix(" NOT VALID") == bare


def remade(key: ConstraintDefinition, definition: str) -> tuple[sql.Composable, ...]:
    """Drop a key and make it again in one statement, with its comment."""
    statement = sql.SQL("alter table {} drop constraint {}, add constraint {} {}").format(
        table(key.table), Name(key.name), Name(key.name), words(definition)
    )
    return (statement, *commented(key))


def added(key: ConstraintDefinition) -> tuple[sql.Composable, ...]:
    """Make a key again, with its comment."""
    statement = sql.SQL("alter table {} add constraint {} {}")
    return (statement.format(table(key.table), Name(key.name), words(key.definition)), *commented(key))


def commented(key: ConstraintDefinition) -> tuple[sql.Composable, ...]:
    """Put a key's comment back."""
    if not key.comment:
        return ()
    statement = sql.SQL("comment on constraint {} on {} is {}")
    return (statement.format(Name(key.name), table(key.table), sql.Literal(key.comment)),)


def dropped(table_text: str, name: str) -> sql.Composable:
    """Drop a constraint."""
    return sql.SQL("alter table {} drop constraint {}").format(table(table_text), Name(name))


def key_in(catalog: Catalog, child: ColumnsName, parent: ColumnsName) -> ForeignKey | None:
    """The key with that identity, whatever its name."""
    identity = (str(child.table), child.columns, str(parent.table), parent.columns)
    return next((key for key in catalog.foreign_keys if key.identity == identity), None)


def named_key_in(catalog: Catalog, table_text: str, name: str) -> ForeignKey | None:
    """The key of that name on that table."""
    found = catalog.find(table_name(table_text))
    keys = catalog.keys_out.get(found.oid, ()) if found else ()
    return next((key for key in keys if key.name == name), None)


def sides(catalog: Catalog, child: str, name: str, parent: str | None) -> tuple[str, ...]:
    """Child and parent of a named key, the parent looked up where it isn't given."""
    key = None if parent else named_key_in(catalog, child, name)
    return tuple(dict.fromkeys(text for text in (child, parent or (key.parent if key else "")) if text))
