"""``pgtether impact`` as a script or a person would run it."""

from __future__ import annotations

import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from tests.support import schemas
from tests.support.command import PROGRAM, environment, on_terminal, pgtether
from tests.support.psql import psql

SHOP = """
create table users (id int primary key, email text);
create table orders (id int primary key, user_id int references users on delete cascade);
create table items (id int primary key, order_id int references orders on delete cascade);
create table visits (id int primary key, who int references users on delete set null);
create table invoices (id int primary key, order_id int constraint kept references orders on delete restrict);
insert into users select g, 'u' || g from generate_series(1, 10) as g;
insert into orders select g, g % 10 + 1 from generate_series(1, 100) as g;
insert into items select g, g % 100 + 1 from generate_series(1, 2000) as g;
insert into visits select g, g % 10 + 1 from generate_series(1, 30) as g;
insert into invoices select g, 1 from generate_series(1, 20) as g;
"""


@pytest.fixture
def shop(database: str, connection: psycopg.Connection) -> str:
    """Users whose orders and items go with them; invoices keep order 1, and so user 2."""
    connection.execute(SHOP)
    return database


def impact(shop: str, where: str, *words: str) -> tuple[str, ...]:
    return ("impact", "users", "--where", where, *words, "-d", shop)


def rows_of(connection: psycopg.Connection, table: str) -> int:
    answer = connection.execute(f"select count(*) from {table}".encode()).fetchone()  # noqa: S608
    return int(answer[0]) if answer else 0


@pytest.mark.three_versions
def test_the_document_is_that_of_the_design(shop: str) -> None:
    ran = pgtether(*impact(shop, "id = 3", "--json"))
    schemas.check(ran.document, schemas.IMPACT)
    assert (ran.code, ran.document["outcome"], ran.document["method"]) == (0, "ok", "read")
    figures = {each["table"]: (each["deleted"], each["set_null"]) for each in ran.document["effects"]}
    assert figures == {
        "public.users": (1, 0),
        "public.orders": (10, 0),
        "public.items": (200, 0),
        "public.visits": (0, 3),
    }


def test_the_verdict_comes_first(shop: str) -> None:
    ran = pgtether(*impact(shop, "id = 3"))
    assert ran.out.startswith("Would delete 211 rows in 3 tables, set null 3 in 1.\n")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.three_versions
def test_a_blocked_delete_says_by_what_and_what_would_go_without_it(shop: str, major: int) -> None:
    ran = pgtether(*impact(shop, "id in (2, 3)"))
    first, *_ = ran.out.splitlines()
    assert first == (
        "BLOCKED at once by kept of public.invoices; without that:"
        " 422 rows deleted in 3 tables, 6 set null in 1."
    )
    sqlstate = "23001" if major >= 18 else "23503"
    assert f"kept        public.invoices    20  {sqlstate}     statement" in ran.out
    assert ran.code == 1


def test_a_row_that_is_not_there_is_no_row(shop: str) -> None:
    ran = pgtether(*impact(shop, "false"))
    assert ran.out.startswith("Would delete nothing: no row meets the condition.\n")
    assert ran.code == 0


def test_what_a_trigger_may_do_is_uncertain(shop: str, connection: psycopg.Connection) -> None:
    connection.execute(
        "create function f() returns trigger language plpgsql as 'begin return old; end';"
        "create trigger watch before delete on orders for each row execute function f()"
    )
    ran = pgtether(*impact(shop, "id = 3"))
    first, *_ = ran.out.splitlines()
    assert first.startswith("UNCERTAIN because of trigger watch on public.orders: ")
    assert first.endswith("As far as it can be told: 211 rows deleted in 3 tables, 3 set null in 1.")
    assert ran.code == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("impact", "users"), 2, "Missing option '--where'"),
        (("impact", "nowhere", "--where", "true"), 2, "There is no table named nowhere."),
        (("impact", "users", "--where", "id = nope"), 2, 'column "nope" does not exist'),
        (("impact", "users", "--where", "true); delete from users; --"), 2, "syntax error"),
        (("impact", "users", "--where", "true", "--sample", "1", "--json"), 2, "no place for them"),
        (("impact", "users", "--where", "true", "--rehearse"), 2, "There is no terminal to ask on."),
    ],
)
def test_what_can_not_be_understood_is_exit_code_2_and_nothing_is_printed(
    shop: str, connection: psycopg.Connection, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = pgtether(*words, "-d", shop)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert rows_of(connection, "users") == 10


@pytest.mark.three_versions
def test_a_rehearsal_stands_beside_the_reading_and_changes_nothing(
    shop: str, connection: psycopg.Connection
) -> None:
    ran = pgtether(*impact(shop, "id = 3", "--rehearse", "--yes", "--json"))
    schemas.check(ran.document, schemas.REHEARSAL)
    assert (ran.code, ran.document["method"], ran.document["reading"]["method"]) == (0, "rehearsal", "read")
    found, read = ({each["table"]: each["deleted"] for each in one["effects"]} for one in _both(ran.document))
    assert found == read
    assert "locks on 214 rows" in ran.err
    text = pgtether(*impact(shop, "id = 3", "--rehearse", "--yes")).out
    assert text.startswith("The rehearsal did the same: 211 rows deleted in 3 tables, 3 set null in 1.\n")
    assert rows_of(connection, "items") == 2000


def _both(document: dict[str, object]) -> tuple[dict[str, list[dict[str, object]]], ...]:
    return document, document["reading"]  # type: ignore[return-value]


def test_where_the_two_differ_it_is_marked(shop: str, connection: psycopg.Connection) -> None:
    connection.execute(
        "create function f() returns trigger language plpgsql as 'begin return null; end';"
        "create trigger keep before delete on items for each row execute function f()"
    )
    ran = pgtether(*impact(shop, "id = 3", "--rehearse", "--yes"))
    marked = [line for line in ran.out.splitlines() if line.endswith("<> differs")]
    assert ["outcome" in line or "public.items" in line for line in marked] == [True] * len(marked)
    assert any("public.items" in line and "200 deleted" in line for line in marked)


def test_a_missing_index_that_makes_the_delete_slow_is_named(
    shop: str, connection: psycopg.Connection
) -> None:
    connection.execute("insert into items select g, g % 100 + 1 from generate_series(2001, 20000) as g")
    connection.execute("analyze")
    ran = pgtether(*impact(shop, "id = 3"))
    assert "public.items (order_id): No index: the DELETE reads all of public.items" in ran.err


def test_a_rehearsal_that_is_blocked_is_exit_code_1(shop: str) -> None:
    ran = pgtether(*impact(shop, "id = 2", "--rehearse", "--yes"))
    assert ran.out.startswith("The rehearsal was refused at once by kept of public.invoices, as read;")
    assert "<> differs" not in ran.out
    assert ran.code == 1


def test_a_person_is_asked_before_a_rehearsal(shop: str) -> None:
    ran = on_terminal(*impact(shop, "id = 3", "--rehearse"), typed=("[yes/no]", "no\n"), width=200)
    assert "Rehearse the DELETE, which is rolled back, in database" in ran.out
    assert (ran.code, "Not begun." in ran.out) == (4, True)


def test_saved_rows_come_back_by_psql(shop: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    ran = pgtether(*impact(shop, "id = 3", "--save-rows", str(folder)))
    assert ran.code == 0
    assert "Wrote 214 rows in 4 files to " in ran.err
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    connection.execute("delete from users where id = 3")
    psql(shop, "-f", str(folder / "restore.sql"))
    assert [rows_of(connection, table) for table in ("users", "orders", "items")] == [10, 100, 2000]


def test_rows_are_saved_into_an_empty_directory_alone(shop: str, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", "utf-8")
    ran = pgtether(*impact(shop, "id = 3", "--save-rows", str(tmp_path)))
    assert (ran.code, ran.out) == (2, "")
    assert "is not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_may_keep_rows_from_coming_back_is_said(
    shop: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    connection.execute(
        "alter table orders add place int;"
        "alter table orders add constraint loose foreign key (place) references users not valid"
    )
    ran = pgtether(*impact(shop, "id = 3", "--save-rows", str(tmp_path / "kit")))
    assert "loose on public.orders is NOT VALID" in ran.err
    assert "-- NOTE: loose on public.orders is NOT VALID" in (tmp_path / "kit" / "restore.sql").read_text()


def test_ctrl_c_says_what_is_exact(shop: str, connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute("lock table items in access exclusive mode")
        with subprocess.Popen(
            [*PROGRAM, *impact(shop, "id = 3")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            text=True,
        ) as running:
            _wait_for_lock(connection)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert "Stopped before the preview was whole." in err
    assert "Nothing was changed" in err


def _wait_for_lock(connection: psycopg.Connection) -> None:
    until = time.monotonic() + 20
    waiting = "select count(*) from pg_locks where not granted and relation = 'items'::regclass"
    while time.monotonic() < until:
        answer = connection.execute(waiting).fetchone()
        if answer and answer[0]:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_kit_says_where_it_may_lack_rows(shop: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    connection.execute(
        "create function f() returns trigger language plpgsql as 'begin return old; end';"
        "create trigger watch before delete on orders for each row execute function f()"
    )
    ran = pgtether(*impact(shop, "id = 3", "--save-rows", str(tmp_path / "kit")))
    assert "The preview is uncertain, so rows may be missing from what is saved" in ran.err
    assert "-- NOTE: watch on public.orders: " in (tmp_path / "kit" / "restore.sql").read_text("utf-8")


def test_what_is_saved_of_a_blocked_delete_is_what_would_go(shop: str, tmp_path: Path) -> None:
    ran = pgtether(*impact(shop, "id = 2", "--save-rows", str(tmp_path / "kit")))
    assert "The DELETE is blocked: what is saved is what would go if it weren't." in ran.err
    assert ran.code == 1
