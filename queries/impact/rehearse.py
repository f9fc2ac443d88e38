"""The rehearsal: the real DELETE, rolled back."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from queries.catalog import Catalog
from queries.impact.models import Deletion, Impact


def rehearsal(connection: Connection[Any], deletion: Deletion, *, catalog: Catalog) -> Impact:
    """Do it and take it back."""
    raise NotImplementedError
