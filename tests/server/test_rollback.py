"""Rolling a run back: definitions, comments and rows are what they were, and so is what a delete does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from queries.errors import Refused, StepFailed
from queries.events import Answer
from queries.models import OnDelete, Repair
from queries.names import ColumnsName, TableName
from queries.steps import (
    AddKey,
    ChangeKey,
    CreateIndex,
    DropNotNull,
    RenameColumn,
    RepairOrphans,
    SqlStep,
    ValidateKey,
)
from tests.support.runs import Desk, desk, state, there_and_back
from tests.support.two_tables import INDEX, KEY, NULLABLE, REPAIR, SCHEMA, VALID

LONG = "é" * 31 + "x"  # 63 bytes
ODD = "Odd \"é\" 'q' %s\n% ON DELETE CASCADE"
ODD_SCHEMA = """
create schema "Odd ""é"" 'q' %s
% ON DELETE CASCADE";
set search_path to "Odd ""é"" 'q' %s
% ON DELETE CASCADE";
"""


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.mark.three_versions
@pytest.mark.parametrize("by", [Repair.PARK, Repair.DELETE, Repair.SET_NULL])
def test_a_key_with_its_repair_comes_and_goes(at: Desk, connection: psycopg.Connection, by: Repair) -> None:
    repair = REPAIR.model_copy(update={"by": by})
    nullable = (NULLABLE,) if by is Repair.SET_NULL else ()
    there_and_back(at, connection, *nullable, INDEX, KEY, repair, VALID)


def test_a_plain_key_after_its_repair_comes_and_goes(at: Desk, connection: psycopg.Connection) -> None:
    there_and_back(at, connection, REPAIR, KEY.model_copy(update={"not_valid": False}))


def test_a_column_that_is_renamed_in_between_has_its_old_name_again(
    at: Desk, connection: psycopg.Connection
) -> None:
    rename = RenameColumn(id="rename", table="orders", column="user_id", to="owner_id")
    key = KEY.model_copy(update={"child": "orders(owner_id)"})
    repair = REPAIR.model_copy(update={"child": "orders(owner_id)"})
    there_and_back(at, connection, INDEX, rename, key, repair, VALID)


KEYS: list[LiteralString] = [
    "foreign key (a, b) references p (a, b)",
    "foreign key (a, b) references p (a, b) match full on update cascade on delete set default",
    "foreign key (a, b) references p (a, b) on delete restrict deferrable",
    "foreign key (a, b) references p (a, b) on update set null on delete set null "
    "deferrable initially deferred not valid",
    "foreign key (a, b) references p (a, b) on delete cascade not valid",
    "foreign key (a) references p (z)",
    "foreign key (up) references c (id) on delete set null",
]
NEWER: list[LiteralString] = ["foreign key (a, b) references p (a, b) on delete set null (b) deferrable"]


@pytest.mark.three_versions
@pytest.mark.parametrize("on_delete", [OnDelete.CASCADE, OnDelete.NO_ACTION, OnDelete.SET_DEFAULT])
def test_changed_keys_keep_the_rest_of_their_definitions(
    at: Desk, connection: psycopg.Connection, on_delete: OnDelete
) -> None:
    connection.execute(
        "create table p (a int, b int, z int, primary key (a, b)); create unique index on p (z);"
        "create table c (id int primary key, a int, b int, up int);"
        "insert into p values (1, 1, 1); insert into c values (1, 1, 1, 1), (2, null, null, 1)"
    )
    names = []
    for number, definition in enumerate(KEYS + NEWER * (connection.info.server_version >= 150000)):
        names.append(f"k{number}")
        key = sql.SQL("alter table c add constraint {} {}").format(
            sql.Identifier(names[-1]), sql.SQL(definition)
        )
        connection.execute(key)
        said = sql.SQL("comment on constraint {} on c is {}")
        connection.execute(said.format(sql.Identifier(names[-1]), sql.Literal("it's \\ \n %s kept")))
    there_and_back(
        at, connection, *(ChangeKey(id=name, table="c", name=name, on_delete=on_delete) for name in names)
    )


@pytest.mark.three_versions
def test_names_of_every_kind_survive(database: str, connection: psycopg.Connection) -> None:
    connection.execute(ODD_SCHEMA)
    child, column, name = TableName(ODD, "select"), f'c "{LONG[:20]}" %', LONG
    parent = TableName(ODD, "Élan")
    connection.execute(
        'create table "Élan" ("Größe" int primary key); '
        'create table "select" ("id" int not null, col int not null);'
        'insert into "select" values (1, 1), (2, 2); insert into "Élan" values (1)'
    )
    renamed = sql.SQL('alter table "select" rename col to {}').format(sql.Identifier(column))
    connection.execute(renamed)
    of, to = ColumnsName(child, (column,)), ColumnsName(parent, ("Größe",))
    with desk(database) as at:
        there_and_back(
            at,
            connection,
            DropNotNull(id="nullable", table=str(child), column=column),
            CreateIndex(id="index", table=str(child), columns=(column,), name=f"i{name[:-1]}"),
            AddKey(
                id="key", child=str(of), parent=str(to), on_delete=OnDelete.CASCADE, name=name, not_valid=True
            ),
            RepairOrphans(id="orphans", child=str(of), parent=str(to), by=Repair.SET_NULL),
            ValidateKey(id="valid", table=str(child), name=name),
            ChangeKey(id="change", table=str(child), name=name, on_delete=OnDelete.SET_NULL),
            RenameColumn(id="rename", table=str(child), column=column, to='new "%s" é'),
        )


def test_a_run_is_rolled_back_once(at: Desk) -> None:
    at.apply(INDEX)
    at.rollback()
    with pytest.raises(Refused, match="is rolled back: there is nothing to roll back"):
        at.rollback()
    assert at.states == ["rolled back"]


def test_a_run_that_is_not_applied_can_not_be_rolled_back(at: Desk) -> None:
    at.apply(INDEX, answers=[Answer.ROLLBACK])
    with pytest.raises(Refused, match="there is nothing"):
        at.rollback()
    with pytest.raises(StepFailed):
        at.apply(INDEX, KEY.model_copy(update={"not_valid": False}))
    with pytest.raises(Refused, match="is failed"):
        at.rollback()


def test_a_way_back_that_is_given_up_leaves_the_run_applied(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX, KEY)
    applied = state(connection)
    at.rollback(answers=[Answer.ROLLBACK])
    assert state(connection) == applied
    assert at.last.state == "applied"
    assert [step.state for step in at.last.steps] == ["done", "done"]
    at.rollback()
    assert at.last.state == "rolled back"


def test_a_way_back_that_fails_leaves_the_run_applied(at: Desk, connection: psycopg.Connection) -> None:
    bad = SqlStep(id="bad", forward="select 1", back="select 1 / 0")
    at.apply(bad, INDEX)
    applied = state(connection)
    with pytest.raises(StepFailed) as caught:
        at.rollback()
    assert caught.value.sqlstate == "22012"
    assert state(connection) == applied
    assert at.last.state == "applied"
    assert [step.state for step in at.last.steps] == ["done", "done"]
