"""Quoted lines that a client has wrapped without a mark before what went on below: they stay with the quotation.

Used by ``reply`` after the walk. Only where a long quoted line stops amid a sentence, goes on below in small
letters or figures, and the quotation goes on right behind it: an answer between quoted lines has none of the three.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from outreach.reading.quotemarks import unquoted
from outreach.reading.walk import NEW, QUOTED

_LONG: Final = 60  #: characters of a line that may have been wrapped
_MOST: Final = 8  #: lines that one quoted line may become
_ENDS: Final = frozenset(".?!:;؟…)\"'”»>")


def rejoined(lines: Sequence[str], labels: Sequence[str]) -> Sequence[str]:
    """The labels, with the rest of broken quoted lines labelled as quoted."""
    if QUOTED not in labels:
        return labels
    mended = list(labels)
    for at in range(1, len(lines) - 1):
        if mended[at] == NEW and labels[at - 1] == QUOTED and (end := _rest(lines, labels, at)):
            mended[at:end] = [QUOTED] * (end - at)
    return mended


def _rest(lines: Sequence[str], labels: Sequence[str], at: int) -> int:
    """The line after the rest of the quoted line above; 0 if it ended there."""
    above, text = unquoted(lines[at - 1]).rstrip(), lines[at].lstrip()
    if len(lines[at - 1]) < _LONG or not above or above[-1] in _ENDS or not (text[:1].islower() or text[:1].isdigit()):
        return 0
    for end in range(at + 1, min(at + _MOST, len(lines) - 1) + 1):
        if labels[end] == QUOTED:
            return end
        if labels[end] != NEW or not lines[end].strip() or len(lines[end - 1]) < _LONG - 10:
            return 0
    return 0
