"""The query files of ``queries/sql``: their heads, and where code names them."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.source import ROOT, Module, calls, files, modules, place, strings

FOLDER = ROOT / "queries" / "sql"
LOADERS = {"query", "read", "pieces", "rows"}
_SINCE = re.compile(r"\(PostgreSQL (\d+)\b")


class SqlFile(NamedTuple):
    """A query file by the name that code gives it, and its text."""

    name: str
    text: str

    @property
    def head(self) -> list[str]:
        """Its first two lines: a sentence, and how to run it."""
        return self.text.splitlines()[:2]

    @property
    def run(self) -> list[str]:
        """The words of its ``run:`` line."""
        return shlex.split(self.head[1].removeprefix("-- run: "))

    @property
    def since(self) -> int:
        """The first major that takes it: a later one than 13 stands in its sentence, ``(PostgreSQL 14)``."""
        found = _SINCE.search(self.head[0])
        return int(found[1]) if found else 13


class Use(NamedTuple):
    """A call that names query files; ``names`` is empty where none of them can be told."""

    place: str
    names: set[str]


def sql_files() -> list[SqlFile]:
    """Every query file, in order of its name."""
    return [SqlFile(_name(path), path.read_text("utf-8")) for path in files("queries/sql", suffix=".sql")]


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def uses() -> Iterator[Use]:
    """Every place in the product where a query file is named."""
    for module in modules("tui", "queries"):
        for called, call in calls(module):
            if called.rsplit(".", 1)[-1] in LOADERS and module.path != "queries/load.py":
                arguments = [*call.args[:2], *(given.value for given in call.keywords if given.arg == "name")]
                yield from (
                    Use(place(module, call), _named(each, module)) for each in arguments if _is_text(each)
                )


def _is_text(argument: ast.expr) -> bool:
    """Whether the argument is a string or an f-string with a slash in it: a query's name."""
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and "/" in first.value


def _named(argument: ast.expr, module: Module) -> set[str]:
    """The files that a name stands for: ``f"catalog/{name}"`` is each string of its module that makes one."""
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    assert isinstance(argument, ast.JoinedStr)
    known = {file.name for file in sql_files()}
    pattern = re.compile("".join(_pattern(part) for part in argument.values))
    words = strings(module.tree)
    matches = [(name, pattern.fullmatch(name)) for name in known]
    return {name for name, match in matches if match and set(match.groups()) <= words}


def _pattern(part: ast.expr) -> str:
    """A constant part of an f-string as itself, any other as a group."""
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "([^/]+)"
