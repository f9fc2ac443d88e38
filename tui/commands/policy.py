"""``pgtether policy``: the keys that are there, as a policy to go on from."""

from __future__ import annotations

from pathlib import Path

import click

from queries.catalog import catalog
from queries.policy import policy_of, policy_text
from tui.connecting import reading_from
from tui.files import write
from tui.options import Target, connection_options, file_option
from tui.printable import printable


@click.command("policy")
@file_option("Write to this file instead of stdout; one that holds something else stays.")
@connection_options
def command(target: Target, file: Path | None) -> int:
    """Write the keys that are there as a policy."""
    with reading_from(target) as connection:
        found, name = catalog(connection), connection.info.dbname
    head = (
        f"# The foreign keys that {printable(name)} has: correct what isn't meant, add what is missing.\n"
        "# Tables and keys that are not named here are left alone.\n"
    )
    write(head + policy_text(policy_of(found, name=name)), file)
    return 0
