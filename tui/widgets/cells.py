"""Text in terminal cells: made safe to draw, cut, padded.

Widths are those of the terminal (rich.cells): a Chinese character takes two cells, a combining mark none.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F


def safe(text: str, *, ascii_only: bool = False) -> str:
    """The text with everything that a terminal could act on, or that can't be seen, made visible.

    A newline becomes ``␊``, an override of the writing direction ``\\u202e``. A name is data: it moves no
    cursor, colours nothing, hides nothing.
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else _shown(letter, ascii_only=ascii_only) for letter in text
    )


def _shown(letter: str, *, ascii_only: bool) -> str:
    code = ord(letter)
    if ascii_only or code > _DELETE:
        return letter.encode("unicode_escape").decode("ascii")
    return "␡" if code == _DELETE else chr(_CONTROL_PICTURES + code)


def width_of(text: str) -> int:
    """How many cells the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut_end(text: str, width: int, *, mark: str = "…") -> str:
    """The text in at most ``width`` cells, its end left out."""
    if width_of(text) <= width:
        return text
    return _head(text, max(0, width - len(mark))) + mark[: max(0, width)]


def cut_middle(text: str, width: int, *, mark: str = "…") -> str:
    """The text in at most ``width`` cells, its middle left out: both ends of a name tell it from others."""
    if width_of(text) <= width:
        return text
    left = (width - len(mark) + 1) // 2
    right = width - len(mark) - left
    if right < 1:
        return cut_end(text, width, mark=mark)
    return _head(text, left) + mark + _tail(text, right)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` cells, to the left or to the right."""
    blank = " " * max(0, width - width_of(text))
    return blank + text if right else text + blank


def _head(text: str, width: int) -> str:
    return text[:width] if text.isascii() else set_cell_size(text, width).rstrip(" ")


def _tail(text: str, width: int) -> str:
    start, taken = len(text), 0
    while start and taken + width_of(text[start - 1]) <= width:
        start -= 1
        taken += width_of(text[start])
    return text[start:]
