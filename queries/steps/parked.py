"""Statements that keep rows in ``pgtether.parked_row`` and put them back.

Each value is kept by its type's output function (``format('%s')``), which is exact where a cast to text or
to json is not. Run and step come from the settings ``pgtether.run`` and ``pgtether.step`` of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from psycopg import sql

from queries.definitions import ColumnDefinition, TableDefinition
from queries.steps.compose import Name, columns, table, words

_RUN = sql.SQL("pg_catalog.current_setting('pgtether.run')::bigint")
_STEP = sql.SQL("pg_catalog.current_setting('pgtether.step')")


def parked(own: TableDefinition, condition: sql.Composable, *, nulled: Sequence[str] = ()) -> sql.Composable:
    """Keep the rows of ``own`` (alias c) under the condition: those that go, or whose columns go null."""
    kept = [column.name for column in _stored(own)]
    after = [sql.SQL("null") if name in nulled else _value(name) for name in kept]
    return sql.SQL(
        "insert into pgtether.parked_row (run, step, relation, change, columns, before, after)\n"
        "select {run}, {step}, {relation}, {change}, {names}, {before}, {after}\n"
        "from {source} as c where {condition}"
    ).format(
        run=_RUN,
        step=_STEP,
        relation=sql.Literal(own.table),
        change=sql.Literal("updated" if nulled else "deleted"),
        names=_array(sql.Literal(name) for name in kept),
        before=_array(_value(name) for name in kept),
        after=_array(after) if nulled else sql.SQL("null"),
        source=source(own),
        condition=condition,
    )


def put_back(own: TableDefinition) -> sql.Composable:
    """Insert the removed rows of this run and step again, but for those whose key somebody has taken."""
    kept = _stored(own)
    statement = sql.SQL(
        "insert into {table} ({columns}) overriding system value\n"
        "select {values}\nfrom pgtether.parked_row as p\nwhere {parked}\n"
        "order by p.parked\non conflict do nothing"
    )
    return statement.format(
        table=table(own.table),
        columns=columns(column.name for column in kept),
        values=sql.SQL(", ").join(_typed(place, column) for place, column in enumerate(kept, 1)),
        parked=_ours(),
    )


def put_back_values(own: TableDefinition, nulled: Sequence[str]) -> sql.Composable:
    """Give the nulled columns their values again, in rows that are still as they were left.

    Equal rows (a table without a key) are told apart by number, so that each value comes back once.
    """
    kept = _stored(own)
    places = [(place, column) for place, column in enumerate(kept, 1) if column.name in nulled]
    return sql.SQL(
        "with taken as (\n"
        "    select p.before, p.after, row_number() over (partition by p.after order by p.parked) as place\n"
        "    from pgtether.parked_row as p where {parked}\n"
        "), left_as as (\n"
        "    select c.tableoid as part, c.ctid as place_in, {now} as now,\n"
        "        row_number() over (partition by {now} order by c.tableoid, c.ctid) as place\n"
        "    from {source} as c where {nulls}\n"
        ")\n"
        "update {source} as c set {values}\n"
        "from taken as p join left_as as l on l.now = p.after and l.place = p.place\n"
        "where c.tableoid = l.part and c.ctid = l.place_in"
    ).format(
        parked=_ours(),
        now=_array(_value(column.name) for column in kept),
        source=source(own),
        nulls=sql.SQL(" and ").join(sql.SQL("{} is null").format(Name("c", name)) for name in nulled),
        values=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(Name(column.name), _typed(place, column)) for place, column in places
        ),
    )


def conflicts(own: TableDefinition) -> sql.Composable:
    """Parked rows of this run and step of which no equal row is in the table."""
    statement = sql.SQL(
        "select p.before from pgtether.parked_row as p\nwhere {parked} and not exists (\n"
        "    select from {source} as c where {now} = p.before\n)\norder by p.parked"
    )
    now = _array(_value(column.name) for column in _stored(own))
    return statement.format(parked=_ours(), source=source(own), now=now)


def source(own: TableDefinition) -> sql.Composable:
    """The table alone, without the rows of children by plain inheritance."""
    return table(own.table) if own.partitioned else sql.SQL("only {}").format(table(own.table))


def _ours() -> sql.Composable:
    return sql.SQL("p.run = {} and p.step = {}").format(_RUN, _STEP)


def _stored(own: TableDefinition) -> tuple[ColumnDefinition, ...]:
    return tuple(column for column in own.columns if not column.generated)


def _value(name: str) -> sql.Composable:
    column = Name("c", name)
    return sql.SQL("case when {} is not null then pg_catalog.format('%s', {}) end").format(column, column)


def _typed(place: int, column: ColumnDefinition) -> sql.Composable:
    return sql.SQL("p.before[{}]::{}").format(sql.Literal(place), words(column.type))


def _array(values: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL("array[{}]::text[]").format(sql.SQL(", ").join(values))
