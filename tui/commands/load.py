"""``pgtether load``: a sample system in a database of one's own."""

from __future__ import annotations

import click

from queries import systems
from tui.connecting import writing_to
from tui.options import Target, connection_options
from tui.output import narrate


@click.command("load")
@click.argument("system")
@click.option("--scale", type=int, default=1, show_default=True, help="About 5,000 rows for each.")
@connection_options
def command(target: Target, system: str, scale: int) -> int:
    """Put one sample system into an empty database.

    In one transaction, as the system stood before its migration, with its faults; a database that isn't
    empty is refused.
    """
    chosen = systems.system(system)
    with writing_to(target) as connection:
        systems.load(connection, chosen, scale=scale)
        narrate(
            f"Loaded {system} into {connection.info.dbname}. The rules that its owners want: {chosen.policy}"
        )
    return 0
