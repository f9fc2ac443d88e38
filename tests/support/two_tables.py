"""Two small tables whose key is missing, with orphans, and the steps that mend them."""

from __future__ import annotations

from queries.models import OnDelete, Repair
from queries.steps import AddKey, CreateIndex, DropNotNull, RepairOrphans, ValidateKey

SCHEMA = """
create table users (id int primary key, mail text);
create table orders (id int primary key, user_id int not null, note text);
insert into users select g, 'u' || g from generate_series(1, 20) as g;
insert into orders select g, g % 22 + 1, 'o' from generate_series(1, 40) as g;
"""
CHILD, PARENT = "orders(user_id)", "users(id)"
KEY = AddKey(
    id="key", child=CHILD, parent=PARENT, on_delete=OnDelete.CASCADE, name="orders_user", not_valid=True
)
REPAIR = RepairOrphans(id="orphans", child=CHILD, parent=PARENT, by=Repair.PARK)
VALID = ValidateKey(id="valid", table="orders", name="orders_user")
INDEX = CreateIndex(id="index", table="orders", columns=("user_id",), name="orders_user_idx")
NULLABLE = DropNotNull(id="nullable", table="orders", column="user_id")
