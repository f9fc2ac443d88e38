"""The verbs that are the same on every screen: no letter means two things.

A screen takes those that make sense on it: ``BINDINGS = [verb("parent"), verb("children")]`` and defines
``action_parent`` and ``action_children``. Another letter of a screen's own must not be one of these.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding


class Verb(NamedTuple):
    """A key, the word for it in the footer, and the sentence for it in the list of all keys."""

    key: str
    word: str
    sentence: str


VERBS = {
    "graph": Verb("g", "graph", "Draw the keys around it"),
    "delete": Verb("d", "delete preview", "Say what a delete would really do"),
    "plan": Verb("p", "plan", "Add its change to the plan"),
    "parent": Verb("o", "parent", "To the parent, the table or row referred to"),
    "children": Verb("O", "children", "To the children, tables or rows that refer here"),
    "back": Verb("left_square_bracket", "back", "Back to where you were before"),
    "forward": Verb("right_square_bracket", "forward", "Forward again"),
    "copy": Verb("y", "copy", "Copy what is under the cursor"),
    "export": Verb("e", "export", "Write it to a file"),
    "filter": Verb("slash", "filter", "Show only what matches"),
    "explain": Verb("x", "explain", "Explain it in full"),
    "mark": Verb("space", "mark", "Mark it, or take the mark away"),
    "mute": Verb("m", "mute", "Mute it, with a reason"),
    "reload": Verb("ctrl+r", "read again", "Read it from the server again"),
}

_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def verb(name: str, *, word: str = "", show: bool = True) -> Binding:
    """The binding of a verb; ``word`` replaces the one in the footer where a screen can be more exact."""
    found = VERBS[name]
    return Binding(found.key, name, word or found.word, show=show, tooltip=found.sentence)


def key_text(key: str) -> str:
    """A key as it stands on a keyboard: ``Enter``, ``Ctrl+R``, ``[``."""
    if key in _SHOWN:
        return _SHOWN[key]
    *modifiers, last = key.split("+")
    if not modifiers:
        return key
    return "+".join([*(part.capitalize() for part in modifiers), _SHOWN.get(last, last.upper())])
