"""The policy: a file in which a team writes down the keys, indexes and names that it wants, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import tomlkit
from pydantic import AfterValidator, PositiveInt, model_validator

from queries.catalog import Catalog, ForeignKey
from queries.errors import BadFile, UsageError
from queries.masking import SENSITIVE
from queries.models import OnDelete, Repair
from queries.names import ColumnsName, KeyName, TableName, column_name, columns_name, table_name
from queries.toml_file import Strict, parse_toml, toml_text
from queries.toml_lines import line_of
from queries.usable_index import has_usable_index


def _columns(text: str) -> str:
    try:
        columns_name(text)
    except UsageError as error:
        raise ValueError(error.what) from error
    return text


def _column(text: str) -> str:
    try:
        column_name(text)
    except UsageError as error:
        raise ValueError(error.what) from error
    return text


def _name(text: str) -> str:
    try:
        schema, _ = table_name(text)
    except UsageError as error:
        raise ValueError(f"{text!r} is not a column's name as SQL writes it.") from error
    if schema:
        raise ValueError(f"{text!r}: a column is renamed within its table; write the new name alone.")
    return text


def _mute_key(text: str) -> str:
    check, _, subject = text.partition(" ")
    if not check or not subject:
        raise ValueError(f"{text!r} is not a finding's key, such as not-valid orders(customer_id) -> …")
    return text


ColumnsText = Annotated[str, AfterValidator(_columns)]
ColumnText = Annotated[str, AfterValidator(_column)]
NameText = Annotated[str, AfterValidator(_name)]


class WantedKey(Strict):
    """A key that should be there, or one rule for many children; another name is no difference."""

    child: ColumnsText | None = None
    children: tuple[ColumnsText, ...] = ()
    parent: ColumnsText
    on_delete: OnDelete
    name: str | None = None
    orphans: Repair | None = None
    if_missing: Literal["error", "skip"] = "error"
    index: bool = True
    why: str

    @model_validator(mode="after")
    def _is_whole(self) -> WantedKey:
        if (self.child is None) == (not self.children):
            raise ValueError('[[foreign_key]] needs "child" or "children": one of the two.')
        if self.name and len(self.children) > 1:
            raise ValueError("One name can't serve many children: leave it out or list them one by one.")
        for key in self.keys:
            if len(key.child.columns) != len(key.parent.columns):
                raise ValueError(f"{key}: both sides need the same number of columns.")
        return self

    @property
    def keys(self) -> tuple[KeyName, ...]:
        """One key a child, as the file writes it: bare names are not yet looked up."""
        parent = columns_name(self.parent)
        children = (self.child,) if self.child else self.children
        return tuple(KeyName(columns_name(child), parent) for child in children)


class WantedIndex(Strict):
    """An index that should be there; another name is no difference."""

    on: ColumnsText
    name: str | None = None
    why: str


class WantedRename(Strict):
    """A column that should have another name."""

    column: ColumnText
    to: NameText
    why: str

    @property
    def new_name(self) -> str:
        """The raw name of the column afterwards."""
        return table_name(self.to).name


class Mute(Strict):
    """A finding that a team knows of and leaves, up to and including a day."""

    key: Annotated[str, AfterValidator(_mute_key)]
    until: date | None = None
    by: str = ""
    why: str


class Patterns(Strict):
    """What a column's or table's name says about it, as shell patterns; a list replaces the built-in one."""

    tenant: str | None = None
    kept: tuple[str, ...] = ("*audit*", "*invoice*", "*ledger*", "*_transactions")
    sensitive: tuple[str, ...] = SENSITIVE


class Limits(Strict):
    """How far a cascade may go before it is worth a finding."""

    cascade_depth: PositiveInt = 5
    cascade_tables: PositiveInt = 40


class Policy(Strict):
    """What a team wants; tables and keys that it doesn't name are left alone."""

    schema_version: Literal[1]
    name: str
    search_path: tuple[str, ...] = ("public",)
    foreign_key: tuple[WantedKey, ...] = ()
    index: tuple[WantedIndex, ...] = ()
    rename: tuple[WantedRename, ...] = ()
    mute: tuple[Mute, ...] = ()
    patterns: Patterns = Patterns()
    limits: Limits = Limits()


#: Where no policy was given: nothing is wanted, nothing is muted.
NO_POLICY = Policy(schema_version=1, name="")


def policy(path: Path | str) -> Policy:
    """Read a policy file; raises BadFile with the line and what was expected there."""
    return parsed_policy(toml_text(path), path=path)


def parsed_policy(text: str, *, path: Path | str = "policy") -> Policy:
    """A policy from its text; ``path`` is what errors name."""
    read = parse_toml(text, Policy, path=path)
    for number, key in _contradictions(read):
        line = line_of(text, ("foreign_key", number, "child"))
        raise BadFile(path, line, f"{key} is already in this file: one key, one rule.")
    return read


def policy_text(wanted: Policy) -> str:
    """The policy as TOML; reading it gives an equal policy."""
    document = tomlkit.document()
    for field, value in wanted.model_dump(exclude_defaults=True).items():
        document.add(field, _item(value))
    return tomlkit.dumps(document)


def policy_of(catalog: Catalog, *, name: str) -> Policy:
    """What is there as a policy: every key with its rule, an index wanted only where there is one."""
    once: dict[object, ForeignKey] = {}
    for key in catalog.foreign_keys:
        # PERIOD has no words in a policy: such a key is left alone rather than told by halves.
        if not key.period:
            once.setdefault(key.identity, key)
    return Policy(
        schema_version=1,
        name=name,
        search_path=catalog.search_path or ("public",),
        foreign_key=tuple(_as_found(catalog, key, name) for key in once.values()),
    )


def _as_found(catalog: Catalog, key: ForeignKey, name: str) -> WantedKey:
    child, parent = catalog.tables[key.child_oid], catalog.tables[key.parent_oid]
    return WantedKey(
        child=str(ColumnsName(TableName(child.schema, child.name), key.columns)),
        parent=str(ColumnsName(TableName(parent.schema, parent.name), key.ref_columns)),
        on_delete=key.on_delete,
        name=key.name,
        index=has_usable_index(catalog, key),
        why=f"As found on {name}.",
    )


def _contradictions(read: Policy) -> Iterator[tuple[int, KeyName]]:
    seen: set[KeyName] = set()
    for number, wanted in enumerate(read.foreign_key):
        for key in wanted.keys:
            if key in seen:
                yield number, key
            seen.add(key)


def _item(value: object) -> tomlkit.items.Item:
    if isinstance(value, tuple) and value and isinstance(value[0], dict):
        array = tomlkit.aot()
        for row in value:
            array.append(_item(row))
        return array
    if isinstance(value, dict):
        table = tomlkit.table()
        for field, inner in value.items():
            table.add(field, _item(inner))
        return table
    return tomlkit.item(list(value) if isinstance(value, tuple) else value)
