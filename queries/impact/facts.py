"""Read the facts of a reach: a handful of catalog queries in one pipeline, whatever the number of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from psycopg import Connection, sql
from psycopg.rows import args_row

from queries.catalog import Catalog, ForeignKey, Table
from queries.impact.lookups import identifier
from queries.impact.reach import Reach, reach
from queries.impact.schema import Check, Column, Key, Relation, Rule, Schema, Trigger, Unique
from queries.impact.values import normal
from queries.load import query, rows
from queries.orphans.condition import Comparison, equals, verbatim

_BY_TABLE = ("triggers", "columns", "checks", "uniques", "rules")
_ROW, _INSERT, _DELETE, _UPDATE = 1, 4, 8, 16  # bits of pg_trigger.tgtype


class _Compared(NamedTuple):
    comparison: Comparison
    types: tuple[str, str]


def reached(connection: Connection[Any], catalog: Catalog, table: Table) -> Reach:
    """What a DELETE from the table can concern, with the tables that inherit from it."""
    heirs = rows(connection, "impact/heirs", int, {"table": table.oid}) if table.inherited else []
    return reach(catalog, table, heirs=heirs)


def facts(connection: Connection[Any], reach: Reach) -> Schema:
    """Everything that the simulation of a delete asks the catalog, inside the caller's transaction."""
    tables = {"tables": [oid for family in reach.families.values() for oid in family.oids]}
    with connection.pipeline():
        cursors = {name: _cursor(connection) for name in (*_BY_TABLE, "comparisons")}
        for name in _BY_TABLE:
            cursors[name].execute(query(f"impact/{name}"), tables)
        keys = [key.oid for key in reach.keys]
        cursors["comparisons"].execute(query("impact/comparisons"), {"keys": keys})
        answers = {name: cursor.fetchall() for name, cursor in cursors.items()}
    relations = _relations(reach, {name: _by_table(answers[name]) for name in _BY_TABLE})
    compared: dict[int, list[_Compared]] = defaultdict(list)
    for oid, *rest, ref_compared, other in answers["comparisons"]:
        compared[oid].append(_Compared(Comparison(*rest), (ref_compared, other)))
    found = {key.oid: _key(key, relations, compared[key.oid]) for key in reach.keys}
    return Schema(reach, relations, found, connection.info.server_version)


def _cursor(connection: Connection[Any]) -> Any:
    return connection.cursor(row_factory=args_row(lambda *values: values), binary=True)


def _by_table(answer: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for oid, *rest in answer:
        found[oid].append(tuple(rest))
    return found


def _relations(
    reach: Reach, answers: Mapping[str, Mapping[int, list[tuple[Any, ...]]]]
) -> dict[int, Relation]:
    found = {}
    for family in reach.families.values():
        layout = _layout(reach, family.oids, answers["uniques"])
        for table in family.members:
            found[table.oid] = Relation(
                table=table,
                root=family.root,
                columns={row[0]: Column(*row) for row in answers["columns"].get(table.oid, ())},
                layout=layout,
                triggers=tuple(_triggers(answers["triggers"].get(table.oid, ()))),
                checks=tuple(Check(*row) for row in answers["checks"].get(table.oid, ())),
                uniques=tuple(_uniques(answers["uniques"].get(table.oid, ()))),
                rules=tuple(Rule(*row) for row in answers["rules"].get(table.oid, ())),
            )
    return found


def _layout(
    reach: Reach, oids: tuple[int, ...], uniques: Mapping[int, list[tuple[Any, ...]]]
) -> tuple[str, ...]:
    """The columns of keys, and those of unique indexes of which one may change."""
    columns: dict[str, None] = {}
    changed: frozenset[str] = frozenset()
    for oid in oids:
        changed |= reach.changed.get(oid, frozenset())
    for key in reach.keys:
        if key.child_oid in oids:
            columns.update(dict.fromkeys(key.columns))
        if key.parent_oid in oids:
            columns.update(dict.fromkeys(key.ref_columns))
    for oid in oids:
        for unique in _uniques(uniques.get(oid, ())):
            if changed & set(unique.columns):
                columns.update(dict.fromkeys(unique.columns))
    return tuple(columns)


def _uniques(answer: Iterable[tuple[Any, ...]]) -> Iterable[Unique]:
    for oid, name, columns, is_plain, depends in answer:
        yield Unique(oid, name, tuple(columns), is_plain, tuple(depends) or tuple(columns))


def _triggers(answer: Iterable[tuple[Any, ...]]) -> Iterable[Trigger]:
    for name, function, type_, fires, deferred, key in answer:
        if fires:
            yield Trigger(
                name=name,
                action=_action(function),
                on_insert=bool(type_ & _INSERT),
                on_delete=bool(type_ & _DELETE),
                on_update=bool(type_ & _UPDATE),
                by_row=bool(type_ & _ROW),
                deferred=deferred,
                key=key,
            )


def _action(function: str) -> str:
    """``RI_FKey_noaction_del`` is noaction."""
    if function == "unique_key_recheck":
        return "recheck"
    return function.split("_")[2] if function.startswith("RI_FKey_") else "user"


def _key(key: ForeignKey, relations: Mapping[int, Relation], compared: list[_Compared]) -> Key:
    child, parent = relations[key.child_oid], relations[key.parent_oid]
    return Key(
        key=key,
        child=child,
        parent=parent,
        places=child.places(key.columns),
        ref_places=parent.places(key.ref_columns),
        set_places=child.places(key.set_columns or key.columns),
        matches=verbatim(sql.SQL(" and ").join(equals(each.comparison) for each in compared)),
        one_of=_one_of(compared),
        normals=tuple(
            normal(*each.types, is_deterministic=_is_deterministic(child, parent, each.comparison))
            for each in compared
        ),
    )


def _one_of(compared: list[_Compared]) -> tuple[sql.Composable, sql.Composable] | None:
    """``c.column = any (array)``: what an index is looked up by at once, for a key of one column."""
    each = compared[0].comparison
    casts = {each.ref_cast or "", each.cast or ""}
    is_known = (each.operator_schema, each.operator) == ("pg_catalog", "=")
    if len(compared) > 1 or not is_known or any(cast.startswith("any") for cast in casts):
        return None
    column = sql.Composed([identifier("c", each.column)])
    if each.cast:
        column = sql.SQL("{}::{}").format(column, identifier(each.cast_schema or "", each.cast))
    if each.collation:
        column += sql.SQL(" collate {}").format(identifier(each.collation_schema or "", each.collation))
    end: sql.Composable = sql.SQL(")")
    if each.ref_cast:
        end = sql.SQL("::{}[])").format(identifier(each.ref_cast_schema or "", each.ref_cast))
    return sql.SQL("{} operator(pg_catalog.=) any (").format(column), end


def _is_deterministic(child: Relation, parent: Relation, pair: Comparison) -> bool:
    return child.columns[pair.column].is_deterministic and parent.columns[pair.ref_column].is_deterministic
