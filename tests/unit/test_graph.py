"""The graph of tables and keys: cycles, paths, neighbours, and what a delete can reach."""

from __future__ import annotations

import random

from queries.catalog import Catalog, ForeignKey, Table
from queries.components import components
from queries.graph import Graph, graph
from queries.models import OnDelete
from queries.reach import reach

C, N, A = OnDelete.CASCADE, OnDelete.SET_NULL, OnDelete.NO_ACTION


def table(oid: int, name: str, *, kind: str = "r", part_of: int = 0) -> Table:
    return Table(oid, "public", name, kind, part_of, 0.0, 0, 0, 0, True, False, False)


def key(oid: int, child: Table, parent: Table, on_delete: OnDelete, *, fires: bool = True) -> ForeignKey:
    return ForeignKey(
        oid, f"k{oid}", child.oid, child.text, (f"c{oid}",), parent.oid, parent.text, ("id",), on_delete, A,
        False, False, False, True, True, False, (), (), 0, True, fires, f"{child.text} -> {parent.text}",
    )  # fmt: skip


def made(text: str, *, leaves: dict[str, str] | None = None) -> Graph:
    """``"b C a, c N a"``: b refers to a and cascades, c sets null; ``leaves`` names roots by leaf."""
    rules = {"C": C, "N": N, "A": A}
    keys = [each.split() for each in text.split(", ")]
    names = sorted({name for child, _, parent in keys for name in (child, parent)} | set(leaves or {}))
    oids = {name: number for number, name in enumerate(names, 1)}
    tables = {
        name: table(
            oids[name],
            name,
            kind="p" if name in (leaves or {}).values() else "r",
            part_of=oids[leaves[name]] if leaves and name in leaves else 0,
        )
        for name in names
    }
    foreign_keys = tuple(
        key(100 + number, tables[child], tables[parent], rules[rule[0]], fires=not rule.endswith("-"))
        for number, (child, rule, parent) in enumerate(keys)
    )
    return graph(Catalog({each.oid: each for each in tables.values()}, {}, foreign_keys, {}))


def node(of: Graph, name: str) -> Table:
    return next(each for each in of.tables.values() if each.name == name)


def names(tables: tuple[Table, ...]) -> str:
    return " ".join(each.name for each in tables)


def test_a_cycle_is_reported_once() -> None:
    found = made("a C b, b C c, c N a, d C a")
    assert [names(cycle) for cycle in found.cycles()] == ["a b c"]
    assert found.cascade_cycles() == ()


def test_a_cycle_of_cascades_is_told_apart() -> None:
    found = made("a C b, b C a, c N d, d N c")
    assert [names(cycle) for cycle in found.cycles()] == ["a b", "c d"]
    assert [names(cycle) for cycle in found.cascade_cycles()] == ["a b"]


def test_a_self_reference_is_no_cycle_of_tables() -> None:
    found = made("a C a, b C a")
    assert found.cycles() == ()
    assert [edge.key.name for edge in found.self_references] == ["k100"]


def test_a_key_from_a_partition_to_its_own_root_is_a_self_reference() -> None:
    found = made("leaf C root", leaves={"leaf": "root"})
    assert found.cycles() == ()
    assert len(found.self_references) == 1


def test_several_keys_between_a_pair_are_told_together() -> None:
    found = made("a C b, a N b, b C c")
    assert [[edge.key.name for edge in pair] for pair in found.parallel] == [["k100", "k101"]]


def test_neighbours_are_found_in_both_directions_and_no_further_than_asked() -> None:
    found = made("a C b, b C c, c C d, d C e")
    assert names(tuple(found.neighbours(node(found, "c"), hops=1).tables.values())) == "b c d"
    assert names(tuple(found.neighbours(node(found, "c"), hops=2).tables.values())) == "a b c d e"
    assert len(found.neighbours(node(found, "c"), hops=1).edges) == 2


def test_paths_lead_up_shortest_first_and_visit_no_table_twice() -> None:
    found = made("a C b, b C a, b C d, a C c, c C d, a C d")
    paths = [[edge.key.name for edge in path] for path in found.paths(node(found, "a"), node(found, "d"))]
    assert paths == [["k105"], ["k100", "k102"], ["k103", "k104"]]
    assert not list(found.paths(node(found, "d"), node(found, "a")))


def test_a_path_from_a_table_to_itself_goes_once_around() -> None:
    found = made("a C b, b C c, c C a, a N a")
    around = [len(path) for path in found.paths(node(found, "a"), node(found, "a"))]
    assert around == [1, 3]


def test_a_delete_reaches_what_cascades_and_stops_where_a_key_does_not() -> None:
    found = made("b C a, c C b, d N b, e A c, f C d, a C a")
    result = reach(found, node(found, "a"))
    assert {found.tables[oid].name: depth for oid, depth in result.deleted.items()} == {
        "a": 0,
        "b": 1,
        "c": 2,
    }
    assert [edge.key.name for edge in result.changed] == ["k102"]
    assert [edge.key.name for edge in result.blocks] == ["k103"]
    assert result.depth == 2


def test_a_key_that_is_switched_off_carries_nothing_and_is_named() -> None:
    found = made("b C- a, c C b")
    result = reach(found, node(found, "a"))
    assert len(result.deleted) == 1
    assert [edge.key.name for edge in result.silent] == ["k100"]


def test_a_delete_from_a_root_reaches_through_keys_to_its_partitions_and_back() -> None:
    found = made("x C leaf, y C root", leaves={"leaf": "root", "other": "root"})
    from_root = reach(found, node(found, "root"))
    from_leaf = reach(found, node(found, "leaf"))
    assert {found.tables[oid].name for oid in from_root.deleted} == {"root", "leaf", "x", "y"}
    assert {found.tables[oid].name for oid in from_leaf.deleted} == {"root", "leaf", "x", "y"}
    assert "other" not in {each.name for each in found.tables.values()}


def test_ten_thousand_tables_in_a_row_or_a_ring_need_no_recursion() -> None:
    row = {number: [number + 1] for number in range(10_000)}
    assert max(len(part) for part in components(row)) == 1
    assert [len(part) for part in components({**row, 10_000: [0]})] == [10_001]


def test_components_are_what_reaches_each_other() -> None:
    dice = random.Random(7)
    for _ in range(50):
        nodes = range(12)
        edges = {node: [dice.randrange(12) for _ in range(dice.randrange(3))] for node in nodes}
        reached = {node: _reached(edges, node) for node in nodes}
        wanted = {frozenset(b for b in nodes if b in reached[a] and a in reached[b]) | {a} for a in nodes}
        assert set(components(edges)) == wanted


def _reached(edges: dict[int, list[int]], start: int) -> set[int]:
    found: set[int] = set()
    rim = [start]
    while rim:
        rim = [other for node in rim for other in edges[node] if other not in found]
        found.update(rim)
    return found
