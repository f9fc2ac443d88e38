"""Differences between two readings, in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.definitions import (
    ColumnDefinition,
    ConstraintDefinition,
    IndexDefinition,
    KeyTrigger,
    TableDefinition,
)
from queries.difference import difference
from queries.models import OnDelete

ID = ColumnDefinition("id", "integer", True, None, "", "", None, None)
USER = ColumnDefinition("user_id", "integer", True, None, "", "", None, None)
KEY = ConstraintDefinition(
    "public.orders", "fk", "f", "FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE",
    True, True, None, ("user_id",), "public.users", ("id",), OnDelete.CASCADE,
)  # fmt: skip
CHECK = ConstraintDefinition("public.orders", "positive", "c", "CHECK ((id > 0))", True, True, None, ("id",))
INDEX = IndexDefinition(
    "i", "CREATE INDEX i ON public.orders USING btree (user_id)", True, False, False, None
)
ORDERS = TableDefinition("public.orders", columns=(ID, USER))


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({}, {}, ()),
        ({"columns": (ID, USER)}, {"columns": (ID,)}, ("orders.user_id is gone",)),
        ({"columns": (ID,)}, {"columns": (ID, USER)}, ("orders.user_id is new: integer",)),
        (
            {"columns": (ID, USER)},
            {"columns": (ID, replace(USER, name="Owner", not_null=False))},
            ('orders.user_id is now called "Owner"', 'orders."Owner" may be null now'),
        ),
        (
            {"columns": (USER,)},
            {"columns": (replace(USER, type="bigint", default="0", comment="c"),)},
            (
                "orders.user_id is now bigint, was integer",
                "orders.user_id has the default 0 now",
                "orders.user_id has another comment",
            ),
        ),
        (
            {},
            {"constraints": (KEY,)},
            ("orders.user_id now refers to users.id, ON DELETE CASCADE (fk)",),
        ),
        (
            {"constraints": (KEY,)},
            {"constraints": (replace(KEY, on_delete=OnDelete.SET_NULL, validated=False),)},
            ("orders.user_id now refers to users.id, ON DELETE SET NULL, not validated (fk)",),
        ),
        (
            {"constraints": (replace(KEY, validated=False, definition=KEY.definition + " NOT VALID"),)},
            {"constraints": (KEY,)},
            ("fk of orders is valid now",),
        ),
        (
            {"constraints": (KEY,)},
            {"constraints": (replace(KEY, comment="c"),)},
            ("fk of orders has another comment",),
        ),
        (
            {"constraints": (KEY, CHECK)},
            {"constraints": ()},
            ("fk of orders is gone", "positive of orders is gone"),
        ),
        ({}, {"constraints": (CHECK,)}, ("positive of orders is now CHECK ((id > 0))",)),
        ({}, {"indexes": (INDEX,)}, ("index i on orders is new",)),
        ({}, {"indexes": (replace(INDEX, valid=False),)}, ("index i on orders is new, not valid",)),
        ({"indexes": (INDEX,)}, {}, ("index i of orders is gone",)),
        (
            {"indexes": (INDEX,)},
            {"indexes": (replace(INDEX, clustered=True),)},
            ("index i on orders has changed",),
        ),
    ],
)  # fmt: skip
def test_each_change_is_one_sentence(
    then: dict[str, tuple[object, ...]], now: dict[str, tuple[object, ...]], said: tuple[str, ...]
) -> None:
    before, after = (replace(ORDERS, **values) for values in (then, now))  # type: ignore[arg-type]
    assert difference({"public.orders": before}, {"public.orders": after}) == said


def test_a_composite_key_is_written_with_its_columns() -> None:
    key = replace(KEY, columns=("a", "B"), ref_columns=("x", "y"), parent="other.users")
    assert difference({"public.orders": ORDERS}, {"public.orders": replace(ORDERS, constraints=(key,))}) == (
        'orders(a, "B") now refers to other.users(x, y), ON DELETE CASCADE (fk)',
    )


def test_tables_come_and_go_in_order() -> None:
    other = TableDefinition("other.t")
    assert difference({"public.orders": ORDERS}, {"other.t": other}) == ("other.t is new", "orders is gone")


def test_another_order_of_keys_is_said_and_new_keys_are_not() -> None:
    first, second, third = (
        KeyTrigger(f"RI_{name}", "delete", "O", False, "public.d", name) for name in ("k1", "k2", "k3")
    )
    then = {"public.a": TableDefinition("public.a", triggers=(first, second))}
    grown = {"public.a": TableDefinition("public.a", triggers=(first, second, third))}
    turned = {"public.a": TableDefinition("public.a", triggers=(replace(first, name="RI_z"), second))}
    assert difference(then, grown) == ()
    assert difference(then, turned) == ("on delete of a its keys now act in another order: k2, k1",)
