"""``pgtether graph``: what hangs on what."""

from __future__ import annotations

import sys
from typing import Any

import click

from queries.catalog import Table, catalog
from queries.graph import Edge, Graph
from queries.graph import graph as graph_of
from queries.names import column_list
from queries.resolve import resolved
from tui.connecting import reading_from
from tui.drawing.dot import dot
from tui.drawing.mermaid import mermaid
from tui.drawing.tree import LEGEND, child_text, marks, tree
from tui.figures import counted
from tui.options import Target, connection_options, csv_option, json_option
from tui.output import narrate, print_csv, print_document, print_json, print_text, table_text

COLUMNS = (
    "constraint", "table", "columns", "ref_table", "ref_columns", "on_delete", "on_update", "match",
    "validated", "enforced", "disabled", "deferrable", "deferred", "indexed",
)  # fmt: skip
_HEADER = ("child", "parent", "on delete", "constraint", "")


@click.command("graph")
@click.argument("table", required=False)
@click.option(
    "--hops", type=click.IntRange(1, 100), default=1, show_default=True, help="How far around TABLE."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "dot", "json"]), help="text unless said."
)
@json_option
@csv_option
@connection_options
def command(target: Target, table: str | None, hops: int, form: str | None, shape: str | None) -> int:
    """Print which tables hang on which, or what hangs on TABLE.

    As a tree and a list of keys, parents above; or for Mermaid, Graphviz, or a program.
    """
    with reading_from(target) as connection:
        found = catalog(connection)
        centre = resolved(connection, table, catalog=found) if table is not None else None
    graph = graph_of(found)
    if centre is not None:
        graph = _around(graph, centre, hops)
    _print(graph, shape or form or "text")
    return 0


def _around(graph: Graph, centre: Table, hops: int) -> Graph:
    near = graph.neighbours(centre, hops=hops)
    left_out = counted(len(graph.edges) - len(near.edges), "key")
    narrate(f"Within {counted(hops, 'key')} of {centre.text}; {left_out} not shown (--hops shows more).")
    return near


def _print(graph: Graph, shape: str) -> None:
    if shape == "json":
        print_json(_document(graph))
    elif shape == "csv":
        print_csv(COLUMNS, map(_csv_row, graph.edges))
    elif shape in ("mermaid", "dot"):
        print_document((mermaid if shape == "mermaid" else dot)(graph))
    else:
        _print_text(graph)


def _print_text(graph: Graph) -> None:
    encoding = (sys.stdout.encoding or "").lower()
    drawn = tree(graph, ascii_only=not encoding.startswith("utf"))
    print_text(
        f"{drawn}\n\n{table_text(_HEADER, map(_row, graph.edges))}" if graph.edges else "No foreign keys."
    )
    for cycle in graph.cycles():
        narrate("A cycle: " + ", ".join(table.text for table in cycle))
    narrate(
        f"{counted(len(graph.tables), 'table')}, {counted(len(graph.edges), 'key')}. On delete: {LEGEND}."
    )


def _row(edge: Edge) -> tuple[str, ...]:
    parent = edge.key.text.partition(" -> ")[2]
    return (child_text(edge), parent, edge.on_delete.value, edge.key.name, marks(edge))


def _document(graph: Graph) -> dict[str, Any]:
    return {
        "tables": [table.text for table in graph.tables.values()],
        "foreign_keys": [_described(edge) for edge in graph.edges],
        "cycles": [[table.text for table in cycle] for cycle in graph.cycles()],
    }


def _csv_row(edge: Edge) -> list[object]:
    """Columns as SQL lists them: a plain name may hold a comma."""
    lists = {"columns": column_list(edge.key.columns), "ref_columns": column_list(edge.key.ref_columns)}
    return [*(_described(edge) | lists).values()]


def _described(edge: Edge) -> dict[str, Any]:
    key = edge.key
    return {
        "constraint": key.name,
        "table": key.child,
        "columns": key.columns,
        "ref_table": key.parent,
        "ref_columns": key.ref_columns,
        "on_delete": key.on_delete.value,
        "on_update": key.on_update.value,
        "match": "full" if key.match_full else "simple",
        "validated": key.validated,
        "enforced": key.enforced,
        "disabled": key.enforced and not (key.checks_fire and key.actions_fire),
        "deferrable": key.deferrable,
        "deferred": key.deferred,
        "indexed": edge.has_index,
    }
