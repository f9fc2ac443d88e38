"""``pgtether demo``: nothing to set up, the whole loop as text, nothing left behind."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from queries.systems import SYSTEMS, system
from tests.support.command import PROGRAM, environment, on_terminal, pgtether, process
from tests.support.dialogue import dialogue
from tests.systems.samples import faults


def test_the_loop_is_told_as_text_and_ends_with_0() -> None:
    """On each system: what is planted is found, and at the end everything is as before."""
    for name in SYSTEMS:
        ran = process("demo", name)
        assert ran.code == 0, ran.out + ran.err
        assert ran.out.startswith(system(name).sentence)
        assert ran.out.endswith("All of it was as it should be.\n")
        planted = faults(system(name))
        assert all(fault["object"] in ran.out for fault in planted["finding"])
        orphans = sum(fault["rows_per_scale"] for fault in planted["orphans"])
        assert f"{orphans} orphans in {len(planted['orphans'])} of " in ran.out
        assert ran.out.count("as before.") == 2
        assert "\x1b" not in ran.out


def test_the_text_is_for_eighty_columns_but_for_names() -> None:
    """Nothing is folded or cut where no terminal sets a width."""
    ran = process("demo", "patients", "--scale", "2")
    assert "40 orphans in 1 of 2 keys." in ran.out
    assert all(line == line.rstrip() for line in ran.out.splitlines())
    assert "…" not in ran.out


def test_a_dumb_terminal_gets_the_text_too() -> None:
    ran = on_terminal("demo", "patients", env={"TERM": "dumb"}, width=200)
    assert ran.code == 0
    assert "All of it was as it should be." in ran.out


def test_on_a_terminal_the_console_opens_on_the_system_and_leaves_nothing() -> None:
    with dialogue("demo", "patients") as person:
        person.see("/server port=5432")
        place = re.search(r"host=(\S+?)/server", person.shown)
        person.see("session_notes")
        person.type("q")
        assert person.end() == 0
    assert place is not None
    assert not Path(place[1]).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(("gastime",), "gaztime, patients"), (("--scale", "many"), "'many'"), (("--scale", "0"), "from 1 to")],
)
def test_a_wrong_argument_is_usage(words: tuple[str, ...], said: str) -> None:
    ran = pgtether("demo", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_demo_that_is_stopped_leaves_nothing_behind(how: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [*PROGRAM, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        place = re.search(r"host=(\S+?)/server", running.stderr.readline())
        running.send_signal(how)
        running.communicate()
    assert running.returncode == code
    assert place is not None
    assert Path(place[1]).parent == Path(tempfile.gettempdir())
    assert not Path(place[1]).exists()


def test_libpq_s_variables_lead_nowhere_else() -> None:
    """PGHOST and the like are for servers that people name, not for our own."""
    elsewhere = {"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGDATABASE": "gone", "PGUSER": "nobody"}
    elsewhere["PGOPTIONS"] = "-c default_transaction_read_only=on"
    assert process("demo", "patients", env=elsewhere).code == 0
