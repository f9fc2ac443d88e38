"""Rows at random, mended or dropped until every constraint of their tables holds."""

from __future__ import annotations

from random import Random

from tests.property.cases import CHECKS, Key, Table


def fill(random: Random, table: Table) -> None:
    for number in range(random.choice((1, 3, 4, 5, 6, 6))):
        row: dict[str, int | None] = {"id": number + 1, "rid": number}
        for column in table.columns[1:]:
            empty = not column.not_null and random.random() < 0.15
            row[column.name] = None if empty else random.randint(1, 4)
        table.rows.append(row)
    random.shuffle(table.rows)


def satisfy(random: Random, tables: list[Table], keys: list[Key]) -> None:
    """Mend or drop rows until every constraint holds."""
    by_name = {table.name: table for table in tables}
    changed = True
    rounds = 0
    while changed:
        changed = False
        rounds += 1
        for table in tables:
            changed |= _drop_refused(table)
        for key in keys:
            if key.not_valid:
                continue
            child, parent = by_name[key.child], by_name[key.parent]
            kept = [row for row in child.rows if _holds(random, key, child, row, parent, mend=rounds < 6)]
            changed |= len(kept) < len(child.rows) or _was_mended(child)
            child.rows = kept


def _was_mended(table: Table) -> bool:
    return any(row.pop("mended", None) for row in table.rows)


def _holds(
    random: Random, key: Key, child: Table, row: dict[str, int | None], parent: Table, *, mend: bool
) -> bool:
    values = [row[column] for column in key.columns]
    if all(value is None for value in values) or (None in values and not key.match_full):
        return True
    wanted = [tuple(other[column] for column in key.ref_columns) for other in parent.rows]
    if None not in values and tuple(values) in wanted:
        return True
    whole = [each for each in wanted if None not in each]
    if not mend or ("id" in key.columns and random.random() < 0.5):
        return False
    row["mended"] = 1
    nullable = all(not child.column(column).not_null for column in key.columns)
    if whole and (not nullable or random.random() < 0.8):
        row.update(zip(key.columns, random.choice(whole), strict=True))
    elif nullable:
        row.update(dict.fromkeys(key.columns))
    else:
        return False
    return True


def _drop_refused(table: Table) -> bool:
    kept: list[dict[str, int | None]] = []
    seen: dict[tuple[str, ...], set[tuple[int | None, ...]]] = {unique: set() for unique in table.uniques}
    for row in table.rows:
        values = {unique: tuple(row[column] for column in unique) for unique in table.uniques}
        if any(None not in value and value in seen[unique] for unique, value in values.items()):
            continue
        if not all(CHECKS[number][1](row) for number in table.checks):
            continue
        kept.append(row)
        for unique, value in values.items():
            seen[unique].add(value)
    dropped = len(kept) < len(table.rows)
    table.rows = kept
    return dropped
