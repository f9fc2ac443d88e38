"""A PostgreSQL server of our own for ``pgtether demo``: private, on a unix socket, gone afterwards."""

from queries.embedded.programs import binaries
from queries.embedded.server import demo_database, running

__all__ = ["binaries", "demo_database", "running"]
