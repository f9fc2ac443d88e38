"""Keys that a policy wants: missing, with another rule, not validated, or without their index."""

from __future__ import annotations

from collections.abc import Iterator

from queries.catalog import ForeignKey
from queries.default_names import key_name, slug
from queries.models import OnDelete, Repair
from queries.names import KeyName, quoted
from queries.not_null import drop_not_null, not_null_columns
from queries.policy import WantedKey
from queries.steps import AddKey, ChangeKey, RepairOrphans, Step, ValidateKey
from queries.usable_index import Cover, coverage
from queries.wishes.indexes import implied_index
from queries.wishes.missing import missing_tables
from queries.wishes.wish import Here, WantedHere, Wish, short


def key_wishes(here: Here) -> Iterator[Wish]:
    """What isn't met of every ``[[foreign_key]]``, child by child."""
    for wanted in here.policy.foreign_key:
        for name in wanted.keys:
            found = here.key(wanted, name)
            yield from _wishes(here, found) if found else _missing(here, wanted, name)


def _missing(here: Here, wanted: WantedKey, name: KeyName) -> Iterator[Wish]:
    skipped = wanted.if_missing == "skip"
    sides = (name.child, name.parent)
    return missing_tables(here, wanted, sides, needed_by=f"key {name}", is_skipped=skipped)


def _wishes(here: Here, key: WantedHere) -> Iterator[Wish]:
    declared = key.declared(here.catalog)
    if not declared:
        steps = (*_nullable(here, key), *_index(here, key, None), *_added(here, key))
        yield _wish("missing-foreign-key", key, f"No key says {key.name}.{_not_unique(here, key)}", steps)
        return
    wrong = [each for each in declared if each.on_delete is not key.wanted.on_delete]
    if wrong:
        yield _wrong(here, key, wrong)
    elif steps := _nullable(here, key):
        message = "Sets null in a column that is NOT NULL."
        yield _wish("set-null-on-not-null", key, message, steps, declared[0])
    if index := _index(here, key, declared[0]):
        yield _wish("key-without-index", key, "No index serves it.", index, declared[0])
    if key.wanted.orphans is not Repair.LEAVE:
        for each in declared:
            if each.enforced and not each.validated:
                steps = (*_repaired(key), _validated(key, each))
                yield _wish("not-valid", key, "It is not validated.", steps, each)


def _not_unique(here: Here, key: WantedHere) -> str:
    """What the server will say of a key to columns without a unique index."""
    names = {column.number: column.name for column in here.catalog.columns.get(key.parent.oid, ())}
    for index in here.catalog.indexes.get(key.parent.oid, ()):
        columns = {names.get(number) for number in index.column_numbers[: index.key_count]}
        whole = index.is_unique and index.is_valid and index.is_immediate and index.predicate is None
        if whole and columns == set(key.ref_columns):
            return ""
    return f" {key.name.parent} first needs to be a primary key or unique."


def _wrong(here: Here, key: WantedHere, wrong: list[ForeignKey]) -> Wish:
    changed = (
        ChangeKey(
            id=slug(short(key.child), each.name, "rule"),
            table=each.child,
            name=each.name,
            parent=each.parent,
            on_delete=key.wanted.on_delete,
            why=key.wanted.why,
        )
        for each in wrong
    )
    message = f"{quoted(wrong[0].name)} is on delete {wrong[0].on_delete}, wanted is {key.wanted.on_delete}."
    return _wish("wrong-on-delete", key, message, (*_nullable(here, key), *changed), wrong[0])


def _wish(
    check: str, key: WantedHere, message: str, steps: tuple[Step, ...], declared: ForeignKey | None = None
) -> Wish:
    return Wish(
        check,
        declared.text if declared else str(key.name),
        key.child.text,
        key.columns,
        message,
        key.wanted,
        steps,
        key.name,
        declared.name if declared else None,
    )


def _nullable(here: Here, key: WantedHere) -> tuple[Step, ...]:
    if key.wanted.on_delete is not OnDelete.SET_NULL:
        return ()
    declared = next((each for each in key.declared(here.catalog) if each.set_columns), None)
    columns = declared.set_columns if declared else key.columns
    return drop_not_null(here.catalog, key.child, not_null_columns(here.catalog, key.child, columns))


def _index(here: Here, key: WantedHere, declared: ForeignKey | None) -> tuple[Step, ...]:
    if not key.wanted.index or (declared and declared.period):
        return ()
    columns, operators = (declared.columns, declared.operators) if declared else (key.columns, ())
    if coverage(here.catalog, key.child, columns, operators=operators).cover is Cover.FULL:
        return ()
    why = f"So that the rows of {short(key.child)} that belong to one of {short(key.parent)} are found."
    return (implied_index(here, key.child, key.columns, why=why),)


def _added(here: Here, key: WantedHere) -> tuple[Step, ...]:
    """A key over orphans that are left can't be validated, so it isn't tried."""
    child, parent = str(key.name.child), str(key.name.parent)
    step = AddKey(
        id=slug(short(key.child), *key.columns, key.parent.name, "key"),
        child=child,
        parent=parent,
        on_delete=key.wanted.on_delete,
        name=key.wanted.name or key_name(here.catalog, key.child, key.columns),
        not_valid=key.wanted.orphans is Repair.LEAVE,
        why=key.wanted.why,
    )
    return (*_repaired(key), step)


def _repaired(key: WantedHere) -> tuple[Step, ...]:
    """Only what the policy decides; whether there are orphans at all is for those who can count them."""
    if key.wanted.orphans in (None, Repair.LEAVE):
        return ()
    return (
        RepairOrphans(
            id=slug(short(key.child), *key.columns, key.parent.name, "orphans"),
            child=str(key.name.child),
            parent=str(key.name.parent),
            by=key.wanted.orphans,
            why=key.wanted.why,
        ),
    )


def _validated(key: WantedHere, declared: ForeignKey) -> Step:
    return ValidateKey(
        id=slug(short(key.child), declared.name, "valid"),
        table=declared.child,
        name=declared.name,
        parent=declared.parent,
        why=key.wanted.why,
    )
