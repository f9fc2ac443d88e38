"""A graph in Graphviz's language: bold lines cascade, dashed set null, thin the rest."""

from __future__ import annotations

from queries.graph import Edge, Graph
from queries.models import OnDelete
from queries.names import column_list

_STYLES = {OnDelete.CASCADE: "bold", OnDelete.SET_NULL: "dashed"}


def dot(graph: Graph) -> str:
    """Parents left, children right, as a delete goes."""
    nodes = [f"    {_quoted(table.text)};" for table in graph.tables.values()]
    edges = [_edge(graph, edge) for edge in graph.edges]
    return "\n".join(["digraph pgtether {", "    rankdir=LR;", "    node [shape=box];", *nodes, *edges, "}"])


def _edge(graph: Graph, edge: Edge) -> str:
    parent, child = (_quoted(graph.tables[oid].text) for oid in (edge.parent, edge.child))
    label = _quoted(f"{edge.on_delete.letter} {column_list(edge.key.columns)}")
    return f"    {parent} -> {child} [label={label}, style={_STYLES.get(edge.on_delete, 'solid')}];"


def _quoted(text: str) -> str:
    """In quotes only a quote and a backslash mean something; a line break in a name is shown."""
    shown = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + shown.replace("\r", "\\r").replace("\n", "\\n") + '"'
