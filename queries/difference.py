"""What has changed between two readings of the same tables, in sentences a person would say."""

from __future__ import annotations

from collections.abc import Iterator

from queries.definitions import ColumnDefinition, ConstraintDefinition, Definitions, TableDefinition
from queries.names import ColumnsName, quoted, table_name


def difference(before: Definitions, after: Definitions) -> tuple[str, ...]:
    """One sentence a change, tables in order."""
    return tuple(
        sentence
        for text in sorted(before.keys() | after.keys())
        for sentence in _of_table(before.get(text), after.get(text))
    )


def _of_table(before: TableDefinition | None, after: TableDefinition | None) -> Iterator[str]:
    if before is None or after is None:
        if before or after:
            yield f"{short((before or after).table)} is {'new' if after else 'gone'}"  # type: ignore[union-attr]
        return
    yield from _columns(before, after)
    yield from _constraints(before, after)
    yield from _indexes(before, after)
    yield from _order(before, after)


def _columns(before: TableDefinition, after: TableDefinition) -> Iterator[str]:
    renamed = dict(_renamed(before, after))
    for former, new in renamed.items():
        yield f"{_column(after, former)} is now called {quoted(new)}"
    then = {renamed.get(column.name, column.name): column for column in before.columns}
    now = {column.name: column for column in after.columns}
    for name in now.keys() - then.keys():
        yield f"{_column(after, name)} is new: {now[name].type}"
    for name in then.keys() - now.keys():
        yield f"{_column(after, name)} is gone"
    for name in (name for name in now if name in then):
        yield from _changes(_column(after, name), then[name], now[name])


def _renamed(before: TableDefinition, after: TableDefinition) -> Iterator[tuple[str, str]]:
    """Same place, same type, another name."""
    if len(before.columns) == len(after.columns):
        for then, now in zip(before.columns, after.columns, strict=True):
            if then.name != now.name and then.type == now.type:
                yield then.name, now.name


def _changes(name: str, then: ColumnDefinition, now: ColumnDefinition) -> Iterator[str]:
    if then.type != now.type:
        yield f"{name} is now {now.type}, was {then.type}"
    if then.not_null != now.not_null:
        yield f"{name} {'is NOT NULL now' if now.not_null else 'may be null now'}"
    if then.default != now.default:
        yield f"{name} has the default {now.default or 'none'} now"
    if then.comment != now.comment:
        yield f"{name} has another comment"


def _constraints(before: TableDefinition, after: TableDefinition) -> Iterator[str]:
    then = {constraint.name: constraint for constraint in before.constraints}
    now = {constraint.name: constraint for constraint in after.constraints}
    for name in sorted(now.keys() | then.keys()):
        if name not in now:
            yield f"{_constraint(then[name])} is gone"
        elif name not in then or _refers(then[name]) != _refers(now[name]):
            yield _is_now(now[name])
        elif then[name].validated != now[name].validated:
            yield f"{_constraint(now[name])} is {'valid' if now[name].validated else 'not valid'} now"
        elif then[name].comment != now[name].comment:
            yield f"{_constraint(now[name])} has another comment"


def _is_now(constraint: ConstraintDefinition) -> str:
    if constraint.kind != "f":
        return f"{_constraint(constraint)} is now {constraint.definition}"
    child = ColumnsName(table_name(constraint.table), constraint.columns)
    parent = ColumnsName(table_name(constraint.parent), constraint.ref_columns)
    rule = str(constraint.on_delete).upper()
    validity = "" if constraint.validated else ", not validated"
    return f"{_dotted(child)} now refers to {_dotted(parent)}, ON DELETE {rule}{validity} ({constraint.name})"


def _refers(constraint: ConstraintDefinition) -> tuple[object, ...]:
    return (constraint.definition.removesuffix(" NOT VALID"), constraint.columns, constraint.on_delete)


def _indexes(before: TableDefinition, after: TableDefinition) -> Iterator[str]:
    then = {index.name: index for index in before.indexes}
    now = {index.name: index for index in after.indexes}
    for name in sorted(now.keys() | then.keys()):
        if name not in now:
            yield f"index {quoted(name)} of {short(before.table)} is gone"
        elif name not in then:
            state = "" if now[name].valid else ", not valid"
            yield f"index {quoted(name)} on {short(after.table)} is new{state}"
        elif now[name] != then[name]:
            yield f"index {quoted(name)} on {short(after.table)} has changed"


def _order(before: TableDefinition, after: TableDefinition) -> Iterator[str]:
    """Of the keys that were there and still are: another order can block a delete that worked."""
    for event in ("delete", "update"):
        then = [trigger.place for trigger in before.acting(event)]
        now = [trigger.place for trigger in after.acting(event)]
        if [place for place in then if place in now] != [place for place in now if place in then]:
            names = ", ".join(quoted(constraint) for _, constraint, _ in now)
            yield f"on {event} of {short(after.table)} its keys now act in another order: {names}"


def short(text: str) -> str:
    """A table's text without its schema where that is public."""
    return text.removeprefix("public.")


def _column(definition: TableDefinition, name: str) -> str:
    return f"{short(definition.table)}.{quoted(name)}"


def _constraint(constraint: ConstraintDefinition) -> str:
    return f"{quoted(constraint.name)} of {short(constraint.table)}"


def _dotted(name: ColumnsName) -> str:
    table = short(str(name.table))
    if len(name.columns) == 1:
        return f"{table}.{quoted(name.columns[0])}"
    return f"{table}({', '.join(quoted(column) for column in name.columns)})"
