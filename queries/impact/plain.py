"""What keeps a delete from being counted set by set: wherever an order of rows or triggers could matter."""

from __future__ import annotations

from collections.abc import Iterator

from queries.impact.schema import Key, Relation, Schema
from queries.models import OnDelete

_REFUSES = (OnDelete.RESTRICT, OnDelete.NO_ACTION)


def is_plain(schema: Schema) -> bool:
    """Whether the rows that go are those that cascades lead to, whatever fires first.

    RESTRICT and NO ACTION don't count here: whether their order matters is seen from the rows.
    """
    return not any(True for _ in _hindrances(schema))


def acts(schema: Schema, key: Key, *actions: OnDelete) -> bool:
    """Whether deletes of the reach can set it off, and it does one of these."""
    is_reached = key.parent.root.oid in schema.reach.deleted
    return is_reached and key.key.actions_fire and key.key.on_delete in actions


def _hindrances(schema: Schema) -> Iterator[str]:
    yield from _of_tables(schema)
    for key in schema.keys.values():
        yield from _of_key(key)
        if acts(schema, key, OnDelete.SET_NULL, OnDelete.SET_DEFAULT):
            yield from _changes(schema, key)


def _of_tables(schema: Schema) -> Iterator[str]:
    if schema.reach.target.inherited:
        yield "the statement takes rows of several tables"
    for relation in schema.relations.values():
        if relation.table.oid in schema.reach.written and relation.rules:
            yield f"rules on {relation.table.text}"
        if not relation.table.readable or relation.table.row_security:
            yield f"rows of {relation.table.text} can't all be seen"
        if any(_meets(schema, relation)):
            yield f"triggers on {relation.table.text}"


def _of_key(key: Key) -> Iterator[str]:
    if key.child.table.partition_of or key.parent.table.partition_of:
        yield f"{key.key.text} belongs to a partition"
    if any(key.parent.columns[name].type.startswith("_") for name in key.key.ref_columns):
        yield f"{key.key.text} compares arrays, and an array of arrays comes apart"
    if key.key.period:
        yield f"{key.key.text} compares times"


def _meets(schema: Schema, relation: Relation) -> Iterator[bool]:
    """Triggers that are no key's, or of a key that the catalog leaves out."""
    root = relation.root.oid
    for trigger in relation.triggers:
        is_deleted = trigger.on_delete and root in schema.reach.deleted
        is_changed = trigger.on_update and root in schema.reach.changed
        if is_deleted or is_changed:
            yield trigger.action in ("user", "recheck") or trigger.key not in schema.keys


def _changes(schema: Schema, key: Key) -> Iterator[str]:
    """Nulls that nothing else looks at are plain; everything else is simulated."""
    columns = set(key.key.set_columns or key.key.columns)
    if key.key.match_full and columns != set(key.key.columns):
        yield f"{key.key.text} is MATCH FULL"
    if key.key.on_delete is OnDelete.SET_DEFAULT and any(_has_default(key.child, name) for name in columns):
        yield f"{key.key.text} sets a default"
    yield from _refusals(schema, key, columns)
    if any(_is_checked_again(schema, other) for other in schema.keys.values() if _is_out_of(other, key)):
        yield f"rows of {key.child.name} may change twice, and are then checked whatever they hold"
    for other in schema.keys.values():
        is_beside = other is not key and other.child.root is key.child.root
        is_judge = other.key.match_full or _is_reached(schema, other)
        if is_beside and is_judge and columns & set(other.key.columns):
            yield f"{other.key.text} shares columns"
        if other.parent.root is key.child.root and columns & set(other.key.ref_columns):
            yield f"{other.key.text} refers to what changes"


def _is_out_of(other: Key, key: Key) -> bool:
    return other.child.root is key.child.root


def _is_checked_again(schema: Schema, key: Key) -> bool:
    """Two others may write to its rows: the second makes the server check it, though its columns stay."""
    changing = [
        other
        for other in schema.keys.values()
        if other is not key
        and _is_out_of(other, key)
        and acts(schema, other, OnDelete.SET_NULL, OnDelete.SET_DEFAULT)
    ]
    return key.key.checks_fire and len(changing) > 1


def _refusals(schema: Schema, key: Key, columns: set[str]) -> Iterator[str]:
    """What of the child may refuse nulls."""
    for leaf in schema.leaves(key.child):
        for name in columns:
            column = leaf.columns[name]
            if column.not_null or column.is_domain:
                yield f"{name} may refuse null"
        if any(column.generated for column in leaf.columns.values()):
            yield f"{leaf.table.text} has generated columns"
        if any(not check.validated or _mentions(check.expression, columns) for check in leaf.checks):
            yield f"{leaf.table.text} has checks"
        if any(not unique.is_plain for unique in leaf.uniques):
            yield f"{leaf.table.text} has unusual indexes"


def _has_default(relation: Relation, name: str) -> bool:
    column = relation.columns[name]
    return column.default is not None or bool(column.identity)


def _is_reached(schema: Schema, key: Key) -> bool:
    root = key.parent.root.oid
    return root in schema.reach.deleted or root in schema.reach.changed


def _mentions(expression: str, columns: set[str]) -> bool:
    """Also where a name is only part of another: better one simulation too many."""
    return any(name in expression for name in columns)
