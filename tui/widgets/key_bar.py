"""The last line: the keys of what has the focus, and where to find all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.verbs import key_text

ALL_KEYS = ("?", "all keys")
GAP = "   "


class Key(NamedTuple):
    """Keys that do the same, the word for it, and its sentence."""

    keys: tuple[str, ...]
    word: str
    sentence: str
    show: bool


def keys_of(bindings: Mapping[str, ActiveBinding]) -> list[Key]:
    """Every action once, with all of its keys, nearest to the focus first."""
    found: dict[tuple[str, int], Key] = {}
    for active in bindings.values():
        binding = active.binding
        if not active.enabled or not binding.description or binding.system:
            continue
        place = (binding.action, id(active.node))
        key = Key((key_text(binding.key),), binding.description, binding.tooltip, binding.show)
        found[place] = _joined(found[place], key) if place in found else key
    return list(found.values())


def _joined(one: Key, other: Key) -> Key:
    """Both keys, first the one that the footer shows."""
    first, second = (other, one) if other.show and not one.show else (one, other)
    return first._replace(keys=(*first.keys, *second.keys))


class KeyBar(Widget):
    """As many of the keys as fit; ``?`` always does."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        shown = [(key.keys[0], key.word) for key in keys_of(screen.active_bindings) if key.show]
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Content:
        """One line: the keys on the left, all keys on the right."""
        last = _content(ALL_KEYS)
        room = self.size.width - last.cell_length - 2
        line, sep = Content(" "), ""
        for key in self._shown:
            part = Content(sep) + _content(key)
            if line.cell_length + part.cell_length + len(GAP) > room:
                break
            line, sep = line + part, GAP
        return line + Content(" " * max(1, room - line.cell_length + 1)) + last


def _content(key: tuple[str, str]) -> Content:
    return Content.assemble((key[0], "bold $accent"), " ", (key[1], "$foreground-muted"))


def lines(keys: Iterable[Key]) -> list[tuple[str, str]]:
    """Each key with its sentence, for the list of all keys; those of the footer first."""
    ordered = sorted((key for key in keys if key.sentence), key=lambda key: not key.show)
    return [(" ".join(dict.fromkeys(key.keys)), key.sentence) for key in ordered]


class Note(Static):
    """A quiet line of words below a title or a table."""

    def say(self, text: str) -> None:
        """Say it; nothing to say takes no room."""
        self.update(Content(text))
        self.display = bool(text)
