"""What a simulation has found so far: blockers in their order, doubts, and which keys did what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from queries.impact.models import Blocker, Caution, Effect
from queries.impact.schema import Key
from queries.impact.state import State
from queries.impact.store import Row

At = Literal["statement", "commit"]


class _Refusal(NamedTuple):
    constraint: str | None
    table: str
    sqlstate: str
    at: At
    why: str


@dataclass
class Outcome:
    """Filled by the queue; ``certain`` is how many blockers came before the first doubt."""

    at: At = "statement"
    refusals: dict[_Refusal, dict[Row, None]] = field(default_factory=dict)
    doubts: dict[Caution, None] = field(default_factory=dict)
    certain: int | None = None
    origin: Row | None = None  # the row whose event is at hand
    origins: list[Row] = field(default_factory=list)  # of each refusal at the statement, in their order
    via: defaultdict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    defaulted: set[Row] = field(default_factory=set)

    def refuse(
        self, constraint: str | None, table: str, sqlstate: str, why: str, rows: Iterable[Row]
    ) -> None:
        """The server would end the statement here; we note it and go on as if it were not there."""
        refusal = _Refusal(constraint, table, sqlstate, self.at, why)
        if refusal not in self.refusals and self.origin is not None and self.at == "statement":
            self.origins.append(self.origin)
        self.refusals.setdefault(refusal, {}).update(dict.fromkeys(rows))

    def doubt(self, kind: str, name: str, message: str) -> None:
        """From here on nobody can know from outside."""
        if self.certain is None:
            self.certain = len(self.refusals)
        self.doubts[Caution(kind, name, message)] = None

    def acted(self, key: Key, row: Row) -> None:
        """The key deleted or changed the row."""
        self.via[row.relation.name][key.key.name] = None

    @property
    def blocked_by(self) -> tuple[Blocker, ...]:
        """In the order in which the server would meet them."""
        return tuple(
            Blocker(each.constraint, each.table, len(rows), each.sqlstate, each.at, each.why)
            for each, rows in self.refusals.items()
        )

    @property
    def first(self) -> tuple[str | None, str, str, str] | None:
        """The blocker that the server would name."""
        return next((each[:4] for each in self.refusals), None)

    def is_certainly_blocked(self) -> bool:
        """Whether it is blocked whatever the doubts come to."""
        return bool(self.refusals) and self.certain != 0

    def effects(self, state: State, target: str) -> tuple[Effect, ...]:
        """One a table, the table of the DELETE first; a row counts as what it is in the end."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in state.dead:
            counts[row.relation.name]["deleted"] += 1
        for row in state.now:
            if row not in state.dead:
                counts[row.relation.name][self._change(state, row)] += 1
        names = [target, *(name for name in self.via if name != target)]
        names += sorted(set(counts) - set(names))
        return tuple(_effect(name, counts[name], tuple(self.via.get(name, ()))) for name in names)

    def _change(self, state: State, row: Row) -> str:
        pairs = zip(row.values, state.now[row], strict=True)
        if any(before is not None and after is None for before, after in pairs):
            return "set_null"
        return "set_default" if row in self.defaulted else "updated"


def _effect(table: str, counts: Counter[str], via: tuple[str, ...]) -> Effect:
    return Effect(
        table, counts["deleted"], counts["set_null"], counts["set_default"], counts["updated"], via=via
    )
