"""The steps that give a foreign key another rule: to set null, its columns must take null first."""

from __future__ import annotations

from queries.catalog import Catalog, ForeignKey
from queries.default_names import slug
from queries.models import OnDelete
from queries.not_null import drop_not_null, not_null_columns
from queries.steps import ChangeKey, Step

#: What each rule does with the rows that refer to a deleted one.
MEANINGS = {
    OnDelete.CASCADE: "they are deleted too, and what hangs on them",
    OnDelete.SET_NULL: "they stay and refer to nothing any more",
    OnDelete.SET_DEFAULT: "they stay and refer to the row that their default names",
    OnDelete.RESTRICT: "they refuse the delete, at once, whatever else goes",
    OnDelete.NO_ACTION: "they refuse the delete, unless they are gone by the end",
}


def rule_change(catalog: Catalog, key: ForeignKey, on_delete: OnDelete, *, why: str = "") -> tuple[Step, ...]:
    """DROP NOT NULL where it is in the way, then the key made again with the rule."""
    child = catalog.tables[key.child_oid]
    nullable: tuple[Step, ...] = ()
    if on_delete is OnDelete.SET_NULL:
        nullable = drop_not_null(catalog, child, not_null_columns(catalog, child, key.columns))
    changed = ChangeKey(
        id=slug(key.child.removeprefix("public."), key.name, "rule"),
        table=key.child,
        name=key.name,
        parent=key.parent,
        on_delete=on_delete,
        why=why,
    )
    return (*nullable, changed)
