"""Rows whose parent is missing, counted by the server's own comparison, for declared and intended keys."""

from queries.orphans.condition import orphan_condition
from queries.orphans.count import Progress, orphans
from queries.orphans.counted import OrphanCount, State
from queries.orphans.reference import Reference, declared, intended

__all__ = [
    "OrphanCount",
    "Progress",
    "Reference",
    "State",
    "declared",
    "intended",
    "orphan_condition",
    "orphans",
]
