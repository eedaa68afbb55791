"""At what width the lines of a mail were wrapped, and whether a line ended there or was ended by its writer.

A client breaks a line where the next word has no room, so a line below which the first word would still have had
its place was ended on purpose. Used by ``broken``, ``forms`` and ``listed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_WIDEST: Final = 80  #: clients wrap at 60 to 80 columns
NARROWEST: Final = 50


def width(lines: Iterable[str]) -> int:
    """The columns that the longest line takes; 0 if lines are longer than any client wraps them, or all are short."""
    longest = 0
    for line in lines:
        size = len(line)
        if size > longest and (size <= _WIDEST or " " in line[: _WIDEST + 1].strip("> ")):
            longest = size
    return longest if NARROWEST <= longest <= _WIDEST else 0


def had_no_room(line: str, below: str, columns: int) -> bool:
    """Whether the first word of the line below would have stood beyond the last column."""
    return columns > 0 and len(line) + 1 + len(below.split(None, 1)[0] if below.strip() else "") > columns
