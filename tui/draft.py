"""The plan being made: what was put into it from findings, the policy or a file, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from queries.groundwork import Groundwork
from queries.models import OnDelete, Repair
from queries.orphans import OrphanCount
from queries.plan import Plan
from queries.planning import Planned, ordered, planned, repair_id
from queries.steps import AddKey, RepairOrphans, Step, ValidateKey


@dataclass
class Draft:
    """Shared by the screens that add to it and the one that shows it; ``ground`` is None where it is stale.

    ``wanted`` holds the changes without repairs; repairs come with the counts of the ground. The steps of an
    opened file stand before them as they were written. ``decided`` is by the text of the key.
    """

    name: str = ""
    wanted: tuple[Step, ...] = ()
    opened: Plan | None = None
    decided: dict[str, Repair] = field(default_factory=dict)
    ground: Groundwork | None = None
    is_applied: bool = False  # then what is added begins a new plan

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.wanted and self.opened is None

    def add(self, steps: Sequence[Step], *, name: str) -> int:
        """Put changes into it; how many of them are new. ``name`` is for a plan that begins with them."""
        if self.is_applied:
            self.clear()
        self.name = name if self.is_empty else self.name
        before = len(self.wanted)
        self.wanted = ordered((*self.wanted, *steps))
        added = len(self.wanted) - before
        self.ground = None if added else self.ground
        return added

    def remove(self, step: Step) -> bool:
        """Take a change out, with a repair or a validation the key that it belongs to; whether it was."""
        mine = {step.id, f"{_stem(step.id)}-key", f"{_stem(step.id)}-valid"}
        kept = tuple(each for each in self.wanted if each.id not in mine)
        removed, self.wanted = len(kept) < len(self.wanted), kept
        self.ground = None if removed else self.ground
        return removed

    def open(self, made: Plan) -> None:
        """Take a plan from a file instead of what is there."""
        self.clear()
        self.opened, self.name = made, made.name

    def clear(self) -> None:
        """Begin anew."""
        self.wanted, self.opened, self.ground, self.name = (), None, None, ""
        self.is_applied = False
        self.decided.clear()

    def decide(self, repair: RepairOrphans, by: Repair) -> None:
        """Say what becomes of the orphans of a key."""
        self.decided[_key(repair)] = by

    @property
    def made(self) -> Planned:
        """The plan as it stands; without a ground only what an opened file says."""
        there = self._opened()
        comments: Mapping[str, str] = {}
        if self.ground is None:
            return Planned(there, comments)
        new = planned(
            self.name,
            self.wanted,
            counts=self.ground.counts,
            decided=self.decided,
            otherwise=None,
            catalog=self.ground.catalog,
            server_version=self.ground.server_version,
            fingerprint=self.ground.fingerprint,
        )
        known = {step.id for step in there.step}
        steps = (*there.step, *(step for step in new.plan.step if step.id not in known))
        fingerprint = {**new.plan.fingerprint, **there.fingerprint}
        return Planned(there.model_copy(update={"step": steps, "fingerprint": fingerprint}), new.comments)

    def orphans(self, repair: RepairOrphans) -> OrphanCount | None:
        """What was counted for a repair; None where the plan came from a file."""
        counts = self.ground.counts if self.ground else {}
        return next((count for step, count in counts.items() if repair_id(step) == repair.id), None)

    def intended(self, repair: RepairOrphans) -> OnDelete | None:
        """What the key does on delete whose orphans are repaired, where the plan adds that key."""
        keys = (step for step in self.made.plan.step if isinstance(step, AddKey))
        return next((key.on_delete for key in keys if f"{key.child} -> {key.parent}" == _key(repair)), None)

    def _opened(self) -> Plan:
        """The file's plan with what was decided since; a key whose orphans are left is not validated."""
        if self.opened is None:
            return Plan(schema_version=1, name=self.name)
        steps = tuple(
            step.model_copy(update={"by": self.decided.get(_key(step), step.by)})
            if isinstance(step, RepairOrphans)
            else step
            for step in self.opened.step
        )
        left = {
            _stem(step.id) for step in steps if isinstance(step, RepairOrphans) and step.by is Repair.LEAVE
        }
        kept = (step for step in steps if not (isinstance(step, ValidateKey) and _stem(step.id) in left))
        return self.opened.model_copy(update={"step": tuple(kept)})


def _stem(step: str) -> str:
    return repair_id(step.removesuffix("-orphans")).removesuffix("-orphans")


def _key(repair: RepairOrphans) -> str:
    return f"{repair.child} -> {repair.parent}"
