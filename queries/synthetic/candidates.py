"""Texts that may be values of a type, the likeliest first; the server decides which of them are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from secrets import randbelow
from uuid import uuid4

from queries.synthetic.constants import numbers as numbers_among
from queries.synthetic.facts import Shape
from queries.synthetic.scalars import Wanted, dates, day, numbers, strings

MOST = 120  # candidates a column
_FORMS = ("x", "1", "", "0/1", "1:1:", "<x/>", "{}", "(0,0)", "POINT(0 0)", "POLYGON EMPTY", "a.b")


def candidates(shape: Shape, *, literals: Sequence[str], fresh: bool) -> list[str]:
    """Up to ``MOST`` of them; ``fresh``: first values that are hardly there already."""
    if shape.category == "E":
        found: Iterator[str] = iter(shape.labels)
    else:
        by_type = _BY_NAME.get(shape.base_type) or _BY_CATEGORY.get(shape.category, _other)
        found = by_type(Wanted(shape, literals, fresh))
    return list(islice(dict.fromkeys(found), MOST))


def _booleans(wanted: Wanted) -> Iterator[str]:
    yield from ("true", "false") if "true" in wanted.literals else ("false", "true")


def _intervals(wanted: Wanted) -> Iterator[str]:
    yield from (f"{randbelow(10**6)} seconds" for _ in range(8 if wanted.fresh else 0))
    yield from (text for text in wanted.literals if any(letter.isdigit() for letter in text))
    yield from ("1 day", "1 hour", "0", "1 year", "1 second", "-1 day")


def _networks(wanted: Wanted) -> Iterator[str]:
    drawn = (
        f"10.{randbelow(256)}.{randbelow(256)}.{randbelow(256)}" for _ in range(8 if wanted.fresh else 0)
    )
    yield from (*drawn, "192.0.2.1", "192.0.2.0/24", "2001:db8::1")


def _bits(wanted: Wanted) -> Iterator[str]:
    width = min(wanted.shape.modifier, 64) if wanted.shape.modifier > 0 else 64
    yield from (format(randbelow(2**width), f"0{width}b") for _ in range(8 if wanted.fresh else 0))
    yield from ("0" * width, "1" * width)


def _geometry(wanted: Wanted) -> Iterator[str]:
    place = randbelow(10**6)
    if wanted.shape.base_type == "circle":
        yield from (f"<({place},{place}),1>", "<(0,0),1>")
    elif wanted.shape.base_type == "line":
        yield "{1,-1,0}"
    elif wanted.shape.base_type == "point":
        yield from (f"({place},{place})", "(0,0)")
    else:
        yield from (f"({place},{place}),({place + 1},{place + 1})", "(1,1),(0,0)")


def _arrays(wanted: Wanted) -> Iterator[str]:
    elements = wanted.shape.labels or candidates(
        _inner(wanted.shape), literals=wanted.literals, fresh=wanted.fresh
    )
    quoted = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in elements)
    filled = ["{" + text + "}" for text in quoted]
    wide = ["{" + ",".join(element[1:-1] for element in filled[:size]) + "}" for size in (2, 3)]
    yield from ([*filled, *wide, "{}"] if wanted.fresh else ["{}", *filled, *wide])


def _ranges(wanted: Wanted) -> Iterator[str]:
    if wanted.shape.inner_category == "D":
        starts = (date.fromisoformat(day()) for _ in range(8))
        drawn = [f"[{start},{start + timedelta(days=1)})" for start in starts]
    else:
        drawn = [f"[{low},{low + 1})" for low in (randbelow(2 * 10**9) for _ in range(8))]
    for text in drawn:
        yield f"{{{text}}}" if wanted.shape.kind == "m" else text
    yield "{}" if wanted.shape.kind == "m" else "empty"


def _inner(shape: Shape) -> Shape:
    """The shape of an array's elements."""
    inner = shape.inner_type or "text"
    return shape._replace(
        type=inner, base_type=inner, category=shape.inner_category, inner_category="", modifier=-1
    )


def _composites(wanted: Wanted) -> Iterator[str]:
    yield "(" + "," * (wanted.shape.fields - 1) + ")"


def _json(wanted: Wanted) -> Iterator[str]:
    if wanted.fresh:
        yield f'{{"synthetic": "{uuid4()}"}}'
    yield from ("{}", "[]")
    names = [literal for literal in wanted.literals if literal.replace("_", "").isalnum()]
    for value in ("1", '"x"', "true", "[]", "{}"):
        yield "{" + ", ".join(f'"{name}": {value}' for name in names) + "}"
        yield from (f'{{"{name}": {value}}}' for name in names)
    yield from ('[{"synthetic": true}]', '"x"', "1", "true", "null")


def _bytes(wanted: Wanted) -> Iterator[str]:
    yield from ("\\x" + uuid4().hex for _ in range(8 if wanted.fresh else 0))
    yield from (
        "\\x" + "5a" * int(number) for number in numbers_among(wanted.literals) if 0 <= number <= 1000
    )
    yield from ("\\x", "\\x00", "\\x" + "5a" * 16)


def _macs(wanted: Wanted) -> Iterator[str]:
    width = 16 if wanted.shape.base_type == "macaddr8" else 12
    yield from (uuid4().hex[:width] for _ in range(8))


def _uuids(wanted: Wanted) -> Iterator[str]:
    yield from (str(uuid4()) for _ in range(8))
    yield from (literal for literal in wanted.literals if len(literal) == 36)


def _objects(_: Wanted) -> Iterator[str]:
    yield from ("pg_catalog.pg_class", "pg_catalog.int4", "pg_catalog.now")


def _other(wanted: Wanted) -> Iterator[str]:
    """A type that an extension brings, or of which nothing is known: the forms that such types often have."""
    if wanted.shape.modifier > 0:
        yield "[" + ",".join(["1"] * min(wanted.shape.modifier, 4096)) + "]"  # a vector of so many dimensions
    yield from (*wanted.literals, *_FORMS)


_BY_CATEGORY: dict[str, Callable[[Wanted], Iterator[str]]] = {
    "A": _arrays, "B": _booleans, "C": _composites, "D": dates, "G": _geometry, "I": _networks,
    "N": numbers, "R": _ranges, "S": strings, "T": _intervals, "V": _bits, "Z": strings,
}  # fmt: skip
_BY_NAME: dict[str, Callable[[Wanted], Iterator[str]]] = {
    "bytea": _bytes, "json": _json, "jsonb": _json, "macaddr": _macs, "macaddr8": _macs, "uuid": _uuids,
    "regclass": _objects, "regproc": _objects, "regtype": _objects,
}  # fmt: skip
