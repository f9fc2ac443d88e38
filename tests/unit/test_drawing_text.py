"""A graph as text: tree, Mermaid, Graphviz."""

from __future__ import annotations

import pytest

from queries.catalog import Catalog, Column, ForeignKey, Table
from queries.graph import Graph, graph
from queries.models import OnDelete
from tui.drawing.dot import dot
from tui.drawing.mermaid import mermaid
from tui.drawing.tree import LEGEND, tree


def drawn(*keys: tuple[int, int, OnDelete], names: dict[int, str] | None = None) -> Graph:
    """A graph of keys (child, parent, rule) between tables that are named by their number."""
    named = names or {}
    oids = sorted({oid for child, parent, _ in keys for oid in (child, parent)})
    tables = {
        oid: Table(oid, "public", named.get(oid, f"t{oid}"), "r", 0, 0.0, 0, 0, 0, True, False, False)
        for oid in oids
    }
    columns: dict[int, tuple[Column, ...]] = {
        oid: (Column(oid, 1, "id", "integer", True, False, "", "", 0),) for oid in oids
    }
    foreign_keys = tuple(
        _key(place, tables[child], tables[parent], rule) for place, (child, parent, rule) in enumerate(keys)
    )
    return graph(Catalog(tables, columns, foreign_keys, {}))


def _key(oid: int, child: Table, parent: Table, rule: OnDelete) -> ForeignKey:
    return ForeignKey(
        oid, f"k{oid}", child.oid, child.text, ("id",), parent.oid, parent.text, ("id",),
        rule, OnDelete.NO_ACTION, False, False, False, True, True, False, (), (), 0, True, True,
        f"{child.text}(id) -> {parent.text}(id)",
    )  # fmt: skip


def test_children_stand_below_their_parents_with_the_letter_of_their_rule() -> None:
    found = drawn((2, 1, OnDelete.CASCADE), (3, 2, OnDelete.SET_NULL), (4, 1, OnDelete.RESTRICT))
    assert tree(found).splitlines() == [
        "public.t1",
        "├─ C public.t2(id)  [no index]",
        "│  └─ N public.t3(id)  [no index]",
        "└─ R public.t4(id)  [no index]",
    ]


def test_a_table_below_two_parents_is_spread_out_once() -> None:
    found = drawn((3, 1, OnDelete.CASCADE), (3, 2, OnDelete.CASCADE), (4, 3, OnDelete.CASCADE))
    text = tree(found)
    assert text.count("public.t4") == 1
    assert "C public.t3(id)  [no index, see above]" in text


def test_a_cycle_and_a_key_to_itself_end() -> None:
    found = drawn((1, 2, OnDelete.CASCADE), (2, 1, OnDelete.CASCADE), (3, 3, OnDelete.SET_NULL))
    text = tree(found)
    assert "N public.t3(id)  [no index, to itself]" in text
    assert len(text.splitlines()) == 5


def test_a_chain_of_5000_tables_is_drawn() -> None:
    found = drawn(*((place + 1, place, OnDelete.CASCADE) for place in range(1, 5000)))
    assert len(tree(found).splitlines()) == 5000


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    text = tree(drawn((2, 1, OnDelete.CASCADE), (3, 1, OnDelete.CASCADE)), ascii_only=True)
    assert text.isascii()
    assert "`- C public.t3(id)" in text


def test_the_legend_names_every_rule() -> None:
    assert LEGEND == "C cascade, N set null, D set default, R restrict, A no action"


@pytest.mark.parametrize("name", ['a"b', "a\nb", "a|b", "a]b", "a<b>&c", "a`b", "a\\b", "a#b;c"])
def test_no_name_breaks_out_of_its_box(name: str) -> None:
    found = drawn((2, 1, OnDelete.CASCADE), names={1: name})
    assert len(mermaid(found).splitlines()) == 4
    assert len(dot(found).splitlines()) == 7
    box = mermaid(found).splitlines()[1].partition('["')[2].removesuffix('"]')
    assert not set('"|]<>&`\\') & set(box)
    assert dot(found).splitlines()[3].replace("\\\\", "").replace('\\"', "").count('"') == 2
