"""The script of an undo kit: psql reads the files into temporary tables and puts their rows back.

Tables that refer to each other in a circle are written by one statement: keys are checked at its end, so that
the circle needs no deferrable key. Everything else goes in the order of the keys, parents first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from queries.catalog import Table
from queries.components import components
from queries.impact.models import Deletion
from queries.impact.schema import Schema
from queries.orphans.condition import source
from queries.steps.compose import Name, columns, text_of

_SETTINGS = (
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'postgres'",
    "lc_monetary = 'C'",
    "xmloption = 'content'",
)


@dataclass(frozen=True)
class Part:
    """A file of rows; ``sets`` are the columns to be put back into rows that changed, none: rows to insert.

    In the file stand the ``stored`` columns, and behind them, where there is no ``key`` to find a changed row
    by, what the columns to be put back have become.
    """

    number: int
    file: str
    table: Table
    rows: int
    stored: tuple[str, ...]
    sets: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def after(self) -> tuple[str, ...]:
        """The columns that stand in the file as they have become, too."""
        return () if self.key else self.sets

    @property
    def temporary(self) -> Name:
        """Its table while the script runs, whose columns are c1, c2, … and a1, a2, …"""
        return Name("pg_temp", "pgtether_" + str(self.number))

    def place(self, name: str) -> Name:
        """Where a column stands in the temporary table."""
        return Name("r", "c" + str(self.stored.index(name) + 1))


def cautions(schema: Schema, parts: Sequence[Part]) -> Iterator[str]:
    """What may keep rows from coming back as they were, a sentence each."""
    roots = {part.table.oid for part in parts}
    for relation in schema.relations.values():
        if relation.root.oid in roots:
            for trigger in relation.triggers:
                if trigger.action == "user" and (trigger.on_insert or trigger.on_update):
                    yield (
                        f"trigger {trigger.name} on {relation.table.text} fires for the rows that come back;"
                        " `set session_replication_role = replica` (superuser) leaves all triggers out, those"
                        " of keys too."
                    )
    for key in schema.keys.values():
        if key.child.root.oid in roots and key.key.checks_fire and not key.key.validated:
            yield (
                f"{key.key.name} on {key.child.root.text} is NOT VALID: it refuses rows that were orphans"
                " of it before. Drop the key meanwhile."
            )


def script(
    deletion: Deletion, parts: Sequence[Part], *, schema: Schema, notes: Sequence[str], folder: str
) -> str:
    """The whole of restore.sql; ``notes`` are what a person should know first."""
    lines = [*_head(deletion, parts, notes), *_begin(folder), ""]
    for part in parts:
        lines += [text_of(_made(part)), _copied(part), ""]
    lines += [line for group in _groups(parts, schema) for line in (_written(group), "")]
    return "\n".join([*lines, "commit;", ""])


def _head(deletion: Deletion, parts: Sequence[Part], notes: Sequence[str]) -> Iterator[str]:
    yield "-- Puts back what this DELETE takes:"
    yield one_line("--   delete from {} where {}", deletion.table.text, deletion.where)
    yield "-- run: psql -X -f restore.sql (all of it in one transaction: it comes back whole or not at all)"
    for part in parts:
        did = "to be changed back" if part.sets else "to be inserted"
        yield one_line("-- {}: {} rows of {} {}", part.file, str(part.rows), part.table.text, did)
    for note in notes:
        yield one_line("-- NOTE: {}", note)


def _begin(folder: str) -> Iterator[str]:
    yield ""
    yield "\\set ON_ERROR_STOP on"
    yield "\\encoding UTF8"
    yield "-- where the files are: change it if they were moved"
    yield "\\cd " + _psql_text(folder)
    yield "begin;"
    for setting in _SETTINGS:
        yield "set local " + setting + ";"
    yield "-- Rows that a policy hides shall be an error, not left out."
    yield "set local row_security = off;"


def _made(part: Part) -> sql.Composed:
    own = [
        sql.SQL("c.{} as {}").format(Name(name), Name("c" + str(number)))
        for number, name in enumerate(part.stored, 1)
    ]
    after = [
        sql.SQL("c.{} as {}").format(Name(name), Name("a" + str(number)))
        for number, name in enumerate(part.after, 1)
    ]
    return sql.SQL(
        "create temporary table {} on commit drop as\n    select {}\n    from {} as c with no data;"
    ).format(Name("pgtether_" + str(part.number)), sql.SQL(", ").join([*own, *after]), source(part.table))


def _copied(part: Part) -> str:
    return "\\copy " + text_of(part.temporary) + " from " + _psql_text(part.file)


def _groups(parts: Sequence[Part], schema: Schema) -> Iterator[list[Part]]:
    """Parts that must be written by one statement, those first that others need."""
    needed: dict[int, list[int]] = {part.number: [] for part in parts}
    for part in parts:
        for key in schema.keys.values():
            if key.child.root != part.table or (part.sets and not set(key.key.columns) & set(part.sets)):
                continue
            for other in parts:
                if (
                    other.table == key.parent.root
                    and other is not part
                    and _gives(other, key.key.ref_columns)
                ):
                    needed[part.number].append(other.number)
    by_number = {part.number: part for part in parts}
    for group in components(needed):
        yield [by_number[number] for number in sorted(group)]


def _gives(part: Part, ref_columns: Sequence[str]) -> bool:
    """Whether it brings values back that a key refers to."""
    return not part.sets or bool(set(ref_columns) & set(part.sets))


def _written(group: Sequence[Part]) -> str:
    statements = [_updated(part) if part.sets else _inserted(part) for part in group]
    if len(statements) == 1:
        return text_of(statements[0]) + ";"
    first = sql.SQL(",\n").join(
        sql.SQL("{} as (\n{}\n)").format(Name("p" + str(number)), statement)
        for number, statement in enumerate(statements[:-1], 1)
    )
    return text_of(sql.SQL("with {}\n{};").format(first, statements[-1]))


def _inserted(part: Part) -> sql.Composed:
    return sql.SQL("insert into {} ({}) overriding system value\nselect {}\nfrom {} as r").format(
        Name(part.table.schema, part.table.name),
        columns(part.stored),
        sql.SQL(", ").join(part.place(name) for name in part.stored),
        part.temporary,
    )


def _updated(part: Part) -> sql.Composed:
    values = sql.SQL(", ").join(sql.SQL("{} = {}").format(Name(name), part.place(name)) for name in part.sets)
    if not part.key:
        return _updated_whole(part, values)
    same = sql.SQL(" and ").join(
        sql.SQL("c.{} = {}").format(Name(name), part.place(name)) for name in part.key
    )
    return sql.SQL("update {} as c\nset {}\nfrom {} as r\nwhere {}").format(
        source(part.table), values, part.temporary, same
    )


def _updated_whole(part: Part, values: sql.Composable) -> sql.Composed:
    """Rows without a key to find them by: told by all that they are now, equal ones by number."""
    became = {name: Name("r", "a" + str(number)) for number, name in enumerate(part.after, 1)}
    then = _texts([became.get(name, part.place(name)) for name in part.stored])
    now = _texts([Name("c", name) for name in part.stored])
    return sql.SQL(
        "update {table} as c\nset {values}\n"
        "from (\n"
        "    select r.*, {then} as texts, row_number() over (partition by {then}) as place\n"
        "    from {temporary} as r\n"
        ") as r\n"
        "join (\n"
        "    select c.tableoid as leaf, c.ctid as tid, {now} as texts,\n"
        "        row_number() over (partition by {now}) as place\n"
        "    from {table} as c\n"
        ") as f on f.texts = r.texts and f.place = r.place\n"
        "where c.tableoid = f.leaf and c.ctid = f.tid"
    ).format(table=source(part.table), values=values, then=then, now=now, temporary=part.temporary)


def _texts(values: Sequence[sql.Composable]) -> sql.Composed:
    """A composite value of which a field is null ``is not null`` neither, hence ``is distinct from``."""
    each = [
        sql.SQL("case when {} is distinct from null then pg_catalog.format('%s', {}) end").format(
            value, value
        )
        for value in values
    ]
    return sql.SQL("array[{}]::text[]").format(sql.SQL(", ").join(each))


def _psql_text(text: str) -> str:
    """Quoted for a command of psql's own, on one line."""
    signs = {"\\": "\\\\", "'": "''", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "'" + "".join(signs.get(sign, sign) for sign in text) + "'"


def one_line(template: str, *values: str) -> str:
    """A comment, which no line break in a name or condition can end."""
    shown = ("".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in value) for value in values)
    return template.format(*shown)
