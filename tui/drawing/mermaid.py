"""A graph as a Mermaid flowchart, for documents: thick lines cascade, dotted set null, thin the rest."""

from __future__ import annotations

from queries.graph import Edge, Graph
from queries.models import OnDelete
from queries.names import column_list

_ARROWS = {OnDelete.CASCADE: "==>", OnDelete.SET_NULL: "-.->"}


def mermaid(graph: Graph) -> str:
    """Parents left, children right, as a delete goes."""
    names = {oid: f"t{place}" for place, oid in enumerate(graph.tables, 1)}
    nodes = [f'    {names[oid]}["{_escaped(table.text)}"]' for oid, table in graph.tables.items()]
    edges = [
        f'    {names[edge.parent]} {_ARROWS.get(edge.on_delete, "-->")}|"{_label(edge)}"| {names[edge.child]}'
        for edge in graph.edges
    ]
    return "\n".join(["flowchart LR", *nodes, *edges])


def _label(edge: Edge) -> str:
    return _escaped(f"{edge.on_delete.letter} {column_list(edge.key.columns)}")


def _escaped(text: str) -> str:
    """Letters, digits and plain signs as they are, what Mermaid could read as its own by its code."""
    return "".join(sign if sign.isalnum() or sign in " ._,$()" else f"#{ord(sign)};" for sign in text)
