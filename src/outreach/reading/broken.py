"""Quoted lines that a client has wrapped without a mark before what went on below: they stay with the quotation.

Used by ``reply`` after the walk. A line goes on below a quoted one where it stops amid a sentence and its next word had
no room on it: an answer between quoted lines has room above, or stands behind a whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from outreach.reading.quotemarks import GREEK_QUESTION, is_quoted, unquoted
from outreach.reading.walk import NEW, QUOTED
from outreach.reading.wrapping import had_no_room, width

_LONG: Final = 60  #: characters of a line that may have been wrapped, where other lines are longer than any is wrapped
_MOST: Final = 8  #: lines that one quoted line may become
_ENDS: Final = frozenset(".?!:؟…")
_CLOSING: Final = ")\"'”»>"
_OFTEN: Final = 2  #: broken lines that do not go on in capitals, where others may


def rejoined(lines: Sequence[str], labels: Sequence[str]) -> Sequence[str]:
    """The labels, with the rest of broken quoted lines labelled as quoted."""
    if QUOTED not in labels:
        return labels
    starts = [at for at in range(1, len(lines)) if labels[at] == NEW and labels[at - 1] == QUOTED and lines[at].strip()]
    if not starts:
        return labels
    columns = width(line for line, label in zip(lines, labels, strict=True) if label in (NEW, QUOTED))
    ends = {at: end for at in starts if (end := _rest(lines, labels, at, columns))}
    small = sum(not lines[at].lstrip()[0].isupper() for at in ends) + sum(_known_rests(lines, labels))
    mended = list(labels)
    for at, end in ends.items():
        first, follows = lines[at].lstrip()[0], end < len(lines) and labels[end] == QUOTED
        if small >= _OFTEN or (follows and (first.islower() or first.isdigit())):
            mended[at:end] = [QUOTED] * (end - at)
    return mended


def _known_rests(lines: Sequence[str], labels: Sequence[str]) -> Iterator[bool]:
    """Whether a quoted line without a mark stands below one with a mark: the walk has known some."""
    for (above, line), label in zip(pairwise(lines), labels[1:], strict=True):
        yield label == QUOTED and is_quoted(above) and bool(line.strip()) and not is_quoted(line)


def _rest(lines: Sequence[str], labels: Sequence[str], at: int, columns: int) -> int:
    """The line after the rest of the quoted line above; 0 if it ended there."""
    above = unquoted(lines[at - 1]).rstrip(_CLOSING + " ")
    if not above or GREEK_QUESTION.search(above) or not _had_no_room(lines, at, columns):
        return 0
    end = at + 1
    while end < min(at + _MOST, len(lines)) and labels[end] == NEW and lines[end].strip():
        if not _had_no_room(lines, end, columns):
            break
        end += 1
    if above[-1] in _ENDS and not _goes_on_quoted(lines, labels, end):
        return 0
    return end


def _goes_on_quoted(lines: Sequence[str], labels: Sequence[str], end: int) -> bool:
    """Whether the line above breaks off and the quoted line here goes on in small letters: both are of one sentence."""
    if end >= len(lines) or labels[end] != QUOTED or lines[end - 1].rstrip()[-1] in _ENDS:
        return False
    return unquoted(lines[end])[:1].islower()


def _had_no_room(lines: Sequence[str], at: int, columns: int) -> bool:
    above = lines[at - 1].rstrip()
    return had_no_room(above, lines[at], columns) if columns else len(above) >= _LONG
