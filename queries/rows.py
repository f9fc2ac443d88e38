"""The rows of a table, read by key in pages: never OFFSET, so that page 1,000 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from psycopg import Connection, sql

from queries.catalog import Catalog, Column, Index, Table
from queries.load import rows

PAGE = 200
CUT = 300  # characters of a value that nobody needs whole

#: format_type of these without a length means a length of 1, and would cut what it casts.
_UNCUT = {"character": "pg_catalog.bpchar", "bit": 'pg_catalog."bit"', '"char"': 'pg_catalog."char"'}


class Way(Enum):
    """Which page is wanted, seen from ``start``."""

    FIRST = "first"
    FROM = "from"  # start and what follows
    AFTER = "after"
    BEFORE = "before"
    LAST = "last"


class Match(NamedTuple):
    """Only rows whose columns equal these values: texts of the given types, as the catalog names them."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """Which rows of a table; ``key`` is what ``order_key`` says."""

    table: Table
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    match: Match | None = None
    whole: frozenset[str] = frozenset()  # columns that must not be cut


@dataclass(frozen=True)
class Page:
    """Rows with every value as text, long ones cut, None for NULL; ``keys`` are those of the rows, uncut."""

    asked: Asked
    rows: tuple[tuple[str | None, ...], ...]
    keys: tuple[tuple[str, ...], ...]
    more_before: bool
    more_after: bool


def order_key(catalog: Catalog, table: Table) -> tuple[str, ...]:
    """The columns that order the rows without a tie: the primary key, or a unique index without NULLs."""
    columns = {column.number: column for column in catalog.columns.get(table.oid, ())}
    usable = [index for index in catalog.indexes.get(table.oid, ()) if _orders(index, columns)]
    best = min(usable, key=lambda index: (not index.is_primary, index.key_count, index.name), default=None)
    if best is None:
        return ()
    return tuple(columns[number].name for number in best.column_numbers[: best.key_count])


def _orders(index: Index, columns: dict[int, Column]) -> bool:
    """Whether no two rows are equal by its columns, compared as the columns themselves compare."""
    numbers = index.column_numbers[: index.key_count]
    if not (index.is_unique and index.is_valid and index.is_immediate and index.method == "btree"):
        return False
    if index.predicate is not None or not all(number in columns for number in numbers):
        return False
    own = tuple(columns[number].collation for number in numbers)
    return all(columns[number].not_null for number in numbers) and own == tuple(index.collations[: len(own)])


def page(
    connection: Connection[Any],
    asked: Asked,
    *,
    way: Way = Way.FIRST,
    start: Sequence[str] = (),
    size: int = PAGE,
) -> Page:
    """One page of rows; ``start`` is the key of a row (``Page.keys``). Without a key there is one page.

    A parent's own rows only, where other tables inherit from it: no key orders theirs.
    """
    if not asked.key:
        found = rows(connection, "rows/unordered", _tuple, _values(asked, (), size), **_parts(asked))
        return Page(asked, _shown(found[:size], asked), (), more_before=False, more_after=len(found) > size)
    backward = way in (Way.BEFORE, Way.LAST)
    parts = _parts(asked) | {
        "place": _place(asked.key, way),
        "sorting": _sorting(asked.key, backward=backward),
    }
    found = rows(connection, "rows/page", _tuple, _values(asked, start, size), **parts)
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if way is Way.FROM:
        more_before = bool(page(connection, asked, way=Way.BEFORE, start=start, size=1).rows)
    else:
        more_before = more if backward else way is Way.AFTER
    return Page(
        asked,
        _shown(found, asked),
        tuple(row[len(asked.columns) :] for row in found),
        more_before=more_before,
        more_after=way is Way.BEFORE if backward else more,
    )


def _tuple(*values: Any) -> tuple[Any, ...]:
    return values


def _shown(found: Sequence[tuple[Any, ...]], asked: Asked) -> tuple[tuple[str | None, ...], ...]:
    return tuple(row[: len(asked.columns)] for row in found)


def _values(asked: Asked, start: Sequence[str], size: int) -> dict[str, object]:
    """The bound values; one row more than the page tells whether there are more."""
    values: dict[str, object] = {"most": size + 1}
    values |= {f"start{at}": value for at, value in enumerate(start)}
    if asked.match:
        values |= {f"match{at}": value for at, value in enumerate(asked.match.values)}
    return values


def _parts(asked: Asked) -> dict[str, sql.Composable]:
    own = sql.SQL("only ") if asked.table.inherited else sql.SQL("")
    columns = [_value(column, whole=column.name in asked.whole) for column in asked.columns]
    columns += [sql.SQL("{}::pg_catalog.text").format(_column(name)) for name in asked.key]
    return {
        "columns": sql.SQL(",\n    ").join(columns) if columns else sql.SQL("null"),
        "table": own
        + sql.Identifier(*(name.replace("%", "%%") for name in (asked.table.schema, asked.table.name))),
        "match": _match(asked.match),
    }


def _column(name: str) -> sql.Composable:
    """An identifier in a query that has parameters: a percent sign in it is doubled."""
    return sql.Identifier("t", name.replace("%", "%%"))


def _value(column: Column, *, whole: bool) -> sql.Composable:
    """A value as text, cut on the server: nobody reads a megabyte in a cell."""
    if whole:
        return sql.SQL("{}::pg_catalog.text").format(_column(column.name))
    cut = "pg_catalog.left({}::pg_catalog.text, {})"
    if column.type == "bytea":
        cut = "pg_catalog.substr({}, 1, {})::pg_catalog.text"
    return sql.SQL(cut).format(_column(column.name), sql.Literal(CUT))


def _place(key: Sequence[str], way: Way) -> sql.Composable:
    """A row comparison, which one index scan answers; values take the type of their column."""
    if way in (Way.FIRST, Way.LAST):
        return sql.SQL("true")
    sign = {Way.FROM: sql.SQL(">="), Way.AFTER: sql.SQL(">"), Way.BEFORE: sql.SQL("<")}[way]
    columns = sql.SQL(", ").join(_column(name) for name in key)
    values = sql.SQL(", ").join(sql.Placeholder(f"start{at}") for at in range(len(key)))
    return sql.SQL("({}) {} ({})").format(columns, sign, values)


def _sorting(key: Collection[str], *, backward: bool) -> sql.Composable:
    direction = sql.SQL(" desc" if backward else "")
    return sql.SQL(", ").join(_column(name) + direction for name in key)


def _match(match: Match | None) -> sql.Composable:
    """Equality by the operator of the two types, as a key compares."""
    if match is None:
        return sql.SQL("true")
    each = [
        sql.SQL("{} = {}::").format(_column(name), sql.Placeholder(f"match{at}")) + _type(kind)
        for at, (name, kind) in enumerate(zip(match.columns, match.types, strict=True))
    ]
    return sql.SQL("(") + sql.SQL(" and ").join(each) + sql.SQL(")")


def _type(name: str) -> sql.Composable:
    """A type as the server's catalog wrote it (quoted and qualified where that is needed)."""
    return sql.SQL(_UNCUT.get(name, name).replace("%", "%%"))  # the server's own text, not a person's
