"""Definitions and fingerprints: equal where the same was declared, on every version, and only there."""

from __future__ import annotations

import psycopg
import pytest

from queries import record
from queries.catalog import catalog
from queries.definitions import TableDefinition, definitions
from queries.fingerprint import fingerprint_text, fingerprints

SCHEMA = """
create schema "Odd";
create domain "Odd".short as text collate "C" check (value <> '');
create table public.users (
    id bigint generated always as identity primary key,
    mail text not null unique,
    code "Odd".short default 'x',
    twice numeric(10, 2) generated always as (1.5 * 2) stored,
    made timestamptz not null default now(),
    tags text[] default '{}'
);
create table "Odd"."Orders %" (
    "Id" serial primary key,
    user_id bigint not null,
    amount int constraint amount_check check (amount > 0),
    constraint user_fk foreign key (user_id) references users on update cascade on delete set null
        deferrable initially deferred
);
alter table "Odd"."Orders %" add constraint mail_fk
    foreign key (amount) references "Odd"."Orders %" not valid;
create index on "Odd"."Orders %" (user_id desc, lower(amount::text)) where amount > 1;
create unique index bare on "Odd"."Orders %" (user_id);
comment on constraint user_fk on "Odd"."Orders %" is 'why % ''so''';
comment on column users.mail is 'where to write';
create table parted (id int, u bigint) partition by range (id);
create table parted_1 partition of parted for values from (0) to (10);
alter table parted add constraint parted_fk foreign key (u) references users on delete cascade;
"""

TEXT = """\
table "Odd"."Orders %"
  column "Id" integer not null default nextval('"Odd"."Orders %_Id_seq"'::regclass)
  column user_id bigint not null
  column amount integer
  constraint "Orders %_pkey" PRIMARY KEY ("Id")
  constraint amount_check CHECK ((amount > 0))
  constraint mail_fk FOREIGN KEY (amount) REFERENCES "Odd"."Orders %"("Id") NOT VALID
  constraint user_fk FOREIGN KEY (user_id) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE SET NULL \
DEFERRABLE INITIALLY DEFERRED -- "why % 'so'"
  index CREATE UNIQUE INDEX "Orders %_pkey" ON "Odd"."Orders %" USING btree ("Id")
  index CREATE INDEX "Orders %_user_id_lower_idx" ON "Odd"."Orders %" USING btree (user_id DESC, \
lower((amount)::text)) WHERE (amount > 1)
  index CREATE UNIQUE INDEX bare ON "Odd"."Orders %" USING btree (user_id)
  on delete 1: "Odd"."Orders %" mail_fk
  on update 1: "Odd"."Orders %" mail_fk

table public.parted
  column id integer
  column u bigint
  constraint parted_fk FOREIGN KEY (u) REFERENCES public.users(id) ON DELETE CASCADE

table public.parted_1
  column id integer
  column u bigint

table public.users
  column id bigint not null generated always
  column mail text not null -- 'where to write'
  column code "Odd".short default 'x'::text
  column twice numeric(10,2) generated s (1.5 * (2)::numeric)
  column made timestamp with time zone not null default now()
  column tags text[] default '{}'::text[]
  constraint users_mail_key UNIQUE (mail)
  constraint users_pkey PRIMARY KEY (id)
  index CREATE UNIQUE INDEX users_mail_key ON public.users USING btree (mail)
  index CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)
  on delete 1: "Odd"."Orders %" user_fk
  on delete 2: public.parted parted_fk
  on update 1: "Odd"."Orders %" user_fk
  on update 2: public.parted parted_fk
"""


def read(connection: psycopg.Connection) -> dict[str, TableDefinition]:
    """Of all tables."""
    with connection.transaction():
        return definitions(connection, list(catalog(connection).tables))


@pytest.mark.three_versions
def test_the_text_is_the_same_on_every_version(connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    found = read(connection)
    assert fingerprint_text(found) == TEXT
    assert len(set(fingerprints(found).values())) == 4


def test_the_text_does_not_depend_on_the_search_path(connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    connection.execute('set search_path to "Odd", public')
    assert fingerprint_text(read(connection)) == TEXT
    assert connection.execute("show search_path").fetchone() == ('"Odd", public',)


def test_our_own_schema_is_left_out(connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    record.ensure(connection)
    assert fingerprint_text(read(connection)) == TEXT


CHANGES = {
    "name of a column": ("alter table users rename mail to email", {"public.users"}),
    "type": ("alter table users alter mail type varchar", {"public.users"}),
    "not null": ("alter table users alter mail drop not null", {"public.users"}),
    "default": ("alter table users alter code drop default", {"public.users"}),
    "comment": ("comment on constraint user_fk on \"Odd\".\"Orders %\" is 'other'", {'"Odd"."Orders %"'}),
    "validity": ("update \"Odd\".\"Orders %\" set amount = null;"
                 "alter table \"Odd\".\"Orders %\" validate constraint mail_fk", {'"Odd"."Orders %"'}),
    "a new key": ("create table more (u bigint references users)", {"public.users", "public.more"}),
    "order of keys": (
        'alter table "Odd"."Orders %" drop constraint user_fk, '
        "add constraint user_fk foreign key (user_id) references users on update cascade on delete set null "
        "deferrable initially deferred;"
        "comment on constraint user_fk on \"Odd\".\"Orders %\" is 'why % ''so'''",
        {"public.users"},
    ),
    "a disabled action": ("alter table users disable trigger all", {"public.users"}),
    "a disabled check": ("alter table parted_1 disable trigger all", {"public.parted_1"}),
    "a mark of an index": ("alter table \"Odd\".\"Orders %\" replica identity using index bare",
                           {'"Odd"."Orders %"'}),
    "another index": ("create index on parted_1 (u)", {"public.parted_1"}),
}  # fmt: skip


@pytest.mark.three_versions
@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_a_table_changes_its_fingerprint(connection: psycopg.Connection, name: str) -> None:
    connection.execute(SCHEMA)
    then = fingerprints(read(connection))
    change, tables = CHANGES[name]
    connection.execute(change)
    now = fingerprints(read(connection))
    assert {text for text in now.keys() | then.keys() if now.get(text) != then.get(text)} == tables


def test_rows_and_statistics_do_not_change_it(connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    connection.execute("insert into users (mail) values ('a')")
    connection.execute("analyze")
    assert fingerprint_text(read(connection)) == TEXT


@pytest.mark.three_versions
def test_a_key_is_read_from_both_its_sides(connection: psycopg.Connection) -> None:
    connection.execute(SCHEMA)
    found = read(connection)
    key = found['"Odd"."Orders %"'].constraint("user_fk")
    assert key is not None
    assert key in found["public.users"].referenced_by
    assert key.parent == "public.users"
    assert (key.columns, key.ref_columns) == (("user_id",), ("id",))
    assert key.operators == ("operator(pg_catalog.=)",)
    assert [each.name for each in found["public.users"].referenced_by] == ["user_fk", "parted_fk"]
    assert found["public.parted"].partitioned


@pytest.mark.three_versions
def test_each_leaf_of_a_parent_has_its_own_order(connection: psycopg.Connection) -> None:
    connection.execute(
        "create table a (id int primary key) partition by range (id);"
        "create table a0 partition of a for values from (0) to (10);"
        "create table b (x int constraint k1 references a, y int constraint k2 references a)"
    )
    leaf = read(connection)["public.a0"]
    assert [trigger.constraint for trigger in leaf.acting("delete")] == ["k1", "k2"]
    is_cloned = connection.info.server_version >= 150000
    assert {trigger.cloned for trigger in leaf.triggers} == {is_cloned}
