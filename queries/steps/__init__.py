"""Kinds of steps: one file each, listed here once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from queries.steps.add_key import AddKey
from queries.steps.change_key import ChangeKey
from queries.steps.create_index import CreateIndex
from queries.steps.drop_not_null import DropNotNull
from queries.steps.rename_column import RenameColumn
from queries.steps.repair_orphans import RepairOrphans
from queries.steps.sql import SqlStep
from queries.steps.step import Before, Lock, Refusal, Settings, Step
from queries.steps.validate_key import ValidateKey

AnyStep = Annotated[
    RenameColumn | DropNotNull | CreateIndex | AddKey | ChangeKey | RepairOrphans | ValidateKey | SqlStep,
    Field(discriminator="kind"),
]

__all__ = [
    "AddKey",
    "AnyStep",
    "Before",
    "ChangeKey",
    "CreateIndex",
    "DropNotNull",
    "Lock",
    "Refusal",
    "RenameColumn",
    "RepairOrphans",
    "Settings",
    "SqlStep",
    "Step",
    "ValidateKey",
]
