"""``pgtether demo``: a server of our own with the sample systems."""

from __future__ import annotations

import shlex

import click

from queries import systems
from queries.embedded import demo_database, running
from queries.errors import CLEAN, FINDINGS
from tui.commands.console import can_draw
from tui.output import narrate, print_text

NO_ADDRESS = " hostaddr=''"  # against PGHOSTADDR; a person's psql does without
NO_OPTIONS = " options=''"  # against PGOPTIONS, which may say read only


@click.command("demo")
@click.argument("system", default="gaztime")
@click.option("--scale", type=int, default=1, show_default=True, help="About 5,000 rows for each.")
def command(system: str, scale: int) -> int:
    """Start a private server, load the sample systems, and open the console on SYSTEM.

    Nothing has to be set up, and nothing stays. Without a terminal the whole loop is run on SYSTEM and told
    as text: audit, orphans, plan, apply, verify, roll back; exit code 1: something was not as it should be.
    """
    chosen = systems.system(system)
    with running() as conninfo:
        loaded = {
            name: demo_database(conninfo, systems.system(name), scale=scale) for name in systems.SYSTEMS
        }
        place = loaded[chosen.name]
        narrate(f"While this runs: psql {shlex.quote(place.replace(NO_ADDRESS, ''))}")
        own = place + NO_OPTIONS
        if can_draw():
            from tui.app import console  # noqa: PLC0415 - Textual is loaded for a terminal alone

            return console(own, policy=chosen.policy)
        return _told(own, chosen)


def _told(conninfo: str, chosen: systems.System) -> int:
    from tui.loop import loop  # noqa: PLC0415 - what only the text needs

    print_text(chosen.sentence)
    return CLEAN if loop(conninfo, chosen) else FINDINGS
