"""The columns of a line table: how wide each is, and how a row is laid out in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tui.widgets.cells import cut_end, cut_middle, padded, width_of


class Look(NamedTuple):
    """A cell that isn't plain: ``look`` is wrong, warning, good, strong or faint."""

    text: str
    look: Literal["wrong", "warning", "good", "strong", "faint"]


Cell = str | Look
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """As wide as its widest cell, up to ``most``; where room is short, ``flexible`` columns give way."""

    title: str
    right: bool = False
    flexible: bool = False
    optional: bool = False  # left out where room is short
    cut: Literal["end", "middle"] = "end"
    least: int = 6  # cells that a flexible column keeps
    most: int = 200


GAP = 2


def text_of(cell: Cell) -> str:
    """What the cell says."""
    return cell if isinstance(cell, str) else cell.text


def natural_widths(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """The widths that show everything, up to each column's most."""
    widths = []
    for at, column in enumerate(columns):
        texts = {text_of(row[at]) for row in rows if at < len(row)}  # few differ: cheaper than measuring all
        widths.append(min(column.most, max(map(width_of, (column.title, *texts)))))
    return widths


def fitted_widths(columns: Sequence[Column], natural: Sequence[int], room: int) -> list[int]:
    """The widths in ``room`` cells; 0 for a column that is left out.

    Optional columns go first, from the right; then flexible ones shrink, the widest first. What is left
    over stays empty on the right: numbers stand close to the names that they belong to.
    """
    widths = list(natural)
    spare = room - total_width(widths)
    for at in (at for at, column in reversed(list(enumerate(columns))) if column.optional):
        if spare < 0:
            widths[at] = 0
            spare = room - total_width(widths)
    flexible = [at for at, column in enumerate(columns) if column.flexible and widths[at]]
    while spare < 0:
        shrinkable = [at for at in flexible if widths[at] > columns[at].least]
        if not shrinkable:
            break
        widths[max(shrinkable, key=lambda at: widths[at])] -= 1
        spare += 1
    return widths


def total_width(widths: Sequence[int]) -> int:
    """The cells of a line, with the gaps between the columns that are there."""
    there = [width for width in widths if width]
    return sum(there) + GAP * max(0, len(there) - 1)


def laid_out(column: Column, cell: str, width: int, *, mark: str) -> str:
    """The cell in exactly ``width`` cells."""
    cut = cut_middle if column.cut == "middle" else cut_end
    return padded(cut(cell, width, mark=mark), width, right=column.right)
