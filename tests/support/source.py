"""The product's own source as syntax trees, for the tests of the house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """One Python file: its path under the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file of the folders, in order of their paths."""
    return tuple(_module(path) for path in files(*folders, suffix=".py"))


def files(*folders: str, suffix: str) -> list[Path]:
    """Every file of the folders with that suffix, in order."""
    found = [path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}")]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def _module(path: Path) -> Module:
    text = path.read_text("utf-8")
    return Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text, str(path)))


def functions(module: Module) -> Iterator[Function]:
    """Every function of the module, methods and nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def place(module: Module, node: ast.AST) -> str:
    """Where a thing stands, as an editor understands it: ``queries/names.py:12``."""
    return f"{module.path}:{getattr(node, 'lineno', 1)}"


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the dotted name of what is called: ``psycopg.connect``, ``self.pool.close``."""
    return ((ast.unparse(node.func), node) for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def strings(tree: ast.AST) -> set[str]:
    """Every string that stands in the tree as a constant, and every name that is defined in it."""
    nodes = list(ast.walk(tree))
    constants = {
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return constants | {node.target.id for node in nodes if _is_field(node)}  # type: ignore[attr-defined]


def _is_field(node: ast.AST) -> bool:
    """Whether it declares the field of a class: ``tables: tuple[Table, …]``."""
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
