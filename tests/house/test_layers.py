"""Who may import whom, and who may open a connection."""

from __future__ import annotations

import os

import pytest
from importlinter.cli import lint_imports

from tests.support.source import ROOT, calls, functions, modules, place

MAY_CONNECT = ("queries/connection.py", "queries/writing.py", "queries/embedded", "tui/session.py")
SERVED = {"major", "server", "own_server", "database", "connection", "make_role"}
CONNECTS = ("psycopg.connect", "Connection.connect", "ConnectionPool")


def test_the_layers_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    assert lint_imports(no_cache=True) == os.EX_OK, capsys.readouterr().out


def test_few_modules_open_connections() -> None:
    offenders = [
        f"{place(module, call)} {name}"
        for module in modules("tui", "queries")
        for name, call in calls(module)
        if name.endswith(CONNECTS) and not module.path.startswith(MAY_CONNECT)
    ]
    assert not offenders


def test_unit_and_house_tests_need_no_server() -> None:
    offenders = [
        f"{place(module, function)} {function.name}"
        for module in modules("tests/unit", "tests/house")
        for function in functions(module)
        if {argument.arg for argument in function.args.args} & SERVED
    ]
    assert not offenders
