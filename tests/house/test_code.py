"""What the house style says of Python and a machine can see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.source import Module, calls, modules, place

Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
TYPED_TEXT = (
    "sql.SQL('(\\n' + text.replace('%', '%%') + '\\n)')"  # connection.expression, extended protocol only
)


def test_errors_are_caught_by_their_own_class() -> None:
    offenders = [
        place(module, node)
        for module in modules("tui", "queries", "tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and _is_too_wide(node)
    ]
    assert not offenders


def _is_too_wide(handler: ast.ExceptHandler) -> bool:
    """Whether it swallows what it can't know: ``Exception`` never, others unless they are raised again."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(each) if each else "BaseException" for each in caught}
    last = handler.body[-1]
    is_raised_again = isinstance(last, ast.Raise) and last.exc is None
    return "Exception" in names or ("BaseException" in names and not is_raised_again)


def test_no_string_formatting_ever_builds_sql() -> None:
    offenders = [
        f"{place(module, call)} {ast.unparse(call)[:80]}"
        for module in modules("tui", "queries")
        for name, call in calls(module)
        if name.rsplit(".", 1)[-1] in {"execute", "executemany", "stream", "copy", "SQL"}
        and any(_is_formatted(argument) for argument in call.args[:1])
        and ast.unparse(call) != TYPED_TEXT
    ]
    assert not offenders


def _is_formatted(argument: ast.expr) -> bool:
    """Whether it is text put together: an f-string, ``%``, ``+`` or ``"…".format``."""
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute):
        return argument.func.attr in {"format", "join"} and isinstance(argument.func.value, ast.Constant)
    if isinstance(argument, ast.BinOp):
        return any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (argument.left, argument.right))
    return isinstance(argument, ast.JoinedStr)


def test_every_public_thing_says_what_it_is() -> None:
    offenders = [
        f"{place(module, node)} {name}"
        for module in modules("tui", "queries")
        for name, node in _public(module)
        if ast.get_docstring(node) is None
    ]
    assert not offenders


def _public(module: Module) -> Iterator[tuple[str, ast.Module | Documented]]:
    """The module unless empty, its public classes and functions, and in ``queries`` public methods."""
    if module.tree.body:
        yield module.path, module.tree
    outer = [node for node in module.tree.body if isinstance(node, Documented) and node.name[0] != "_"]
    classes = [
        node for node in outer if isinstance(node, ast.ClassDef) and module.path.startswith("queries/")
    ]
    inner = [method for each in classes for method in each.body if isinstance(method, Documented)]
    for node in outer + [method for method in inner if method.name[0] != "_"]:
        yield node.name, node
