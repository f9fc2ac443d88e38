"""What checks look at: values alone, so that they work on a snapshot as well."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalog import Catalog


@dataclass(frozen=True)
class Facts:
    """The catalog; what a check wants beside it, it names in ``NEEDS``."""

    catalog: Catalog
