"""Cases that once were foretold wrongly, or that random schemas hardly ever make."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.deletes import figures, make, read, refusal, told

pytestmark = pytest.mark.three_versions


def test_an_index_may_bring_the_rows_in_another_order(connection: psycopg.Connection) -> None:
    """A skip scan of 18 comes upon them by id, not as they lie in the table."""
    make(
        connection,
        "create table t3 (id int, a int not null, primary key (id, a)); "
        "create table t4 (a int, b int, c int not null); "
        "create table t6 (id int primary key, a int, b int, c int, unique (id, a, b)); "
        "insert into t3 values (1, 1); insert into t4 values (1, 1, 1); "
        "insert into t6 values (5, 1, 1, 3), (3, 1, 1, 3), (1, 1, 1, 5); "
        "alter table t6 add foreign key (b, a) references t3 match full on delete set null; "
        "alter table t6 add foreign key (c, a, b) references t6 (id, a, b) match full on update set null; "
        "alter table t4 add foreign key (b, c, a) references t6 (id, a, b) match full on update set null",
    )
    found = read(connection, "t3")
    assert "order" in {warning.kind for warning in found.warnings}
    assert refusal(connection, "t3") in [(each.sqlstate, each.at) for each in found.blocked_by]


def test_a_row_that_was_written_before_is_checked_again(connection: psycopg.Connection) -> None:
    """An orphan of a key that is not valid survives one UPDATE beside it, but not two."""
    make(
        connection,
        "create table p (id int primary key); create table q (id int primary key); "
        "create table c (one int references p on delete set null, two int references p on delete set null, "
        "q_id int); insert into p values (1), (2); insert into c values (1, 2, 9); "
        "alter table c add constraint old foreign key (q_id) references q not valid",
    )
    assert told(connection, "p", "id = 1").outcome == "ok"
    assert told(connection, "p").blocked_by[0].constraint == "old"


def test_another_row_may_take_the_place_of_the_deleted_one(connection: psycopg.Connection) -> None:
    """NO ACTION is content with a row that a default has given the old key; RESTRICT is not."""
    make(
        connection,
        "create table q (id int primary key); create table p (id int primary key, q_id int references q "
        "on delete cascade, code int default 7 unique references q (id) on delete set default); "
        "create table c (code int references p (code) deferrable initially deferred); "
        "insert into q values (1), (7); insert into p values (1, 1, 7); insert into c values (7)",
    )
    assert told(connection, "q", "id = 1").outcome == "blocked"
    make(connection, "insert into p values (2, null, 1)")
    assert told(connection, "q", "id = 1").outcome == "ok"


def test_a_move_is_a_delete_to_a_key_of_the_leaf(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table p (id int primary key); create table m (a int references p on delete set default, "
        "id int) partition by list (a); alter table m alter a set default 9; "
        "create table m1 partition of m for values in (1); create table m9 partition of m for values in (9); "
        "alter table m1 add unique (id); "
        "create table of_leaf (m_id int references m1 (id) on delete cascade); "
        "insert into p values (1), (9); insert into m values (1, 5); insert into of_leaf values (5)",
    )
    assert figures(told(connection, "p", "id = 1")) == {
        "p": (1, 0, 0, 0),
        "m": (0, 0, 1, 0),
        "of_leaf": (1, 0, 0, 0),
    }


def test_a_move_is_an_update_to_a_key_of_the_root_from_15_on(
    connection: psycopg.Connection, major: int
) -> None:
    make(
        connection,
        "create table p (id int primary key); create table m (a int references p on delete set default, "
        "id int, unique (id, a)) partition by list (a); alter table m alter a set default 9; "
        "create table m1 partition of m for values in (1); create table m9 partition of m for values in (9); "
        "create table of_root (m_id int, m_a int, foreign key (m_id, m_a) references m (id, a) "
        "on delete cascade on update cascade); "
        "insert into p values (1), (9); insert into m values (1, 5); insert into of_root values (5, 1)",
    )
    expected = (0, 0, 0, 1) if major >= 15 else (1, 0, 0, 0)
    assert figures(told(connection, "p", "id = 1"))["of_root"] == expected


def test_a_key_to_a_level_between_forbids_a_move(connection: psycopg.Connection, major: int) -> None:
    make(
        connection,
        "create table p (id int primary key); create table m (a int references p on delete set default, "
        "id int) partition by list (a); alter table m alter a set default 9; "
        "create table mid partition of m for values in (1) partition by list (a); "
        "create table m1 partition of mid for values in (1); alter table mid add unique (id, a); "
        "create table m9 partition of m for values in (9); "
        "create table k (id int, a int, foreign key (id, a) references mid (id, a)); "
        "insert into p values (1), (9); insert into m values (1, 5)",
    )
    assert told(connection, "p", "id = 1").outcome == ("blocked" if major >= 15 else "ok")
