"""Plan files: ordered steps that people can read, review, commit and run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import tomlkit
from pydantic import Field, model_validator

from queries.catalog import Catalog
from queries.errors import UsageError
from queries.names import ColumnsName, TableName, columns_name, table_name
from queries.steps import AnyStep, RepairOrphans, Settings, Step
from queries.toml_file import Strict, parse_toml, read_toml


class Plan(Strict):
    """Steps in the order in which they run; ``fingerprint`` says what its tables were when it was made."""

    schema_version: Literal[1]
    name: str
    mode: Literal["transaction", "online"] = "transaction"
    search_path: tuple[str, ...] = ("public",)
    settings: Settings = Settings()
    fingerprint: dict[str, str] = Field(default_factory=dict)
    step: tuple[AnyStep, ...] = ()

    @model_validator(mode="after")
    def _has_unique_ids(self) -> Plan:
        seen: set[str] = set()
        for step in self.step:
            if step.id in seen:
                raise ValueError(f'Two steps have the id "{step.id}": it must be unique.')
            seen.add(step.id)
        return self


def plan(path: Path | str) -> Plan:
    """Read a plan file; raises BadFile with the line and what was expected there."""
    return read_toml(path, Plan)


def parsed_plan(text: str, *, path: Path | str = "plan") -> Plan:
    """A plan from its text, as the record keeps it."""
    return parse_toml(text, Plan, path=path)


def plan_text(made: Plan, *, comments: Mapping[str, str] | None = None) -> str:
    """The plan as TOML, ``comments`` by step id in it; reading it gives an equal plan."""
    document = tomlkit.document()
    values = made.model_dump(exclude_defaults=True, by_alias=True, mode="json", exclude={"step"})
    for field, value in values.items():
        document.add(field, tomlkit.item(value))
    steps = tomlkit.aot()
    for step in made.step:
        steps.append(_step_table(step, (comments or {}).get(step.id, "")))
    if made.step:
        document.add("step", steps)
    return tomlkit.dumps(document)


def _step_table(step: Step, comment: str) -> tomlkit.items.Table:
    table = tomlkit.table()
    values: dict[str, Any] = {"id": step.id, "kind": step.kind}
    values |= step.model_dump(exclude_defaults=True, by_alias=True, mode="json")
    for field, value in values.items():
        table.add(field, value)
    for line in comment.splitlines():
        table.add(tomlkit.comment(line))
    return table


def resolved(made: Plan, catalog: Catalog) -> Plan:
    """The plan with every table qualified; what is not there gets the search path's first schema."""
    steps = tuple(
        step.model_copy(update=dict(_qualified(step, catalog, made.search_path))) for step in made.step
    )
    return made.model_copy(update={"step": steps})


def undecided(made: Plan) -> tuple[str, ...]:
    """The keys whose orphans nobody has decided about."""
    return tuple(
        f"{step.child} -> {step.parent}"
        for step in made.step
        if isinstance(step, RepairOrphans) and step.by == "undecided"
    )


def _qualified(step: Step, catalog: Catalog, search_path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for field in ("table", "child", "parent"):
        text = getattr(step, field, None)
        if not text:
            continue
        if "(" in text and _is_columns(text):
            name = columns_name(text)
            yield field, str(ColumnsName(_in_schema(name.table, catalog, search_path), name.columns))
        else:
            yield field, str(_in_schema(table_name(text), catalog, search_path))
    tables = getattr(step, "tables", ())
    if tables:
        yield "tables", tuple(str(_in_schema(table_name(text), catalog, search_path)) for text in tables)


def _is_columns(text: str) -> bool:
    try:
        columns_name(text)
    except UsageError:
        return False
    return True


def _in_schema(name: TableName, catalog: Catalog, search_path: tuple[str, ...]) -> TableName:
    if name.schema:
        return name
    found = catalog.find(name, search_path)
    return TableName(found.schema if found else search_path[0], name.name)
