"""At what width the lines of a mail were wrapped, and whether a line ended there or was ended by its writer.

A client breaks a line where the next word has no room: a line on which the first word below would still have had its
place was ended on purpose. Used by ``broken``, ``forms``, ``lists`` and ``edges``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_NARROWEST, _WIDEST = 50, 80  #: clients wrap at 60 to 80 columns; their longest line may be some characters shorter
_NEAR: Final = 15  #: characters by which a wrapped line is shorter than the longest, the length of a word
_AT_LEAST: Final = 3  #: lines of about the same length that show a width


def width(lines: Iterable[str]) -> int:
    """The columns that the longest line takes, where several are about as long; 0 if nothing shows a width."""
    lines = list(lines)
    if max(map(len, lines), default=0) > _WIDEST:
        lines = [line for line in lines if _may_be_wrapped(line)]
    sizes = sorted(map(len, lines), reverse=True)[:_AT_LEAST]
    if len(sizes) < _AT_LEAST or not _NARROWEST <= sizes[0] <= _WIDEST or sizes[0] - sizes[-1] > _NEAR:
        return 0
    return sizes[0]


def _may_be_wrapped(line: str) -> bool:
    """A longer line without a blank is a link, which no client breaks."""
    return len(line) <= _WIDEST or " " in line[: _WIDEST + 1].lstrip(" >")


def had_no_room(line: str, below: str, columns: int) -> bool:
    """Whether the first word of the line below would have stood beyond the last column. False if ``columns`` is 0."""
    return columns > 0 and len(line) + 1 + len((below.split(None, 1) or [""])[0]) > columns
