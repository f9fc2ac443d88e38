"""Values that a sample must not show: told by the name and the type of their column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

#: Column names as shell patterns, in lower case with underscores: ``firstName`` is ``first_name``.
SENSITIVE = (
    "name", "*_name", "*firstname*", "*lastname*", "*fullname*", "*surname*", "*maiden*",
    "*email*", "*e_mail*", "mail", "*_mail",
    "*phone*", "*mobile*", "*fax*",
    "*birth*", "dob", "*_dob",
    "*address*", "*street*", "*zip_code*", "*zipcode*", "*postcode*", "*postal*", "ip", "*_ip",
    "*note", "*notes", "*comment*", "*message*", "*diagnos*", "*symptom*",
    "*token*", "*secret*", "*password*", "*passwd*", "*pwd*", "*salt", "*api_key*", "*private_key*",
    "*ssn*", "*social_security*", "*tax_id*", "*passport*", "*iban*", "*card_number*", "*cvv*",
)  # fmt: skip

#: What stands in place of a value.
MASK = "***"

#: Types of which every value is hidden.
_HIDDEN_TYPES = ("bytea",)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def is_sensitive(column: str, type_: str, *, patterns: Sequence[str] | None = SENSITIVE) -> bool:
    """Whether values of that column are hidden; ``patterns`` None: a person wants to see everything."""
    if patterns is None:
        return False
    name = _HUMP.sub("_", column).lower().replace("-", "_").replace(" ", "_")
    return type_ in _HIDDEN_TYPES or any(fnmatchcase(name, pattern.lower()) for pattern in patterns)


def masked(
    column: str, type_: str, value: str | None, *, patterns: Sequence[str] | None = SENSITIVE
) -> str | None:
    """The value, or the mask where its column is sensitive; null hides nothing and stays."""
    return MASK if value is not None and is_sensitive(column, type_, patterns=patterns) else value


def sensitive(columns: Iterable[tuple[str, str]], *, patterns: Sequence[str] | None) -> tuple[str, ...]:
    """The names of those of the columns (name, type) whose values are hidden."""
    return tuple(name for name, type_ in columns if is_sensitive(name, type_, patterns=patterns))
