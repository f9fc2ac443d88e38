"""What a DELETE does, rule by rule: each test holds the preview against the server itself."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.deletes import figures, make, told

pytestmark = pytest.mark.three_versions

DATA = "insert into p values (1), (2), (9); insert into c values (1, 1), (2, 1), (3, 2)"
PAIR = "create table p (id int primary key); create table c (id int primary key, p_id int {}); "


def pair(connection: psycopg.Connection, key: str) -> None:
    make(connection, PAIR.format(key) + DATA)


def test_cascade_takes_the_children(connection: psycopg.Connection) -> None:
    pair(connection, "references p on delete cascade")
    assert figures(told(connection, "p", "id = 1")) == {"p": (1, 0, 0, 0), "c": (2, 0, 0, 0)}


def test_a_deferred_cascade_acts_at_once(connection: psycopg.Connection) -> None:
    pair(connection, "references p on delete cascade deferrable initially deferred")
    make(connection, "create table g (c_id int references c on delete restrict); insert into g values (1)")
    (blocker,) = told(connection, "p", "id = 1").blocked_by
    assert (blocker.constraint, blocker.rows, blocker.at) == ("g_c_id_fkey", 1, "statement")


def test_set_null_keeps_the_children(connection: psycopg.Connection) -> None:
    pair(connection, "references p on delete set null")
    assert figures(told(connection, "p", "id = 1")) == {"p": (1, 0, 0, 0), "c": (0, 2, 0, 0)}


def test_set_null_on_a_not_null_column_fails_at_the_delete(connection: psycopg.Connection) -> None:
    pair(connection, "not null references p on delete set null")
    (blocker,) = told(connection, "p", "id = 1").blocked_by
    assert (blocker.constraint, blocker.sqlstate, blocker.rows) == (None, "23502", 2)


def test_a_check_may_refuse_the_null(connection: psycopg.Connection) -> None:
    pair(connection, "references p on delete set null check (p_id is not null)")
    (blocker,) = told(connection, "p", "id = 1").blocked_by
    assert (blocker.constraint, blocker.sqlstate) == (None, "23514")


def test_set_default_moves_the_children_to_the_default_parent(connection: psycopg.Connection) -> None:
    pair(connection, "default 9 references p on delete set default")
    assert figures(told(connection, "p", "id = 1")) == {"p": (1, 0, 0, 0), "c": (0, 0, 2, 0)}


def test_set_default_without_that_parent_is_refused(connection: psycopg.Connection) -> None:
    pair(connection, "default 7 references p on delete set default")
    (blocker,) = told(connection, "p", "id = 1").blocked_by
    assert (blocker.constraint, blocker.sqlstate, blocker.rows) == ("c_p_id_fkey", "23503", 2)


def test_the_check_of_a_deferred_default_waits_for_the_commit(connection: psycopg.Connection) -> None:
    pair(connection, "default 7 references p on delete set default deferrable initially deferred")
    assert told(connection, "p", "id = 1").blocked_by[0].at == "commit"


def test_a_default_that_is_the_deleted_row_is_refused_at_once(connection: psycopg.Connection) -> None:
    pair(connection, "default 1 references p on delete set default deferrable initially deferred")
    assert told(connection, "p", "id = 1").blocked_by[0].at == "statement"


def test_an_expression_default_is_evaluated(connection: psycopg.Connection) -> None:
    pair(connection, "default 4 + 5 references p on delete set default")
    assert told(connection, "p", "id = 1").outcome == "ok"


def test_a_default_that_is_another_every_time_is_uncertain(connection: psycopg.Connection) -> None:
    make(connection, "create sequence s")
    pair(connection, "default nextval('s') references p on delete set default")
    found = told(connection, "p", "id = 1")
    assert (found.outcome, found.warnings[0].kind) == ("uncertain", "default")


def test_no_default_is_null(connection: psycopg.Connection) -> None:
    pair(connection, "references p on delete set default")
    assert figures(told(connection, "p", "id = 1")) == {"p": (1, 0, 0, 0), "c": (0, 2, 0, 0)}


def test_a_domains_default_counts(connection: psycopg.Connection) -> None:
    make(connection, "create domain d as int default 9")
    make(connection, PAIR.replace("p_id int", "p_id d").format("references p on delete set default"))
    make(connection, "insert into p values (1), (9); insert into c values (1, 1)")
    assert figures(told(connection, "p", "id = 1"))["c"] == (0, 0, 1, 0)


def test_a_domain_may_refuse_null(connection: psycopg.Connection) -> None:
    make(connection, "create domain d as int not null")
    make(connection, PAIR.replace("p_id int", "p_id d").format("references p on delete set null"))
    make(connection, "insert into p values (1); insert into c values (1, 1)")
    assert told(connection, "p").blocked_by[0].sqlstate == "23502"


def test_restrict_and_no_action_block_at_the_statement(connection: psycopg.Connection, major: int) -> None:
    pair(connection, "references p on delete restrict")
    make(connection, "create table d (p_id int references p); insert into d values (1)")
    found = told(connection, "p", "id = 1")
    restrict = "23001" if major >= 18 else "23503"
    assert [(each.table, each.rows, each.sqlstate) for each in found.blocked_by] == [
        ("public.c", 2, restrict),
        ("public.d", 1, "23503"),
    ]
    assert figures(found) == {"p": (1, 0, 0, 0)}


def test_deferred_no_action_blocks_at_the_commit(connection: psycopg.Connection) -> None:
    pair(connection, "references p deferrable initially deferred")
    assert told(connection, "p", "id = 1").blocked_by[0].at == "commit"


def test_a_grandchild_with_restrict_blocks_though_it_would_have_gone(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key); create table b (id int primary key, "
        "a_id int references a on delete cascade); create table c (b_id int references b on delete cascade, "
        "a_id int references a on delete restrict); insert into a values (1); insert into b values (1, 1); "
        "insert into c values (1, 1)",
    )
    assert [each.constraint for each in told(connection, "a").blocked_by] == ["c_a_id_fkey"]


def test_of_two_keys_between_a_pair_the_first_decides(connection: psycopg.Connection) -> None:
    pair(connection, "")
    make(
        connection,
        "alter table c add constraint one foreign key (p_id) references p on delete cascade, "
        "add constraint two foreign key (p_id) references p on delete restrict",
    )
    assert told(connection, "p", "id = 1").outcome == "ok"
    make(
        connection,
        "alter table c drop constraint one; "
        "alter table c add constraint one foreign key (p_id) references p on delete cascade",
    )
    assert told(connection, "p", "id = 1").outcome == "blocked"


def test_rows_of_the_statement_do_not_block_each_other(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table t (id int primary key, up int references t on delete restrict); "
        "insert into t values (1, null), (2, 1), (3, 2)",
    )
    assert told(connection, "t").outcome == "ok"
    assert told(connection, "t", "id = 1").blocked_by[0].rows == 1


def test_a_tree_goes_to_its_last_leaf(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table t (id int primary key, up int references t on delete cascade); "
        "insert into t select n, nullif(n / 2, 0) from generate_series(1, 100) as n",
    )
    assert figures(told(connection, "t", "id = 2"))["t"][0] == count_below(2, 100)


def count_below(top: int, last: int) -> int:
    """Nodes of the binary tree under ``top``, itself included."""
    return 0 if top > last else 1 + count_below(2 * top, last) + count_below(2 * top + 1, last)


def test_a_cycle_comes_around_once(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key, b_id int); create table b (id int primary key, "
        "a_id int references a on delete cascade); insert into a values (1, null), (2, null); "
        "insert into b values (1, 1), (2, 2); update a set b_id = 3 - id; "
        "alter table a add foreign key (b_id) references b on delete cascade",
    )
    assert figures(told(connection, "a", "id = 1")) == {"a": (2, 0, 0, 0), "b": (2, 0, 0, 0)}


def test_a_diamond_counts_a_row_once(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key); create table b (id int primary key, a_id int references a "
        "on delete cascade); create table c (id int primary key, a_id int references a on delete cascade); "
        "create table d (b_id int references b on delete cascade, c_id int references c on delete cascade); "
        "insert into a values (1); insert into b values (1, 1); insert into c values (1, 1); "
        "insert into d values (1, 1), (1, null), (null, 1), (null, null)",
    )
    assert figures(told(connection, "a"))["d"] == (3, 0, 0, 0)


def test_a_row_that_is_nulled_and_deleted_is_deleted(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key); create table b (id int primary key, a_id int references a "
        "on delete cascade); create table c (a_id int references a on delete set null, "
        "b_id int references b on delete cascade); "
        "insert into a values (1); insert into b values (1, 1); insert into c values (1, 1), (1, null)",
    )
    assert figures(told(connection, "a"))["c"] == (1, 1, 0, 0)


def test_an_update_on_the_way_sets_off_on_update(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key); insert into a values (1), (5); "
        "create table b (a_id int default 5 unique references a on delete set default); "
        "create table c (b_id int references b (a_id) on update cascade); "
        "insert into b values (1); insert into c values (1), (1)",
    )
    found = figures(told(connection, "a", "id = 1"))
    assert (found["b"], found["c"][3]) == ((0, 0, 1, 0), 2)


def test_two_children_set_to_one_unique_default_collide(connection: psycopg.Connection) -> None:
    make(
        connection,
        "create table a (id int primary key); insert into a values (1), (2), (5); "
        "create table b (a_id int default 5 unique references a on delete set default); "
        "insert into b values (1), (2)",
    )
    found = told(connection, "a", "id < 5")
    assert (found.blocked_by[0].constraint, found.blocked_by[0].sqlstate) == (None, "23505")
