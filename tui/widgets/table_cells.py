"""A table, its columns and indexes, as rows of line tables."""

from __future__ import annotations

from queries.catalog import Catalog, Index, Table
from queries.catalog import Column as TableColumn
from queries.definitions import TableDefinition
from queries.names import quoted
from tui import figures
from tui.glyphs import Glyphs
from tui.widgets.columns import Cell, Column, Look, Row

COLUMNS = (
    Column("column", flexible=True, cut="middle", least=10),
    Column("type", flexible=True, cut="end", least=8),
    Column("null"),
    Column("key", flexible=True, cut="middle", least=8),
    Column("default", flexible=True, least=7),
)
INDEXES = (
    Column("index", flexible=True, cut="middle", least=10),
    Column("columns", flexible=True, cut="middle", least=8),
    Column("kind"),
    Column("size", right=True),
    Column("state", flexible=True, least=9),
)


def shown_name(catalog: Catalog, table: Table) -> str:
    """The bare name where the search path finds it, as SQL would write it."""
    return quoted(table.name) if table.schema in catalog.search_path else table.text


def table_row(catalog: Catalog, table: Table, glyphs: Glyphs) -> Row:
    """A table in the list: name, rows, size, keys out and in."""
    out, into = len(catalog.keys_out.get(table.oid, ())), len(catalog.keys_in.get(table.oid, ()))
    return (
        shown_name(catalog, table),
        figures.about(table.estimate),
        figures.size(table.bytes),
        f"{glyphs.up}{out} {glyphs.down}{into}",
    )


def column_rows(
    catalog: Catalog, table: Table, definition: TableDefinition | None, glyphs: Glyphs
) -> list[Row]:
    """Columns in their order; lengths and defaults are there once the definition was read."""
    return [
        (
            column.name,
            _type(definition, column),
            "not null" if column.not_null else "",
            _column_key(catalog, table, column.name, glyphs),
            _default(definition, column.name),
        )
        for column in catalog.columns.get(table.oid, ())
    ]


def _type(definition: TableDefinition | None, column: TableColumn) -> str:
    """With its length where that is known; a type of the search path without its schema."""
    declared = definition.column(column.name) if definition else None
    if declared is None or declared.type.endswith(f".{column.type}"):
        return column.type
    return declared.type


def _default(definition: TableDefinition | None, name: str) -> Cell:
    column = definition.column(name) if definition else None
    if column is None:
        return ""
    if column.identity:
        return "identity"
    text = " ".join((column.default or "").split())
    return f"generated: {text}" if column.generated else text


def _column_key(catalog: Catalog, table: Table, name: str, glyphs: Glyphs) -> Cell:
    """``PK``, and where a key of this column leads."""
    parts = ["PK"] if name in _primary(catalog, table) else []
    for key in catalog.keys_out.get(table.oid, ()):
        if name in key.columns:
            parent = shown_name(catalog, catalog.tables[key.parent_oid])
            parts.append(f"{glyphs.to} {parent} {key.on_delete.letter}")
    return ", ".join(parts)


def _primary(catalog: Catalog, table: Table) -> set[str]:
    names = {column.number: column.name for column in catalog.columns.get(table.oid, ())}
    primary = next((index for index in catalog.indexes.get(table.oid, ()) if index.is_primary), None)
    return {names[number] for number in primary.column_numbers if number in names} if primary else set()


def index_rows(catalog: Catalog, table: Table, glyphs: Glyphs) -> list[Row]:
    """The primary key first, then by name."""
    names = {column.number: quoted(column.name) for column in catalog.columns.get(table.oid, ())}
    indexes = sorted(catalog.indexes.get(table.oid, ()), key=lambda index: (not index.is_primary, index.name))
    return [
        (
            index.name,
            _index_columns(index, names),
            "primary" if index.is_primary else "unique" if index.is_unique else index.method,
            figures.size(index.bytes),
            _index_state(index, glyphs),
        )
        for index in indexes
    ]


def _index_columns(index: Index, names: dict[int, str]) -> str:
    columns = [names.get(number, "(expression)") for number in index.column_numbers]
    searched, included = columns[: index.key_count], columns[index.key_count :]
    return ", ".join(searched) + (f" include ({', '.join(included)})" if included else "")


def _index_state(index: Index, glyphs: Glyphs) -> Cell:
    if not index.is_valid:
        return Look(f"{glyphs.wrong} not valid", "wrong")
    return f"where {index.predicate}" if index.predicate else ""
