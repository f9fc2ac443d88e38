"""The constants in the text of a constraint: what a value that it lets in is likely to be near to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

_STRING = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_TIMES = re.compile(r"\{(\d+)[,}]")  # how often, in a regular expression: the length of a code
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def constants(expressions: Iterable[str]) -> tuple[str, ...]:
    """The literals in their order, once each, the elements of array literals apart."""
    return tuple(dict.fromkeys(found for text in expressions for found in _literals(text)))


def _literals(expression: str) -> Iterator[str]:
    for match in _STRING.finditer(expression):
        literal = match[1].replace("''", "'")
        yield literal
        yield from _TIMES.findall(literal)
        if literal.startswith("{") and literal.endswith("}"):
            yield from (part.strip('"') for part in literal[1:-1].split(","))
    yield from _NUMBER.findall(_STRING.sub("", expression))


def numbers(literals: Iterable[str]) -> list[Decimal]:
    """Those that are numbers."""
    return [Decimal(literal) for literal in literals if _NUMBER.fullmatch(literal)]


def near(literals: Iterable[str]) -> Iterator[Decimal]:
    """The numbers themselves, what lies beside each, and what lies between each and the next."""
    found = sorted(set(numbers(literals)))
    yield from found
    for number in found:
        yield from (number + 1, number - 1)
    for low, high in pairwise(found):
        yield (low + high) / 2
        yield from (low + step for step in range(2, min(int(high - low), 50)))


def days(literals: Iterable[str]) -> Iterator[str]:
    """The dates and times themselves, and the day after and before each."""
    for literal in literals:
        if _DATE.match(literal):
            yield literal
            yield from _beside(literal[:10])


def _beside(text: str) -> list[str]:
    try:
        day = date.fromisoformat(text)
        return [str(day + timedelta(days=1)), str(day - timedelta(days=1))]
    except (ValueError, OverflowError):
        return []
