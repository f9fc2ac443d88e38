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


def removed(own: TableDefinition, condition: sql.Composable) -> sql.Composable:
    """Delete the rows of ``own`` (alias c) under the condition and keep just those, in one statement."""
    return sql.SQL(
        "with taken as (\n"
        "    delete from {source} as c where {condition}\n"
        "    returning {now} as before\n"
        ")\n"
        "insert into pgtether.parked_row (run, step, relation, change, columns, before)\n"
        "select {who}, 'deleted', {names}, before from taken"
    ).format(source=source(own), condition=condition, now=_now(own), who=_who(own), names=_names(own))


def nulled(own: TableDefinition, condition: sql.Composable, names: Sequence[str]) -> sql.Composable:
    """Set the columns null in the rows under the condition and keep them as they were and as they are now.

    What is now is what was really stored: a trigger may have changed more.
    """
    return sql.SQL(
        "with found as (\n"
        "    select c.tableoid as part, c.ctid as place, {now} as before\n"
        "    from {source} as c where {condition}\n"
        "), taken as (\n"
        "    update {source} as c set {nulls} from found as f\n"
        "    where c.tableoid = f.part and c.ctid = f.place\n"
        "    returning f.before, {now} as after\n"
        ")\n"
        "insert into pgtether.parked_row (run, step, relation, change, columns, before, after)\n"
        "select {who}, 'updated', {names}, before, after from taken"
    ).format(
        source=source(own),
        condition=condition,
        nulls=sql.SQL(", ").join(sql.SQL("{} = null").format(Name(name)) for name in names),
        now=_now(own),
        who=_who(own),
        names=_names(own),
    )


def put_back(own: TableDefinition) -> sql.Composable:
    """Insert the removed rows of this run and step again, but for those whose key somebody has taken."""
    kept = _stored(own)
    statement = sql.SQL(
        "insert into {table} ({columns}) overriding system value\n"
        "select {values}\nfrom pgtether.parked_row as p\nwhere {parked}\n"
        "order by p.parked{passing}"
    )
    is_late = any(each.kind in "pux" and " DEFERRABLE" in each.definition for each in own.constraints)
    return statement.format(
        table=table(own.table),
        columns=columns(column.name for column in kept),
        values=sql.SQL(", ").join(_typed(place, column) for place, column in enumerate(kept, 1)),
        parked=_ours(),
        passing=words("" if is_late else "\non conflict do nothing"),  # refused where one is deferrable
    )


def put_back_values(own: TableDefinition, names: Sequence[str]) -> sql.Composable:
    """Give the nulled columns their values again, in rows that are still as they were left.

    Equal rows (a table without a key) are told apart by number, so that each value comes back once.
    """
    places = [(place, column) for place, column in enumerate(_stored(own), 1) if column.name in names]
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
        now=_now(own),
        source=source(own),
        nulls=sql.SQL(" and ").join(sql.SQL("{} is null").format(Name("c", name)) for name in names),
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
    return statement.format(parked=_ours(), source=source(own), now=_now(own))


def source(own: TableDefinition) -> sql.Composable:
    """The table alone, without the rows of children by plain inheritance."""
    return table(own.table) if own.partitioned else sql.SQL("only {}").format(table(own.table))


def _ours() -> sql.Composable:
    return sql.SQL("p.run = {} and p.step = {}").format(_RUN, _STEP)


def _stored(own: TableDefinition) -> tuple[ColumnDefinition, ...]:
    return tuple(column for column in own.columns if not column.generated)


def _who(own: TableDefinition) -> sql.Composable:
    return sql.SQL("{}, {}, {}").format(_RUN, _STEP, sql.Literal(own.table))


def _names(own: TableDefinition) -> sql.Composable:
    return _array(sql.Literal(column.name) for column in _stored(own))


def _now(own: TableDefinition) -> sql.Composable:
    return _array(_value(column.name) for column in _stored(own))


def _value(name: str) -> sql.Composable:
    """A composite value of which a field is null ``is not null`` neither, hence ``is distinct from``."""
    column = Name("c", name)
    return sql.SQL("case when {} is distinct from null then pg_catalog.format('%s', {}) end").format(
        column, column
    )


def _typed(place: int, column: ColumnDefinition) -> sql.Composable:
    return sql.SQL("p.before[{}]::{}").format(sql.Literal(place), words(column.type))


def _array(values: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL("array[{}]::text[]").format(sql.SQL(", ").join(values))
