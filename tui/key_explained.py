"""A key and a table explained in words: what a delete does, in which state the key is, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from queries.catalog import Catalog, ForeignKey
from queries.checks import checks
from queries.findings import Finding
from queries.names import column_list, quoted
from queries.planning import changes
from queries.rule_change import MEANINGS
from queries.usable_index import Cover, key_coverage
from tui.faults import Subject
from tui.table_keys import TableKey
from tui.widgets.finding_cells import orphan_lines
from tui.widgets.sql_text import said
from tui.widgets.step_cells import without_schema

_FINE = "Nothing that the checks look for."


def explained(subject: Subject, found: Sequence[Finding]) -> Content:
    """Everything about a key; of a table its faults in short."""
    parts = _of_key(subject, subject.key, found) if subject.key else _of_table(found, subject.catalog)
    steps = [f"- {without_schema(step.sentence(), subject.catalog)}" for step in changes(found)]
    planned = [said("p puts into the plan", "\n".join(["", *steps]))] if steps else []
    return Content("\n\n").join([*parts, *planned])


def _of_key(subject: Subject, key: TableKey, found: Sequence[Finding]) -> Iterator[Content]:
    yield said("On delete", without_schema(_rule(subject.catalog, key), subject.catalog))
    if key.key is not None:
        yield said("State", "\n".join(_state(subject.catalog, key.key)))
    if subject.orphans is not None:
        yield said("Orphans", "\n".join(orphan_lines(subject.orphans)))
    for each in found:
        yield said("Wrong", f"{without_schema(each.message, subject.catalog)}\n{each.why}")
    if not found:
        yield said("Wrong", _FINE)


def _rule(catalog: Catalog, key: TableKey) -> str:
    child, parent = catalog.tables[key.child].text, catalog.tables[key.parent].text
    refer = f"rows of {child} refer to a row of {parent} that is deleted"
    if key.key is None or not (key.key.enforced and key.key.actions_fire):
        silent = "there is no key" if key.key is None else "the key is switched off or not enforced"
        text = f"Nothing, as {silent}: where {refer}, they stay and become orphans."
    else:
        rule = key.key.on_delete
        text = f"{rule.letter} {rule}: where {refer}, {MEANINGS[rule]}."
        if key.key.set_columns:
            text += f" Only {column_list(key.key.set_columns)} is set."
    wish = key.wanted.wanted.on_delete if key.wanted else None
    if wish is None or (key.key is not None and key.key.on_delete is wish):
        return text
    return f"{text}\nWanted is {wish}: {MEANINGS[wish]}."


def _state(catalog: Catalog, key: ForeignKey) -> Iterator[str]:
    checked = "validated" if key.validated else "NOT VALID, older rows were never checked"
    yield f"{quoted(key.name)} is {checked if key.enforced else 'NOT ENFORCED, no row is checked'}."
    if key.deferrable:
        by_itself = "at commit" if key.deferred else "at the end of each statement"
        yield f"Deferrable: checked {by_itself} unless SET CONSTRAINTS says otherwise."
    else:
        yield "Not deferrable: checked at the end of each statement."
    yield _index(catalog, key)


def _index(catalog: Catalog, key: ForeignKey) -> str:
    found = key_coverage(catalog, key)
    name = quoted(found.index.name) if found.index else ""
    if found.cover is Cover.FULL:
        return f"Index {name} finds its rows." if name else "Indexes of the partitions find its rows."
    lacks = f": {name} {found.why}" if name and found.why else ""
    return f"{'An index finds its rows in part' if found.cover else 'No index finds its rows'}{lacks}."


def _of_table(found: Sequence[Finding], catalog: Catalog) -> Iterator[Content]:
    """One paragraph a check: what it found, then once why that matters."""
    if not found:
        yield said("Wrong", _FINE)
    for rule in dict.fromkeys(each.rule for each in found):
        lines = [f"- {without_schema(each.message, catalog)}" for each in found if each.rule == rule]
        yield said(rule.replace("-", " ").capitalize(), "\n".join(["", *lines, checks()[rule].WHY]))
