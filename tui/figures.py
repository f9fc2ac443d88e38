"""Numbers as people read them: thousands separated, units always."""

from __future__ import annotations

_THOUSAND = 1000


def count(number: float) -> str:
    """``412,330``."""
    return f"{number:,.0f}"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 table``, ``37 tables``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def about(number: float) -> str:
    """``412k``, ``3.1M``; ``?`` where a table was never analysed (-1)."""
    return "?" if number < 0 else _scaled(number, ("", "k", "M", "G", "T"), base=1000)


def size(bytes_: float) -> str:
    """``96 MB``, ``8 kB``, as ``pg_size_pretty`` counts (1 kB = 1024 bytes)."""
    return _scaled(bytes_, (" B", " kB", " MB", " GB", " TB"), base=1024)


def _scaled(number: float, units: tuple[str, ...], *, base: int) -> str:
    at = 0
    while number >= _THOUSAND and at < len(units) - 1:
        number, at = number / base, at + 1
    digits = 1 if at and 0 < number < 9.95 else 0
    return f"{number:.{digits}f}".removesuffix(".0") + units[at]
