"""Random schemas with every kind of foreign key, random rows that satisfy them, and a random DELETE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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
    has_rest: bool = False  # a default partition
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
            parts = [part.replace("primary key (id)", f"unique (id, {self.by})") for part in parts]
        made = [f"create table {self.name} ({', '.join(parts)})"]
        if self.partitioned:
            made[0] += f" partition by range ({self.by})"
            made.append(
                f"create table {self.name}_low partition of {self.name} for values from (minvalue) to (3)"
            )
            made.append(
                f"create table {self.name}_high partition of {self.name} for values from (3) to (maxvalue)"
            )
        if self.has_rest:
            made.append(f"create table {self.name}_rest partition of {self.name} default")
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


def _insert(table: Table) -> str:
    names = [*(column.name for column in table.columns), "rid"]
    rows = (
        ", ".join("null" if row[name] is None else f"'{row[name]}'" for name in names) for row in table.rows
    )
    return f"insert into {table.name} ({', '.join(names)}) values {', '.join(f'({row})' for row in rows)}"
