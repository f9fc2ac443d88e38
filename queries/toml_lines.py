"""The line of a TOML file on which a field stands: tomllib tells lines for broken syntax only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

Loc = tuple[int | str, ...]

_KEY = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_LINE = re.compile(
    rf"^[ \t]*(?:\[\[\s*(?P<array>{_KEYS})\s*\]\]|\[\s*(?P<table>{_KEYS})\s*\]|(?P<field>{_KEYS})\s*=)",
    re.MULTILINE,
)
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*''', re.DOTALL
)


def line_of(text: str, loc: Sequence[int | str]) -> int:
    """The line (from 1) of what pydantic names ``("foreign_key", 2, "on_delete")``.

    Where the field itself isn't written, the line of the table that it belongs in; 0 where that isn't
    there either. The tag that pydantic puts into the place of a union is passed over.
    """
    source = _without_long_strings(text)
    found: tuple[Loc, int] = ((), 0)
    for path, at in _places(source):
        if len(path) > len(found[0]) and path[0] == loc[0] and _is_within(path, loc):
            found = (path, at)
    path, at = found
    if not path:
        return 0
    if isinstance(loc[-1], int) and path[-1] == loc[-2]:
        at = _item(source, at, loc[-1])
    return source.count("\n", 0, at) + 1


def _places(source: str) -> Iterator[tuple[Loc, int]]:
    """Every table and every field as a path with its offset, in the order of the file."""
    count: dict[Loc, int] = {}
    table: Loc = ()
    for match in _LINE.finditer(source):
        if match["field"]:
            yield table + tuple(_names(match["field"])), match.start("field")
            continue
        table = ()
        for name in _names(match["array"] or match["table"]):
            table = (*table, name)
            if table in count and not (match["array"] and name == _names(match["array"])[-1]):
                table = (*table, count[table])
        if match["array"]:
            yield table, match.start()
            count[table] = count.get(table, -1) + 1
            table = (*table, count[table])
        yield table, match.start()


def _names(dotted: str) -> list[str]:
    return [part.strip("\"'") if part[0] in "\"'" else part for part in re.findall(_KEY, dotted)]


def _is_within(path: Loc, loc: Sequence[int | str]) -> bool:
    rest = iter(loc)
    return all(part in rest for part in path)


def _item(source: str, at: int, number: int) -> int:
    """Where the n-th string of the list behind ``at`` begins."""
    strings = (match for match in _TOKEN.finditer(source, source.index("=", at)) if match[0][0] != "#")
    return next((match.start() for match in islice(strings, number, None)), at)


def _without_long_strings(text: str) -> str:
    """The text with what stands in ``\"\"\"`` emptied, line for line: it may look like fields."""
    return _TOKEN.sub(_emptied, text)


def _emptied(match: re.Match[str]) -> str:
    quotes = match[0][:3]
    return quotes + "\n" * match[0].count("\n") + quotes if quotes in ('"""', "'''") else match[0]
