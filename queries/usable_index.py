"""Whether an index serves the lookup of a foreign key: child rows by the values of one parent row.

The rules were tried against the server's costs with a generic plan: a plan that names an index may still
read all of it, as ``(z, a)`` does for a key on ``a``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from queries.catalog import Catalog, ForeignKey, Index, Table
from queries.names import quoted

#: Methods that find single values without reading the whole index; btree_gist and btree_gin are what make
#: GiST and GIN such for plain types, and a key's operator is in none of their other classes.
_LOOKUP_METHODS = {"btree", "hash", "gist", "spgist", "gin"}
#: Those whose every operator class can look up its own type, so that nothing need be known of the key.
_PLAIN_METHODS = {"btree", "hash"}


class Cover(IntEnum):
    """How much of the lookup an index does."""

    NONE = 0
    PART = 1  # it finds the rows by some of the columns and filters by the others
    FULL = 2


@dataclass(frozen=True)
class Coverage:
    """The best index for a lookup; where that isn't FULL, ``why`` says what it lacks, if one is near."""

    cover: Cover
    index: Index | None = None
    why: str = ""


class _Sought(NamedTuple):
    name: str
    number: int
    collation: int
    operator: int  # 0: not known


def has_usable_index(catalog: Catalog, key: ForeignKey) -> bool:
    """Whether a delete of a parent row finds the child's rows without reading the table."""
    return key_coverage(catalog, key).cover is Cover.FULL


def key_coverage(catalog: Catalog, key: ForeignKey) -> Coverage:
    """The best index for a declared key; the key's own operators decide, as for the server."""
    return coverage(catalog, catalog.tables[key.child_oid], key.columns, operators=key.operators)


def coverage(
    catalog: Catalog, table: Table, columns: Sequence[str], *, operators: Sequence[int] = ()
) -> Coverage:
    """The best index of a table for a lookup by columns in any order.

    A partitioned table is served by an index of its own or by one of every leaf's.
    """
    own = _best(catalog, table, columns, operators)
    if own.cover is Cover.FULL or table.kind != "p":
        return own
    leaves = [_best(catalog, leaf, columns, operators) for leaf in catalog.leaves(table)]
    return max(own, min(leaves, key=_cover), key=_cover) if leaves else own


def leads(index: Index, numbers: Sequence[int]) -> bool:
    """Whether a valid, whole B-tree begins with these columns in this order, as a wanted index does."""
    begins = index.column_numbers[: min(len(numbers), index.key_count)] == tuple(numbers)
    return index.is_valid and index.method == "btree" and index.predicate is None and begins


def _cover(each: Coverage) -> Cover:
    return each.cover


def _best(catalog: Catalog, table: Table, columns: Sequence[str], operators: Sequence[int]) -> Coverage:
    sought = list(_sought(catalog, table, columns, operators))
    judged = [_judged(catalog, index, sought) for index in catalog.indexes.get(table.oid, ())]
    near = [each for each in judged if each.cover or each.why]
    return max(near, key=_cover, default=Coverage(Cover.NONE))


def _sought(
    catalog: Catalog, table: Table, columns: Sequence[str], operators: Sequence[int]
) -> Iterator[_Sought]:
    for place, name in enumerate(columns):
        column = catalog.column(table, name)
        if column is not None:
            operator = operators[place] if place < len(operators) else 0
            yield _Sought(name, column.number, column.collation, operator)


def _judged(catalog: Catalog, index: Index, sought: Sequence[_Sought]) -> Coverage:
    touched = [each for each in sought if each.number in index.column_numbers]
    if not touched:
        return Coverage(Cover.NONE, index)
    if lack := _lack(index, sought):
        return Coverage(Cover.NONE, index, lack)
    found = list(_searched_by(catalog, index, sought))
    if len(found) == len(sought):
        return Coverage(Cover.FULL, index)
    if found:
        return Coverage(Cover.PART, index, f"finds rows by {_listed(found)} alone")
    return Coverage(Cover.NONE, index, _mismatch(index, touched))


def _lack(index: Index, sought: Sequence[_Sought]) -> str:
    """What keeps the whole index from serving, whichever columns it has."""
    if not index.is_valid:
        return "is not valid"
    if index.method not in _LOOKUP_METHODS:
        return f"is of the kind {index.method}, which does not find single rows"
    if index.predicate is not None and not _holds_every_key(index.predicate, sought):
        return f"holds only rows where {index.predicate}"
    return ""


def _searched_by(catalog: Catalog, index: Index, sought: Sequence[_Sought]) -> Iterator[_Sought]:
    """The sought columns that the index begins with; what follows a column of others is only filtered."""
    for place in range(index.key_count):
        found = next((each for each in sought if _matches(catalog, index, place, each)), None)
        if found is None:
            return
        yield found


def _matches(catalog: Catalog, index: Index, place: int, column: _Sought) -> bool:
    return (
        index.column_numbers[place] == column.number
        and index.collations[place] == column.collation
        and _looks_up(catalog, index, place, column.operator)
    )


def _looks_up(catalog: Catalog, index: Index, place: int, operator: int) -> bool:
    """A key from int to numeric compares as numeric: an index on the int column can't serve it."""
    if not operator or not catalog.operators:
        return index.method in _PLAIN_METHODS
    return operator in catalog.operators.get(index.classes[place], ())


def _mismatch(index: Index, touched: Sequence[_Sought]) -> str:
    first = next((each for each in touched if each.number == index.column_numbers[0]), None)
    if first is None:
        return "does not begin with " + _listed(touched)
    if index.collations[0] != first.collation:
        return f"sorts {quoted(first.name)} by another collation"
    return f"compares {quoted(first.name)} by other operators than the key"


def _holds_every_key(predicate: str, sought: Sequence[_Sought]) -> bool:
    """Whether the predicate only leaves out rows that a lookup by values never finds: those with nulls."""
    allowed = {f"({name} IS NOT NULL)" for each in sought for name in (each.name, quoted(each.name))}
    inner = predicate[1:-1] if predicate.startswith("((") else predicate
    return all(part in allowed for part in inner.split(" AND "))


def _listed(columns: Iterable[_Sought]) -> str:
    return ", ".join(quoted(each.name) for each in columns)
