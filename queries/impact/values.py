"""When two values are the same to a key, told from their texts: needed only for values not yet in a table."""

from __future__ import annotations

from collections.abc import Callable

Normal = Callable[[str], str]

_NUMBERS = {"int2", "int4", "int8", "numeric"}
_TEXTS = {"text", "varchar", "name"}
_THEMSELVES = {"bool", "uuid", "date", "timestamp", "timestamptz", "time", "bytea", "oid", "anyenum", "char"}


def normal(ref_compared: str, compared: str, *, is_deterministic: bool) -> Normal | None:
    """The text that equal values share under ``=`` of two types; None where texts can't tell.

    The types are those that the operator takes, after its casts. An oid beside an int, a date beside a
    timestamp, floats, intervals, and collations that are not deterministic are left to the server.
    """
    types = {ref_compared, compared}
    if types <= _NUMBERS:
        return _number
    if not is_deterministic:
        return None
    if types == {"bpchar"}:
        return _unpadded
    if types <= _TEXTS or (len(types) == 1 and types <= _THEMSELVES):
        return _itself
    return None


def _itself(text: str) -> str:
    return text


def _unpadded(text: str) -> str:
    return text.rstrip(" ")


def _number(text: str) -> str:
    """``1.50`` and ``1.5``, ``-0.0`` and ``0`` are one."""
    if "." not in text:
        return text
    whole = text.rstrip("0").rstrip(".")
    return "0" if whole in ("-0", "") else whole
