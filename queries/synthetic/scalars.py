"""Texts for values of the plain types: numbers, strings, dates and times."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from secrets import choice, randbelow
from typing import NamedTuple
from uuid import UUID, uuid4

from queries.synthetic.constants import days, near
from queries.synthetic.facts import Shape

_LETTERS = string.ascii_lowercase + string.digits
_TEXTS = (
    "x",
    "",
    "A",
    "1",
    "US",
    "USD",
    "en",
    "12:00",
    "2024-01-01",
    "{}",
    str(UUID(int=0)),
    "a-b",
    "127.0.0.1",
)
_DAYS = ("now", "today", "yesterday", "tomorrow", "2000-01-01", "1970-01-01", "3000-01-01", "1000-01-01")
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


class Wanted(NamedTuple):
    """A value for a column, near to the literals of its checks; ``fresh``: hardly there already."""

    shape: Shape
    literals: Sequence[str]
    fresh: bool


def numbers(wanted: Wanted) -> Iterator[str]:
    """Within the range of the type."""
    largest, step = _range(wanted.shape)
    drawn = (
        [Decimal(randbelow(9 * 10**size) + 10**size) for size in (8, 8, 4, 4, 3, 2) * 2]
        if wanted.fresh
        else []
    )
    plain = [Decimal(number) for number in (1, 0, 2, 10, 100, 1000, -1)]
    small = [Decimal(number) for number in range(3, 60)] if wanted.fresh else []
    for number in [*drawn, *near(wanted.literals), *plain, Decimal("0.5"), step, *small]:
        is_whole = number == number.to_integral_value()
        if abs(number) <= largest and (is_whole or wanted.shape.base_type not in _LARGEST):
            yield format(number.to_integral_value() if is_whole else number, "f")


def _range(shape: Shape) -> tuple[Decimal, Decimal]:
    """The largest number that the type holds, and its smallest step."""
    if shape.base_type.startswith("numeric") and shape.modifier >= 4:
        precision, scale = (shape.modifier - 4) >> 16, (((shape.modifier - 4) & 0x7FF) ^ 1024) - 1024
        step = Decimal(10) ** -scale
        return Decimal(10) ** (precision - scale) - step, step
    return Decimal(_LARGEST.get(shape.base_type, 2**31 - 1)), Decimal("0.01")


def strings(wanted: Wanted) -> Iterator[str]:
    """Also such as checks of an address, a code or a length let in."""
    if wanted.shape.base_type in ('"char"', "character(1)", "character varying(1)"):
        yield from wanted.literals
        yield from string.ascii_letters + string.digits
        return
    for turn in range(6 if wanted.fresh else 1):
        token = uuid4().hex[:12]
        yield from (token, f"{token}@example.org", *_lengthened(token, wanted.literals))
        yield from (wanted.literals if turn == 0 else ())
        yield from (literal + token for literal in wanted.literals if wanted.fresh)
        yield from (each.replace("%", token).replace("_", "a") for each in wanted.literals if "%" in each)
        yield from (f"https://{token}.example.org/", token.upper(), _drawn(string.ascii_letters, 12))
        yield "+1" + _drawn(string.digits, 10)
    yield from _TEXTS
    yield from (_drawn(_LETTERS, 3) for _ in range(20 if wanted.fresh else 0))


def _drawn(letters: str, length: int) -> str:
    return "".join(choice(letters) for _ in range(length))


def _lengthened(token: str, literals: Sequence[str]) -> Iterator[str]:
    """As long as the numbers that a check names, one longer and shorter: hex digits, letters, digits."""
    for number in near(literals):
        if 0 < number <= 1000 and number == int(number):
            length = int(number)
            yield from (
                (token * 84)[:length],
                _drawn(string.ascii_uppercase, length),
                _drawn(string.digits, length),
            )


def dates(wanted: Wanted) -> Iterator[str]:
    """Dates, points in time, times of the day."""
    if wanted.shape.base_type.startswith("time") and not wanted.shape.base_type.startswith("timestamp"):
        drawn = (
            f"{randbelow(24):02}:{randbelow(60):02}:{randbelow(60):02}"
            for _ in range(8 if wanted.fresh else 0)
        )
        yield from (*drawn, *(text for text in wanted.literals if ":" in text), "12:00", "00:00", "23:59:59")
        return
    yield from (day() for _ in range(8 if wanted.fresh else 0))
    yield from days(wanted.literals)
    yield from _DAYS


def day() -> str:
    """A day that hardly any row holds."""
    return str(date(2200, 1, 1) + timedelta(days=randbelow(300_000)))
