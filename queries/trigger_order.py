"""Keep the order in which keys act, and whether they do, when one of them is made again.

Triggers fire in the text order of their names. A key that is dropped and added gets new names behind the
others, and a delete that worked may then be blocked (tried on 13, 15 and 18). Its owner may rename them back.
From 15 on a leaf's triggers take the name of their root's and can't have another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from psycopg import sql

from queries.definitions import Definitions, KeyTrigger
from queries.steps.compose import Name, table, words

_ENABLED = {"O": "enable", "D": "disable", "R": "enable replica", "A": "enable always"}

Restored = Callable[[Definitions, Definitions], tuple[sql.Composable, ...]]


def renamed_back(before: Definitions, now: Definitions) -> tuple[sql.Composable, ...]:
    """The statements that give each remade key's triggers their former names, on every table and leaf."""
    statement = sql.SQL("alter trigger {} on {} rename to {}")
    return tuple(
        statement.format(Name(trigger.name), table(text), Name(former.name))
        for text, former, trigger in _pairs(before, now)
        if trigger.name != former.name and not trigger.cloned
    )


def enabled_back(before: Definitions, now: Definitions) -> tuple[sql.Composable, ...]:
    """The statements that enable or disable a remade key's triggers as before: a superuser may run them."""
    statement = sql.SQL("alter table {} {} trigger {}")
    return tuple(
        statement.format(table(text), words(_ENABLED[former.enabled]), Name(trigger.name))
        for text, former, trigger in _pairs(before, now)
        if trigger.enabled != former.enabled
    )


#: To be asked for in this order, each with what is there by then.
RESTORED: tuple[Restored, ...] = (renamed_back, enabled_back)


def _pairs(before: Definitions, now: Definitions) -> Iterator[tuple[str, KeyTrigger, KeyTrigger]]:
    for text in now:
        former = {trigger.place: trigger for trigger in before[text].triggers} if text in before else {}
        for trigger in now[text].triggers:
            if trigger.place in former:
                yield text, former[trigger.place], trigger
