"""The parts of the console that need no terminal: figures, cells, the trail, keys."""

from __future__ import annotations

import pytest

from tui import figures
from tui.dialogs import all_keys, ask_text, choose, confirm
from tui.screens import SCREENS
from tui.trail import Trail
from tui.verbs import VERBS, key_text
from tui.widgets.cells import cut_end, cut_middle, padded, safe


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (-1, "?"),
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1k"),
        (1_700, "1.7k"),
        (412_330, "412k"),
        (3.1e6, "3.1M"),
    ],
)
def test_rows_are_told_as_people_tell_them(number: float, text: str) -> None:
    assert figures.about(number) == text


def test_sizes_always_have_a_unit() -> None:
    assert [figures.size(size) for size in (0, 8192, 96 << 20, 1 << 40)] == ["0 B", "8 kB", "96 MB", "1 TB"]
    assert figures.counted(1, "table") == "1 table"
    assert figures.counted(41_000, "row") == "41,000 rows"


def test_both_ends_of_a_name_survive_a_cut() -> None:
    assert cut_middle("subscription_payments", 11) == "subsc…ments"
    assert cut_middle("日本語の表名前", 7) == "日…前"
    assert cut_end("subscription", 5) == "subs…"
    assert [padded("日", 4), padded("7", 3, right=True)] == ["日  ", "  7"]


def test_what_a_terminal_would_act_on_is_shown_instead() -> None:
    assert safe("a\nb\t\x1b\x7f\x9b\u202e") == "a␊b␉␛␡\\x9b\\u202e"
    assert safe("a\nb", ascii_only=True) == "a\\nb"
    assert safe("plain ñ 日本") == "plain ñ 日本"


def test_the_trail_leads_back_and_forward_and_forgets_what_was_ahead() -> None:
    trail: Trail[str] = Trail()
    trail.leave("a")
    trail.leave("b")
    assert (trail.back("c"), trail.back("b"), trail.back("a")) == ("b", "a", None)
    assert (trail.forward("a"), trail.forward("b")) == ("b", "c")
    trail.back("c")
    trail.leave("b")
    assert trail.forward("d") is None


def test_no_key_means_two_verbs_and_no_verb_is_a_screens_number() -> None:
    keys = [verb.key for verb in VERBS.values()]
    assert len(keys) == len(set(keys))
    assert not {entry.number for entry in SCREENS} & set(keys)
    assert [key_text(key) for key in ("left_square_bracket", "ctrl+r", "O", "shift+tab")] == [
        "[",
        "Ctrl+R",
        "O",
        "Shift+Tab",
    ]


def test_every_dialog_can_be_left_by_esc() -> None:
    for dialog in (all_keys.AllKeys, ask_text.AskText, choose.Choose, confirm.Confirm):
        assert any("escape" in getattr(binding, "key", "") for binding in dialog.BINDINGS)
