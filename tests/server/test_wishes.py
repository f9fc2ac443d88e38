"""What a policy wants and a database doesn't show, and the steps that would fulfil it."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from queries.catalog import Catalog, catalog
from queries.default_names import index_name, key_name
from queries.policy import NO_POLICY, Policy, parsed_policy, policy_of, policy_text
from queries.steps import AddKey, ChangeKey, CreateIndex, RenameColumn, RepairOrphans, Step
from queries.wishes import Wish, wanted_keys, wishes

HEAD = 'schema_version = 1\nname = "test"\n'
CUSTOMERS = "create table customers (id int primary key);"


def key(child: str, parent: str, on_delete: str, more: str = "") -> str:
    return (
        f'[[foreign_key]]\nchild = "{child}"\nparent = "{parent}"\n'
        f'on_delete = "{on_delete}"\nwhy = "agreed"\n{more}\n'
    )


def read(connection: Connection[Any], made: str = "select 1") -> Catalog:
    connection.execute(made.encode())
    with connection.transaction():
        return catalog(connection)


def unmet(connection: Connection[Any], made: str, *wanted: str) -> list[Wish]:
    return list(wishes(parsed_policy(HEAD + "\n".join(wanted)), read(connection, made)))


def kinds(steps: tuple[Step, ...]) -> list[str]:
    return [step.kind for step in steps]


def test_a_missing_key_brings_all_that_it_implies(connection: Connection[Any]) -> None:
    made = CUSTOMERS + "create table orders (id int, customer_id int not null)"
    more = 'orphans = "set-null"\nname = "fk_orders_customer"'
    (wish,) = unmet(connection, made, key("orders(customer_id)", "customers(id)", "set null", more))
    assert kinds(wish.steps) == ["drop not null", "create index", "repair orphans", "add key"]
    _, index, repair, add = wish.steps
    assert isinstance(index, CreateIndex)
    assert (index.table, index.name) == ("public.orders", "orders_customer_id_idx")
    assert isinstance(repair, RepairOrphans)
    assert isinstance(add, AddKey)
    assert (add.child, add.parent) == ("public.orders(customer_id)", "public.customers(id)")
    assert (add.name, add.not_valid, add.id) == (
        "fk_orders_customer",
        False,
        "orders-customer-id-customers-key",
    )


def test_a_key_over_orphans_that_are_left_stays_not_valid(connection: Connection[Any]) -> None:
    made = CUSTOMERS + "create table orders (customer_id int)"
    more = 'orphans = "leave"\nindex = false'
    (wish,) = unmet(connection, made, key("orders(customer_id)", "customers(id)", "cascade", more))
    (step,) = wish.steps
    assert isinstance(step, AddKey)
    assert step.not_valid


def test_a_key_to_columns_that_are_not_unique_is_told_as_such(connection: Connection[Any]) -> None:
    made = "create table customers (id int, n int, unique (id, n)); create table orders (c int)"
    wanted = key("orders(c)", "customers(id)", "cascade")
    (wish,) = unmet(connection, made, wanted)
    assert wish.message.endswith("public.customers(id) first needs to be a primary key or unique.")
    (wish,) = unmet(connection, "create unique index on customers (id)", wanted)
    assert wish.message == "No key says public.orders(c) -> public.customers(id)."


def test_another_name_and_another_order_of_columns_are_no_difference(connection: Connection[Any]) -> None:
    made = """
        create table p (x int, y int, primary key (x, y));
        create table c (a int, b int,
            constraint odd foreign key (b, a) references p (y, x) on delete cascade);
        create index on c (b, a);
    """
    assert unmet(connection, made, key("c(a, b)", "p(x, y)", "cascade", 'name = "wanted"')) == []
    assert [each.check for each in unmet(connection, "select 1", key("c(a, b)", "p(y, x)", "cascade"))] == [
        "missing-foreign-key"
    ]


def test_another_rule_is_changed_and_the_column_made_nullable(connection: Connection[Any]) -> None:
    made = CUSTOMERS + "create table orders (c int not null references customers); create index on orders (c)"
    (wish,) = unmet(connection, made, key("orders(c)", "customers(id)", "set null"))
    assert (wish.check, wish.constraint) == ("wrong-on-delete", "orders_c_fkey")
    assert wish.message == "orders_c_fkey is on delete no action, wanted is set null."
    assert kinds(wish.steps) == ["drop not null", "change key"]
    assert isinstance(wish.steps[1], ChangeKey)
    assert wish.steps[1].parent == "public.customers"


def test_a_primary_key_can_not_be_made_nullable_so_no_step_tries(connection: Connection[Any]) -> None:
    made = CUSTOMERS + "create table details (id int primary key references customers on delete cascade)"
    (wish,) = unmet(connection, made, key("details(id)", "customers(id)", "set null"))
    assert kinds(wish.steps) == ["change key"]


def test_a_declared_key_wants_its_index_and_its_validation(connection: Connection[Any]) -> None:
    made = CUSTOMERS + (
        "create table orders (c int);alter table orders add foreign key (c) references customers not valid"
    )
    wanted = key("orders(c)", "customers(id)", "no action", 'orphans = "delete"')
    index, valid = unmet(connection, made, wanted)
    assert (index.check, kinds(index.steps)) == ("key-without-index", ["create index"])
    assert (valid.check, kinds(valid.steps)) == ("not-valid", ["repair orphans", "validate key"])


def test_a_policy_s_index_over_the_same_columns_names_the_key_s_index(connection: Connection[Any]) -> None:
    made = CUSTOMERS + "create table orders (c int, placed date)"
    named = '[[index]]\non = "orders(c, placed)"\nname = "orders_of_customer"\nwhy = "history"'
    wanted, index = unmet(connection, made, key("orders(c)", "customers(id)", "cascade"), named)
    assert wanted.steps[0] == index.steps[0]
    assert isinstance(index.steps[0], CreateIndex)
    assert (index.steps[0].name, index.steps[0].columns) == ("orders_of_customer", ("c", "placed"))


def test_renames_come_first_and_the_rest_uses_the_new_names(connection: Connection[Any]) -> None:
    made = """
        create table patients (id int primary key);
        create table notes (client_id int references patients on delete cascade);
        create index on notes (client_id);
        create table visits (patient_id int);
    """
    rename = '[[rename]]\ncolumn = "notes.client_id"\nto = "patient_id"\nwhy = "one word"'
    notes = key("notes(patient_id)", "patients(id)", "cascade")
    (wish,) = unmet(connection, made, notes, rename)
    assert (wish.check, wish.subject) == ("rename-column", "public.notes(client_id)")
    (step,) = wish.steps
    assert isinstance(step, RenameColumn)
    assert (step.table, step.column, step.to) == ("public.notes", "client_id", "patient_id")
    both = parsed_policy(HEAD + rename + "\n" + notes.replace("notes(", "visits(") + notes)
    now = [str(each.name) for each in wanted_keys(both, read(connection))]
    assert now == [
        "public.visits(patient_id) -> public.patients(id)",
        "public.notes(client_id) -> public.patients(id)",
    ]
    assert unmet(connection, "alter table notes rename client_id to patient_id", notes, rename) == []


def test_a_rename_to_a_name_that_is_taken_is_left_to_a_person(connection: Connection[Any]) -> None:
    rename = '[[rename]]\ncolumn = "notes.old"\nto = "new"\nwhy = "one word"'
    (wish,) = unmet(connection, "create table notes (old int, new int)", rename)
    assert wish.steps == ()
    assert "both are there" in wish.message


def test_what_is_missing_is_told_once_and_may_be_allowed(connection: Connection[Any]) -> None:
    skip = 'if_missing = "skip"'
    made = "create table orders (id int)"
    gone = unmet(
        connection,
        made,
        key("vitals(user_id)", "users(id)", "cascade", skip),
        key("orders(user_id)", "users(id)", "cascade"),
    )
    assert [(each.subject, each.is_skipped) for each in gone] == [
        ("public.vitals", True),
        ("public.users", False),
        ("public.orders(user_id)", False),
    ]


@pytest.mark.three_versions
def test_the_policy_of_what_is_there_asks_for_nothing(connection: Connection[Any]) -> None:
    made = """
        create schema "Odd Schema";
        create table "Odd Schema"."A%" ("Id" int primary key, "select" int, unique ("Id", "select"));
        create table b (x int references "Odd Schema"."A%" on delete set null, y int not null,
                        foreign key (x, y) references "Odd Schema"."A%" ("Id", "select") on delete cascade);
        create index on b (x);
        create table tree (id int primary key, up int references tree on delete restrict);
    """
    now = read(connection, made)
    found = policy_of(now, name="here")
    assert len(found.foreign_key) == 3
    assert [wanted.index for wanted in found.foreign_key] == [True, False, False]
    assert wishes(found, now) == ()
    assert parsed_policy(policy_text(found)) == found


def test_without_a_policy_nothing_is_wanted(connection: Connection[Any]) -> None:
    assert wishes(NO_POLICY, read(connection, CUSTOMERS)) == ()
    assert wishes(Policy(schema_version=1, name="x"), read(connection)) == ()


@pytest.mark.three_versions
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("orders", ("customer_id",)),
        ("orders", ("a", "b")),
        ("t" * 60, ("c" * 20,)),
        ("t" * 20, ("c" * 60, "d" * 10)),
        ("tä" * 20, ("ßc" * 20,)),
    ],
)
def test_default_names_are_those_that_the_server_chooses(
    connection: Connection[Any], table: str, columns: tuple[str, ...]
) -> None:
    listed = ", ".join(f'"{column}" int' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    make = (
        f'create index on "{table}" ({names});'
        f'alter table "{table}" add foreign key ({names}) references "{table}" ({names});'
    )
    now = read(connection, f'create table "{table}" ({listed}, unique ({names}))')
    for _ in range(2):  # the second time the first names are taken
        own = now.by_name["public", table]
        expected = (index_name(now, own, columns), key_name(now, own, columns))
        before = {index.name for index in now.indexes[own.oid]}, {each.name for each in now.foreign_keys}
        now = read(connection, make)
        assert {expected[0]} == {index.name for index in now.indexes[own.oid]} - before[0]
        assert {expected[1]} == {each.name for each in now.foreign_keys} - before[1]
