"""Keep the order in which keys act when one of them is made again.

Triggers fire in the text order of their names. A key that is dropped and added gets new names behind the
others, and a delete that worked may then be blocked (tried on 13, 15 and 18). Its owner may rename them back.
"""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from queries.definitions import ActionTrigger, Definitions
from queries.steps.compose import Name, table


def renamed_back(before: Definitions, now: Definitions) -> tuple[sql.Composable, ...]:
    """The statements that give each remade key's triggers their former names, on every table and leaf."""
    return tuple(statement for text in now if text in before for statement in _of_table(text, before, now))


def _of_table(text: str, before: Definitions, now: Definitions) -> Iterator[sql.Composable]:
    former = {_place(trigger): trigger.name for trigger in before[text].triggers}
    statement = sql.SQL("alter trigger {} on {} rename to {}")
    for trigger in now[text].triggers:
        wanted = former.get(_place(trigger), trigger.name)
        if wanted != trigger.name:
            yield statement.format(Name(trigger.name), table(text), Name(wanted))


def _place(trigger: ActionTrigger) -> tuple[str, str, bool]:
    return (trigger.child, trigger.constraint, trigger.on_delete)
