"""What nobody sees in the layout of a text is taken out before its lines are looked at. Used by ``message``.

No word is touched: blanks behind a line, hard blanks, marks of direction at its edges, and the blank line that some
programs put after every line.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

_BLANKS: Final = " \t"
#: Blanks at which no line is broken, as editors in browsers put them between words: no sender sees the difference.
_HARD: Final = "\xa0\u2007\u202f"
#: Marks that say which way a text runs, but not those that turn it round (U+202D, U+202E): these a person is to see.
_DIRECTION: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_SIGNATURE: Final = "-- "  #: RFC 3676, 4.3
_LINES: Final = 6  #: fewer lines with a blank one between are paragraphs


def evened(text: str) -> str:
    """The text with bare line ends, and single-spaced where every line was followed by a blank one."""
    for blank in _HARD:
        text = text.replace(blank, " ")
    lines = text.split("\n")
    if _has_edges(text):
        lines = [line if line == _SIGNATURE else line.lstrip(_DIRECTION).rstrip(_BLANKS + _DIRECTION) for line in lines]
    return "\n".join(_single_spaced(lines))


def _has_edges(text: str) -> bool:
    if any(f"{blank}\n" in text for blank in _BLANKS):
        return True
    return not text.isascii() and any(mark in text for mark in _DIRECTION)


def _single_spaced(lines: list[str]) -> list[str]:
    """Half of the blank lines, where no two lines touch and wider gaps show that there were paragraphs before."""
    if len(lines) < 2 * _LINES or any(above and below for above, below in pairwise(lines)):
        return lines
    filled = [at for at, line in enumerate(lines) if line]
    gaps = {below - above - 1 for above, below in pairwise(filled)}
    if len(filled) < _LINES or not gaps or min(gaps) != 1 or max(gaps) < 3 or any(gap % 2 == 0 for gap in gaps):
        return lines
    single = [lines[filled[0]]]
    for above, below in pairwise(filled):
        single += [""] * ((below - above - 2) // 2) + [lines[below]]
    return single
