"""``pgtether snapshot``: the catalog as JSON, or its fingerprint."""

from __future__ import annotations

from pathlib import Path

import click

from queries.catalog import catalog
from queries.definitions import definitions
from queries.fingerprint import fingerprint_text, fingerprints
from queries.snapshot import snapshot
from tui.connecting import reading_from
from tui.files import write
from tui.options import Target, connection_options, file_option, json_option
from tui.output import json_text


@click.command("snapshot")
@click.option("--fingerprint", is_flag=True, help="Definitions as sorted text, to diff.")
@json_option
@file_option("Write to this file instead of stdout.")
@connection_options
def command(target: Target, fingerprint: bool, shape: str | None, file: Path | None) -> int:
    """Write the catalog as JSON, or its fingerprint as text.

    Two databases with the same tables, keys, indexes and order of triggers have the same fingerprint;
    --fingerprint --json prints a hash for each table, as a plan carries them.
    """
    with reading_from(target) as connection:
        found = catalog(connection)
        if not fingerprint:
            version = connection.info.parameter_status("server_version") or ""
            text = snapshot(found, database=connection.info.dbname, server_version=version)
        else:
            defined = definitions(connection, list(found.tables))
            text = (
                fingerprint_text(defined) if shape is None else json_text({"tables": fingerprints(defined)})
            )
    write(text, file, replaces=_is_ours)
    return 0


def _is_ours(former: str) -> bool:
    """Whether a former snapshot or fingerprint stands there: a new one may take its place."""
    return former.startswith(('{\n  "schema_version": 1,', "table "))
