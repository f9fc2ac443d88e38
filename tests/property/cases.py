"""Random schemas with every kind of foreign key, random rows that satisfy them, and a random DELETE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

DATA = ("a", "b", "c")
TYPES = ("int",) * 5 + ("bigint", "numeric", "text")
CHECKS: tuple[tuple[str, Callable[[dict[str, int | None]], bool]], ...] = (
    ("a < 4", lambda row: row["a"] is None or row["a"] < 4),
    ("a is not null or b is not null", lambda row: row["a"] is not None or row["b"] is not None),
    ("(a is null) = (b is null)", lambda row: (row["a"] is None) == (row["b"] is None)),
    ("b <> 2", lambda row: row["b"] is None or row["b"] != 2),
    ("c is not null", lambda row: row["c"] is not None),
)
ACTIONS = ("cascade",) * 7 + ("set null",) * 5 + ("set default",) * 4 + ("restrict",) * 2 + ("no action",) * 4
DEFERRABLE = ("",) * 6 + ("deferrable", "deferrable initially deferred", "deferrable initially deferred")


@dataclass
class Column:
    """A column of small numbers, whatever its type."""

    name: str
    type: str = "int"
    not_null: bool = False
    default: str | None = None

    @property
    def sql(self) -> str:
        default = "" if self.default is None else f" default {self.default}"
        return f"{self.name} {self.type}{' not null' if self.not_null else ''}{default}"


@dataclass
class Key:
    """A foreign key between two tables of a case."""

    name: str
    child: str
    columns: tuple[str, ...]
    parent: str
    ref_columns: tuple[str, ...]
    on_delete: str
    on_update: str
    deferrable: str = ""
    match_full: bool = False
    set_columns: tuple[str, ...] = ()
    not_valid: bool = False

    @property
    def sql(self) -> str:
        chosen = f" ({', '.join(self.set_columns)})" if self.set_columns else ""
        full = " match full" if self.match_full else ""
        return (
            f"alter table {self.child} add constraint {self.name} foreign key ({', '.join(self.columns)}) "
            f"references {self.parent} ({', '.join(self.ref_columns)}){full}"
            f" on delete {self.on_delete}{chosen} on update {self.on_update} {self.deferrable}"
            f"{' not valid' if self.not_valid else ''}"
        )


@dataclass
class Table:
    """A table with the unique columns that keys may refer to; ``rid`` tells its rows apart to the end."""

    name: str
    columns: list[Column]
    uniques: list[tuple[str, ...]]
    checks: list[int] = field(default_factory=list)
    partitioned: bool = False
    by: str = "id"  # the column of the partitions
    disabled: bool = False
    rows: list[dict[str, int | None]] = field(default_factory=list)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def sql(self) -> list[str]:
        parts = [column.sql for column in self.columns] + ["rid int not null", "primary key (id)"]
        parts += [
            f"constraint {self.name}_check{number} check ({CHECKS[number][0]})" for number in self.checks
        ]
        parts += [
            f"unique ({', '.join(unique)})"
            for unique in self.uniques
            if unique not in (("id",), ("id", self.by))
        ]
        if self.by != "id":
            parts = [part.replace("primary key (id)", f"primary key (id, {self.by})") for part in parts]
        made = [f"create table {self.name} ({', '.join(parts)})"]
        if self.partitioned:
            made[0] += f" partition by range ({self.by})"
            made.append(
                f"create table {self.name}_low partition of {self.name} for values from (minvalue) to (3)"
            )
            made.append(
                f"create table {self.name}_high partition of {self.name} for values from (3) to (maxvalue)"
            )
        return made


@dataclass
class Case:
    """What to make, and what to delete."""

    tables: list[Table]
    keys: list[Key]
    target: str
    where: str

    @property
    def statements(self) -> list[str]:
        made = [statement for table in self.tables for statement in table.sql]
        made += [_insert(table) for table in self.tables if table.rows]
        made += [key.sql for key in self.keys]
        made += [f"alter table {table.name} disable trigger all" for table in self.tables if table.disabled]
        return made

    @property
    def text(self) -> str:
        return ";\n".join([*self.statements, f"delete from {self.target} where {self.where}"]) + ";"


def case(seed: int, *, version: int) -> Case:
    """The case of that number, for a server of that major."""
    random = Random(seed)
    is_deep = random.random() < 0.4
    tables = [_table(random, f"t{number}") for number in range(random.randint(2, random.choice((3, 5, 8))))]
    names = [table.name for table in tables]
    keys = [
        _key(random, f"k{number}", tables, version=version, is_deep=is_deep)
        for number in range(random.randint(len(tables) - 1, 1 + 2 * len(tables)))
    ]
    for table in tables:
        _fill(random, table)
    _satisfy(random, tables, keys)
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


def _table(random: Random, name: str) -> Table:
    partitioned = random.random() < 0.12
    columns = [Column("id", not_null=True, default=random.choice((None, None, "1")))]
    for each in DATA:
        default = random.choice((None, None, None, "1", "2", "3", "9", "1 + 1"))
        columns.append(Column(each, random.choice(TYPES), random.random() < 0.15, default))
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
    columns[1] = Column("a", "int", not_null=True, default=random.choice(("1", "2", "3", "4", None)))
    uniques: list[tuple[str, ...]] = [("id", "a")] if random.random() < 0.5 else [("id", "a"), ("a", "b")]
    return Table(name, columns, uniques, partitioned=True, by="a")


def _key(random: Random, name: str, tables: list[Table], *, version: int, is_deep: bool) -> Key:
    while True:
        child, parent = random.choice(tables), random.choice(tables)
        if is_deep and random.random() < 0.8:
            parent = tables[max(0, tables.index(child) - random.choice((1, 1, 2)))]
        ref_columns = random.choice(parent.uniques)
        pool = [column.name for column in child.columns if column.name != "id" or random.random() < 0.3]
        if len(pool) < len(ref_columns):
            continue
        columns = tuple(random.sample(pool, len(ref_columns)))
        texts = [
            (parent.column(ref).type == "text") == (child.column(own).type == "text")
            and (child.column(own).type != "numeric" or parent.column(ref).type == "numeric")
            for ref, own in zip(ref_columns, columns, strict=True)
        ]
        if all(texts):
            break
    on_delete, on_update = random.choice(ACTIONS), random.choice(ACTIONS)
    if is_deep and random.random() < 0.6:
        on_delete = "cascade"
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
    key.not_valid = not child.partitioned and random.random() < 0.1
    return key


def _fill(random: Random, table: Table) -> None:
    for number in range(random.choice((1, 3, 4, 5, 6, 6))):
        row: dict[str, int | None] = {"id": number + 1, "rid": number}
        for column in table.columns[1:]:
            empty = not column.not_null and random.random() < 0.15
            row[column.name] = None if empty else random.randint(1, 4)
        table.rows.append(row)
    random.shuffle(table.rows)


def _satisfy(random: Random, tables: list[Table], keys: list[Key]) -> None:
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


def _insert(table: Table) -> str:
    names = [*(column.name for column in table.columns), "rid"]
    rows = (
        ", ".join("null" if row[name] is None else f"'{row[name]}'" for name in names) for row in table.rows
    )
    return f"insert into {table.name} ({', '.join(names)}) values {', '.join(f'({row})' for row in rows)}"


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
