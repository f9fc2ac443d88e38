"""A graph as a tree of text: parents above, what hangs on them below; a letter says what a delete does."""

from __future__ import annotations

from collections.abc import Iterator

from queries.graph import Edge, Graph
from queries.models import OnDelete
from tui.printable import printable

LEGEND = ", ".join(f"{rule.letter} {rule.value}" for rule in OnDelete)

_UNICODE = ("├─ ", "└─ ", "│  ")
_ASCII = ("|- ", "`- ", "|  ")


def tree(graph: Graph, *, ascii_only: bool = False) -> str:
    """Every table that has keys: its children are listed where it stands first, then it is only named."""
    drawn: set[int] = set()
    lines: list[str] = []
    for oid in _roots(graph):
        if oid not in drawn:
            lines += _branch(graph, oid, drawn, _ASCII if ascii_only else _UNICODE)
    return "\n".join(lines)


def marks(edge: Edge) -> str:
    """What is wrong with a key, in words: ``no index, not valid``."""
    key = edge.key
    words = {
        "not enforced": not key.enforced,
        "disabled": key.enforced and not (key.checks_fire and key.actions_fire),
        "not valid": key.enforced and not key.validated,
        "no index": not edge.has_index,
    }
    return ", ".join(word for word, is_so in words.items() if is_so)


def child_text(edge: Edge) -> str:
    """``public.orders(customer_id)``."""
    return edge.key.text.partition(" -> ")[0]


def _roots(graph: Graph) -> Iterator[int]:
    """Tables without a parent, then whatever is left: cycles that nothing leads into."""
    with_keys = {oid: None for edge in graph.edges for oid in (edge.parent, edge.child)}
    for oid in sorted(with_keys, key=lambda oid: graph.tables[oid].text):
        if all(edge.parent == oid for edge in graph.parents.get(oid, ())):
            yield oid
    yield from sorted(with_keys, key=lambda oid: graph.tables[oid].text)


def _branch(graph: Graph, root: int, drawn: set[int], signs: tuple[str, str, str]) -> Iterator[str]:
    """One table and all below it, without recursion: a chain may be as long as there are tables."""
    more, last, bar = signs
    yield printable(graph.tables[root].text)
    drawn.add(root)
    stack = [("", iter(_last_marked(graph, root)))]
    while stack:
        indent, edges = stack[-1]
        edge, is_last = next(edges, (None, False))
        if edge is None:
            stack.pop()
            continue
        goes_on = edge.child not in drawn and edge.child in graph.children
        yield indent + (last if is_last else more) + _line(graph, edge, seen=edge.child in drawn)
        drawn.add(edge.child)
        if goes_on:
            stack.append((indent + ("   " if is_last else bar), iter(_last_marked(graph, edge.child))))


def _last_marked(graph: Graph, oid: int) -> list[tuple[Edge | None, bool]]:
    edges = sorted(graph.children.get(oid, ()), key=lambda edge: edge.key.text)
    return [(edge, place == len(edges)) for place, edge in enumerate(edges, 1)]


def _line(graph: Graph, edge: Edge, *, seen: bool) -> str:
    notes = [marks(edge)]
    if edge.child == edge.parent:
        notes.append("to itself")
    elif seen and edge.child in graph.children:
        notes.append("see above")
    note = ", ".join(filter(None, notes))
    return f"{edge.on_delete.letter} {printable(child_text(edge))}" + (f"  [{note}]" if note else "")
