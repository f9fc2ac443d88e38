"""Files that can be read at one sitting, functions that fit a screen, names that say something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.source import ROOT, Module, files, functions, modules, place

FILE_LINES, FUNCTION_LINES = 300, 40
EMPTY_NAME = re.compile(
    r"(^|_)(mgr|utils?|helpers?)(_|$)|(^|_)process_|[a-z](Mgr|Utils?|Helpers?)$|^Helper|^Util"
)


def test_no_file_is_longer_than_it_may_be() -> None:
    found = [path for suffix in (".py", ".tcss", ".sql") for path in files("tui", "queries", suffix=suffix)]
    code = [path for path in found + files("tests", suffix=".py") if "systems" not in path.parts]
    sizes = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in code}
    assert not {path: size for path, size in sizes.items() if size > FILE_LINES}


def test_no_function_is_longer_than_it_may_be() -> None:
    sizes = {
        f"{place(module, function)} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules("tui", "queries", "tests")
        for function in functions(module)
    }
    assert not {name: size for name, size in sizes.items() if size > FUNCTION_LINES}


def test_no_name_says_nothing() -> None:
    offenders = [
        f"{place(module, node)} {name}"
        for module in modules("tui", "queries", "tests")
        for name, node in _names(module)
        if EMPTY_NAME.search(name)
    ]
    assert not offenders


def _names(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """The names that the module gives: to itself, to classes, functions and variables."""
    yield module.path.rsplit("/", 1)[-1].removesuffix(".py"), module.tree
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node
        elif isinstance(node, ast.arg):
            yield node.arg, node
