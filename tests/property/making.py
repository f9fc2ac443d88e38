"""The case of a number, and smaller ones of a case that fails."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.property.cases import ACTIONS, CHECKS, DATA, DEFERRABLE, TYPES, Case, Column, Key, Table
from tests.property.rows import fill, satisfy


def case(seed: int, *, version: int) -> Case:
    """The case of that number, for a server of that major."""
    random = Random(seed)
    bent = random.choice(("mixed", "deep", "writing"))
    most = random.choice((3, 5, 8)) if bent != "writing" else 4
    tables = [_table(random, f"t{number}", bent=bent) for number in range(random.randint(2, most))]
    names = [table.name for table in tables]
    keys = [
        _key(random, f"k{number}", tables, version=version, bent=bent)
        for number in range(random.randint(len(tables) - 1, 1 + 2 * len(tables)))
    ]
    for table in tables:
        fill(random, table)
    satisfy(random, tables, keys)
    parents = [key.parent for key in keys for table in tables if table.name == key.parent and table.rows]
    target = random.choice(parents or names)
    rows = next(table.rows for table in tables if table.name == target) or [{"id": 1}]
    one, other = (random.choice(rows)["id"] for _ in "ab")
    where = random.choice(
        (
            "true",
            f"id = {one}",
            f"id in ({one}, {other})",
            f"id <= {one}",
            "a = '1'",
            "b is null",
            f"id > {one}",
        )
    )
    return Case(tables, keys, target, where)


def _table(random: Random, name: str, *, bent: str) -> Table:
    is_writing = bent == "writing"  # what is set null or to a default is what matters
    partitioned = random.random() < 0.2
    columns = [Column("id", not_null=True, default=random.choice((None, None, "1")))]
    for each in DATA:
        default = random.choice((None, None, None, "1", "2", "3", "9", "1 + 1")[3 * is_writing :])
        columns.append(Column(each, random.choice(TYPES), random.random() < 0.15 - is_writing, default))
    if partitioned and random.random() < 0.5:
        return _movable(random, name, columns)
    uniques: list[tuple[str, ...]] = [("id",)]
    if random.random() < 0.4:
        uniques.append(random.choice((("id", "a"), ("a", "id"), ("id", "b"), ("id", "a", "b"))))
    if random.random() < 0.35 and not partitioned:
        uniques.append(random.choice((("a",), ("b",), ("a", "b"), ("c",))))
    checks = [random.randrange(len(CHECKS))] if random.random() < 0.2 else []
    if checks and any(column.type == "text" for column in columns):
        checks = []
    disabled = random.random() < 0.02
    return Table(name, columns, uniques, checks, partitioned, disabled=disabled)


def _movable(random: Random, name: str, columns: list[Column]) -> Table:
    """A partitioned table of which a changed row may have to move."""
    has_rest = random.random() < 0.7
    columns[1] = Column("a", "int", not has_rest, default=random.choice(("1", "2", "3", "4", None)))
    uniques: list[tuple[str, ...]] = [("id", "a")] if random.random() < 0.5 else [("id", "a"), ("a", "b")]
    return Table(name, columns, uniques, partitioned=True, by="a", has_rest=has_rest)


def _key(random: Random, name: str, tables: list[Table], *, version: int, bent: str) -> Key:
    while True:
        child, parent = random.choice(tables), random.choice(tables)
        if bent == "deep" and random.random() < 0.8:
            parent = tables[max(0, tables.index(child) - random.choice((1, 1, 2)))]
        ref_columns = random.choice(parent.uniques)
        pool = [column.name for column in child.columns if column.name != "id" or random.random() < 0.3]
        if len(pool) < len(ref_columns):
            continue
        columns = tuple(random.sample(pool, len(ref_columns)))
        if child.by == "a" and "a" not in columns and random.random() < 0.7:
            columns = ("a", *columns[1:])
        texts = [
            (parent.column(ref).type == "text") == (child.column(own).type == "text")
            and (child.column(own).type != "numeric" or parent.column(ref).type == "numeric")
            for ref, own in zip(ref_columns, columns, strict=True)
        ]
        if all(texts):
            break
    on_delete, on_update = random.choice(ACTIONS), random.choice(ACTIONS)
    if bent == "deep" and random.random() < 0.6:
        on_delete = "cascade"
    if bent == "writing" and random.random() < 0.6:
        on_delete = random.choice(("set null", "set default"))
    key = Key(name, child.name, columns, parent.name, ref_columns, on_delete, on_update)
    key.deferrable = random.choice(DEFERRABLE)
    key.match_full = len(columns) > 1 and random.random() < 0.25
    if (
        version >= 15
        and on_delete in ("set null", "set default")
        and len(columns) > 1
        and random.random() < 0.5
    ):
        key.set_columns = tuple(random.sample(columns, random.randint(1, len(columns))))
    key.not_valid = not child.partitioned and random.random() < (0.4 if bent == "writing" else 0.1)
    return key


def smaller(given: Case) -> list[Case]:
    """Cases with one thing less, to find the smallest that still fails."""
    found = [replace(given, keys=given.keys[:n] + given.keys[n + 1 :]) for n in range(len(given.keys))]
    used = {given.target, *(key.child for key in given.keys), *(key.parent for key in given.keys)}
    found += [
        replace(given, tables=[other for other in given.tables if other is not table])
        for table in given.tables
        if table.name not in used
    ]
    for n, table in enumerate(given.tables):
        fewer = [replace(table, rows=table.rows[:r] + table.rows[r + 1 :]) for r in range(len(table.rows))]
        if table.checks:
            fewer.append(replace(table, checks=[]))
        if table.partitioned and table.by == "id":
            fewer.append(replace(table, partitioned=False))
        found += [
            replace(given, tables=[*given.tables[:n], other, *given.tables[n + 1 :]]) for other in fewer
        ]
    return found
