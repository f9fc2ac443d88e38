"""A row in the making: what is decided, and how the rest is chosen so that the server takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, sql

from queries.catalog import Table
from queries.load import query
from queries.synthetic.candidates import candidates
from queries.synthetic.constants import constants
from queries.synthetic.errors import CannotMakeRow
from queries.synthetic.facts import Demands, Shape
from queries.synthetic.search import REFUSALS, Rule, castable, combination, identifier, rules, text

Values = dict[str, str | None]


class Manner(NamedTuple):
    """One way to go about it; the next is tried where the server refuses the row."""

    checked_first: bool  # columns of keys that a check looks at are chosen before their parents are made
    reuse: bool  # one made-up parent serves several keys
    identity: bool  # identity columns are given a value, also GENERATED ALWAYS ones


@dataclass
class Draft:
    """``linked``: columns that refer to the row itself; ``made_up``: their parent comes after the row."""

    connection: Connection[Any]
    table: Table
    leaf: Table
    demands: Demands
    manner: Manner
    values: Values
    fits: Mapping[str, str | None]
    linked: dict[str, str] = field(default_factory=dict)
    made_up: set[str] = field(default_factory=set)
    key_columns: frozenset[str] = frozenset()

    @property
    def open(self) -> frozenset[str]:
        """Columns that nothing has decided yet and that may be given a value."""
        return frozenset(
            shape.name
            for shape in self.demands.shapes.values()
            if not self._is_left_out(shape)
            and shape.name not in self.values
            and shape.name not in self.linked
        )

    def choose_checked(self) -> bool:
        """Choose what the partition's bounds ask for, and the columns of keys that checks look at.

        False where no candidate satisfies them.
        """
        undecided = self.key_columns & self.open if self.manner.checked_first else frozenset()
        wanted = {
            column
            for rule in self._rules()
            if rule.is_bound or (rule.columns & undecided and rule.columns <= self.demands.checked)
            for column in self._with_sources(rule.columns)
        }
        waiting = (self.key_columns & self.open) - wanted
        usable = [rule for rule in self._rules() if rule.columns & wanted and not rule.columns & waiting]
        return self._choose(usable)

    def choose_rest(self) -> None:
        """Choose every other value that the row needs."""
        self._choose(self._rules())
        for name in sorted(self.open):
            shape = self.demands.shapes[name]
            if self._is_required(shape) and not self._has_default(shape):
                self.values[name] = self._first(name)
        for name, source in self.linked.items():
            self.values[name] = self.values[source]

    def _choose(self, wanted: Iterable[Rule]) -> bool:
        complete = True
        for group, conditions in self._groups(wanted):
            sources = {name: self.linked[name] for name in group if name in self.linked}
            asked = [
                name for name in sorted(group) if name not in sources and not self._is_left_out_name(name)
            ]
            options = {name: self._options(name) for name in asked}
            if not set(asked) & self.open:
                continue
            found = None
            if all(options.values()):
                found = combination(
                    self.connection,
                    self.demands,
                    table=self.table.name,
                    options=options,
                    linked=sources,
                    conditions=conditions,
                )
            complete = complete and found is not None
            chosen = found or {name: self._first(name, options[name]) for name in asked}
            self.values.update({name: value for name, value in chosen.items() if name not in sources})
        return complete

    def _groups(self, wanted: Iterable[Rule]) -> list[tuple[frozenset[str], list[sql.Composable]]]:
        """Rules that share a column belong together; one about a column left out is the server's."""
        groups: list[tuple[frozenset[str], list[sql.Composable]]] = []
        for rule in wanted:
            columns, conditions = self._with_sources(rule.columns), [rule.condition]
            if not columns or any(self._is_left_out_name(name) for name in columns - self._generated()):
                continue
            apart = []
            for group in groups:
                if group[0] & columns:
                    columns, conditions = columns | group[0], [*group[1], *conditions]
                else:
                    apart.append(group)
            groups = [*apart, (columns, conditions)]
        return groups

    def _with_sources(self, columns: frozenset[str]) -> frozenset[str]:
        """The columns, with those that generated and linked ones among them are made from."""
        shapes = self.demands.shapes
        made_from = self.demands.mentioned(
            shapes[name].expression for name in columns if shapes[name].generated
        )
        return (
            columns | made_from | {self.linked[name] for name in columns | made_from if name in self.linked}
        )

    def _generated(self) -> frozenset[str]:
        return frozenset(name for name, shape in self.demands.shapes.items() if shape.generated)

    def _options(self, name: str) -> list[str | None]:
        """The decided value alone, or the default, null where it may be null, and candidates."""
        if name in self.values:
            return [self.values[name]]
        shape = self.demands.shapes[name]
        default = self._default(shape)
        texts = [*default, *candidates(shape, literals=self._literals(shape), fresh=self._is_fresh(name))]
        found: list[str | None] = list(
            dict.fromkeys(castable(self.connection, shape, texts, fits=self.fits.get(name)))
        )
        if not self._is_required(shape):
            found.insert(1 if default else 0, None)
        return found

    def _first(self, name: str, options: list[str | None] | None = None) -> str | None:
        options = self._options(name) if options is None else options
        if options:
            return options[0]
        shape = self.demands.shapes[name]
        raise CannotMakeRow(
            self.table.text, f"no value of type {shape.type} is known for {name}", column=name
        )

    def _literals(self, shape: Shape) -> tuple[str, ...]:
        checks = (check.expression for check in self.demands.checks)
        own = (text for text in checks if shape.name in self.demands.mentioned([text]))
        return constants([*own, *shape.domain_checks])

    def _default(self, shape: Shape) -> list[str]:
        """The value of its default, asked once: a sequence moves, as it does for any row."""
        if not shape.default or shape.name in self.made_up:
            return []
        composed = query(
            "synthetic/converted",
            value=sql.SQL("({})").format(text(shape.default)),
            through=text(shape.type),
            type=text(shape.type),
        )
        try:
            with self.connection.transaction():
                answer = self.connection.execute(composed, {}).fetchone()
        except (*REFUSALS, psycopg.errors.ObjectNotInPrerequisiteState):
            return []
        return [answer[0]] if answer and answer[0] is not None else []

    def _rules(self) -> list[Rule]:
        return rules(self.demands, relation=identifier(self.leaf.schema, self.leaf.name))

    def _is_fresh(self, name: str) -> bool:
        return name in self.demands.fresh or name in self.made_up or name in self.key_columns

    def _has_default(self, shape: Shape) -> bool:
        return shape.default is not None and shape.name not in self.made_up

    def _is_required(self, shape: Shape) -> bool:
        """Not null, or unique where nulls are equal, or what a child is to refer to."""
        name = shape.name
        return (
            shape.not_null
            or name in self.demands.collide_as_null
            or name in self.fits
            or name in self.made_up
        )

    def _is_left_out(self, shape: Shape) -> bool:
        if shape.generated:
            return True
        forced = self.manner.identity or shape.name in self.values or shape.name in self.linked.values()
        return bool(shape.identity) and not forced and shape.name not in self.made_up

    def _is_left_out_name(self, name: str) -> bool:
        return self._is_left_out(self.demands.shapes[name])
