"""Our own mail below an answer where nothing marks it as quoted: it is known by our own words.

An unknown client, or a text pasted whole, would let our "we sign" and "no more mail" pass for the sender's.
Called by ``read`` right after the text is split.
"""

from __future__ import annotations

from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.reply import NEW, QUOTED, Split, relabelled

_SHORTEST: Final = 300  #: characters of an answer that can hold a mail of ours
_ENOUGH: Final = 2  #: different phrases of ours that are no accident
_HEAD: Final = 2  #: lines with text above the first of them of which one may be our greeting


def without_ours(split: Split) -> Split:
    """The split with our own words moved to what is quoted, if they stand below words of the sender."""
    if split.parts[QUOTED] or len(split.new) < _SHORTEST:
        return split
    new = [number for number, line in enumerate(split.lines) if line.part == NEW and line.text.strip()]
    first, found = None, set[tuple[str, ...]]()
    for at, number in enumerate(new):
        said = words(split.lines[number].text)
        if hits := lexicon().contexts_in(said):
            found |= {hit.cue.phrase for hit in hits}
            first = at if first is None else first
    if first is None or len(found) < _ENOUGH:
        return split
    begin = next(
        (at for at in range(first, max(-1, first - _HEAD - 1), -1) if _greets(split.lines[new[at]].text)), first
    )
    return relabelled(split, new[begin], QUOTED) if begin else split


def _greets(text: str) -> bool:
    return lexicon().opens_with(text, "greeting") > 0
