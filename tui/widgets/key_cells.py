"""The keys of a table as rows of a line table: where they lead, their rule, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.catalog import Catalog
from queries.names import quoted
from queries.orphans import OrphanCount
from queries.usable_index import Cover, key_coverage
from tui import figures
from tui.glyphs import Glyphs
from tui.table_keys import TableKey
from tui.widgets.columns import Cell, Column, Look, Row
from tui.widgets.table_cells import shown_name

KEYS = (
    Column("key", flexible=True, cut="middle", least=16),
    Column("on delete"),
    Column("rows", right=True),
    Column("state", flexible=True, least=10),
    Column("constraint", optional=True),
)


def key_row(
    catalog: Catalog, key: TableKey, glyphs: Glyphs, *, count: OrphanCount | None = None, note: str = ""
) -> Row:
    """``↑ customer_id → customers.id`` for a key out, ``↓ orders.customer_id`` for a key in."""
    rule = key.key.on_delete if key.key else None
    return (
        _text(catalog, key, glyphs),
        Look(f"{rule.letter} {rule}", "strong") if rule else Look("(no key)", "wrong"),
        figures.about(catalog.tables[key.other].estimate),
        _state(catalog, key, glyphs, count, note),
        key.key.name if key.key else "",
    )


def _text(catalog: Catalog, key: TableKey, glyphs: Glyphs) -> str:
    own, theirs = _listed(key.columns), _listed(key.ref_columns)
    if key.out:
        return f"{glyphs.up} {own} {glyphs.to} {shown_name(catalog, catalog.tables[key.parent])}.{theirs}"
    return f"{glyphs.down} {shown_name(catalog, catalog.tables[key.child])}.{own}"


def _listed(columns: Sequence[str]) -> str:
    text = ", ".join(quoted(column) for column in columns)
    return text if len(columns) == 1 else f"({text})"


def _state(catalog: Catalog, key: TableKey, glyphs: Glyphs, count: OrphanCount | None, note: str) -> Cell:
    """What is wrong with a key, in words, worst first; where nothing is, what is known of its orphans."""
    wrong = [*_loose(count), *_unwanted(key), *_weak(catalog, key)]
    if wrong:
        return Look(f"{glyphs.wrong} {', '.join([*wrong, *([note] if note else [])])}", "wrong")
    if count is not None and count.is_clean:
        return Look("no orphans", "good")
    return Look(note, "faint")


def _loose(count: OrphanCount | None) -> Iterator[str]:
    if count is not None and count.orphans is None:
        yield "orphans can't be counted"
    elif count is not None and count.orphans:
        yield figures.counted(count.orphans, "orphan")


def _unwanted(key: TableKey) -> Iterator[str]:
    """The rule that the policy wants, where the key has another, or there is none."""
    if key.wanted is not None and (key.key is None or key.key.on_delete is not key.wanted.wanted.on_delete):
        yield f"wanted: {key.wanted.wanted.on_delete}"


def _weak(catalog: Catalog, key: TableKey) -> Iterator[str]:
    if key.key is None:
        return
    if not key.key.enforced:
        yield "not enforced"
    elif not key.key.actions_fire:
        yield "disabled"
    elif not key.key.checks_fire:
        yield "not checked"
    if not key.key.validated:
        yield "not validated"
    cover = key_coverage(catalog, key.key).cover
    if cover is not Cover.FULL:
        yield "index on a part" if cover is Cover.PART else "no index"
