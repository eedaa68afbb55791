"""Our own mail around an answer where nothing marks it as quoted: it is known by our own words.

An unknown client, or a text pasted whole, would let our "we sign", our "withdraw" and the lines that we ask about pass
for the sender's. Called by ``read`` right after the text is split. The words are those of the campaign's templates
(``wording``), or, of mails that no template of today has written, phrases of the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.reply import NEW, QUOTED, Split, relabelled

Words = tuple[str, ...]

_RUN: Final = 4  #: words in a row that are ours when they stand so in a template
_FEW: Final = 60  #: characters of an answer that can hold a mail of ours
_SHORTEST: Final = 300  #: and of one in which phrases alone tell it
_ENOUGH: Final = 2  #: different phrases, or lines, of ours that are no accident
_WHOLE: Final = 0.6  #: of the words of a single line, where our reference stands below it
_NEAR: Final = 2  #: lines with text above the first phrase of ours of which one may be our greeting
_FAR: Final = 12  #: the same above a line of ours: the words of a coordinator may stand between
_REFERENCE: Final = re.compile(r"\W*Ref\.\s[A-Z0-9]{4}-[A-Z0-9]{4}\W*")


@lru_cache(maxsize=4)
def wording(texts: tuple[str, ...]) -> frozenset[Words]:
    """Each four words in a row of our own texts, by which a line of theirs is known again."""
    lines = (words(line) for text in texts for line in text.split("\n"))
    return frozenset(line[at : at + _RUN] for line in lines for at in range(len(line) - _RUN + 1))


def without_ours(split: Split, ours: frozenset[Words]) -> Split:
    """The split with our own words moved to what is quoted, if words of the sender stand above or below them."""
    if split.parts[QUOTED] or len(split.new) < _FEW:
        return split
    new = [number for number, line in enumerate(split.lines) if line.part == NEW and line.text.strip()]
    texts = [split.lines[number].text for number in new]
    found = _by_wording(texts, ours) or (_by_phrases(texts) if len(split.new) >= _SHORTEST else None)
    if found is None or found == (0, len(new) - 1):
        return split
    return relabelled(split, new[found[0]], new[found[1]], QUOTED)


def _by_wording(texts: Sequence[str], ours: frozenset[Words]) -> tuple[int, int] | None:
    """The first and the last line of a mail of ours."""
    if not ours:
        return None
    shares = [_share(words(text), ours) for text in texts]
    known = [at for at, share in enumerate(shares) if share >= 0.5]
    if not known:
        return None
    reference = next((at for at in range(len(texts) - 1, known[0], -1) if _REFERENCE.fullmatch(texts[at])), None)
    if len(known) < _ENOUGH and (reference is None or shares[known[0]] < _WHOLE):
        return None
    first, last = _greeting_above(texts, known[0], _FAR), len(texts) - 1
    if reference is not None and reference > known[-1]:
        return first, reference
    return first, last


def _share(said: Words, ours: frozenset[Words]) -> float:
    """How much of a line stands so in our templates, from 0 to 1."""
    taken: set[int] = set()
    for at in range(len(said) - _RUN + 1):
        if said[at : at + _RUN] in ours:
            taken.update(range(at, at + _RUN))
    return len(taken) / len(said) if taken else 0.0


def _by_phrases(texts: Sequence[str]) -> tuple[int, int] | None:
    first, found = None, set[Words]()
    for at, text in enumerate(texts):
        if hits := lexicon().contexts_in(words(text)):
            found |= {hit.cue.phrase for hit in hits}
            first = at if first is None else first
    if first is None or len(found) < _ENOUGH:
        return None
    return _greeting_above(texts, first, _NEAR), len(texts) - 1


def _greeting_above(texts: Sequence[str], first: int, most: int) -> int:
    """Where our mail begins: at the greeting next above, if there is one."""
    above = range(first, max(-1, first - most - 1), -1)
    return next((at for at in above if lexicon().opens_with(texts[at], "greeting")), first)
