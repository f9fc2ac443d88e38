"""Commands on a terminal: what is asked, what is drawn, that nothing is cut."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.support.command import on_terminal

NAME = "a_table_with_a_name_that_is_longer_than_the_terminal_is_wide"
COLOUR = re.compile(r"\x1b\[(?:\d+;)*3[0-7]m")


@pytest.fixture
def wide(database: str, connection: psycopg.Connection) -> str:
    """A database with one table whose name is longer than a line."""
    connection.execute(f"create table {NAME} (id int)".encode())
    return database


def test_a_narrow_terminal_folds_and_cuts_nothing(wide: str) -> None:
    ran = on_terminal("tables", "-d", wide, width=40)
    first = "".join(line.split(" ")[0] for line in _plain(ran.out).splitlines())
    assert ran.code == 0
    assert NAME in first
    assert "…" not in ran.out


def test_a_header_is_bold_and_no_color_means_no_colour(wide: str) -> None:
    assert "\x1b[1m" in on_terminal("tables", "-d", wide).out
    assert not COLOUR.search(on_terminal("tables", "-d", wide, env={"NO_COLOR": "1"}).out)


def test_capital_w_asks_for_a_password_and_shows_nothing_of_it(wide: str) -> None:
    ran = on_terminal("tables", "-W", "-d", wide, typed=("Password: ", "secret\n"))
    assert ran.code == 0
    assert "Password: " in ran.out
    assert "secret" not in ran.out


def test_progress_takes_no_line_of_its_own(wide: str, connection: psycopg.Connection) -> None:
    connection.execute("create table p (id int primary key); create table c (id int references p)")
    ran = on_terminal("orphans", "-d", wide)
    assert ran.code == 0
    assert "\r\x1b[K1 of 1: public.c(id) -> public.p(id)\r\x1b[K" in ran.out


def test_the_console_does_not_draw_on_a_dumb_terminal(wide: str) -> None:
    ran = on_terminal("-d", wide, env={"TERM": "dumb"})
    assert ran.code == 2
    assert "pgtether tables" in ran.out


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
