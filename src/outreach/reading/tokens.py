"""A text as the words that phrases are made of: folded, without accents, Persian prefixes and endings joined."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from outreach.reading.folding import SIGN, Folding
from outreach.reading.memory import remembered
from outreach.reading.spoken import WRITTEN

_BREAK = re.compile(r"[,;:()،؛–—|]+")
_SHORT = re.compile(r"['’](?<=[a-z].)(re|m|ll|ve|d)\b", re.IGNORECASE)
_LONG: Final = {"re": " are", "m": " am", "ll": " will", "ve": " have", "d": " would"}
_APOSTROPHE = re.compile(r"['’‘`´ʼ](?<=\w.)(?=\w)")
#: Persian writes its verbal prefix joined, with ZWNJ, or apart, and so its endings; here they are always joined.
_PREFIXES: Final = frozenset(["می", "نمی"])
_ENDINGS: Final = frozenset(["ها", "های", "هایی", "ایم", "اند", "اید", "ام", "مان", "تان", "شان", "مون", "تون", "شون"])
_PLAIN = re.compile(r"[\t\n -&(-_a-~\xa0À-ÖØ-öø-ľŁ-ňŊ-ž«»„“”–—]*")
_WORD = re.compile(r"[^\W_]+")
#: Stand for a sign and for the end of a clause while a text is folded.
_AS_SIGN: Final = "\x1e"
_AS_END: Final = "\x1f"
_WORDS: Final = Folding({})
_CLAUSES: Final = Folding({ord(_AS_SIGN): SIGN, ord(_AS_END): ","})


@remembered
def words(text: str) -> tuple[str, ...]:
    """The words of a text as phrases are compared."""
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    return tuple(_split(_WORDS.fold(_without_apostrophes(text))))


def clause_words(text: str) -> tuple[str, ...]:
    """The words with a "," wherever a clause ends, so that no phrase and no negation reaches over it."""
    marked = _BREAK.sub(_AS_SIGN + _AS_END + _AS_SIGN, text.replace(_AS_SIGN, "").replace(_AS_END, ""))
    return tuple(_split(_CLAUSES.fold(_without_apostrophes(marked))))


@remembered
def _starts(text: str) -> tuple[int, ...] | None:
    """Where the words of a plain text begin."""
    return tuple([word.start() for word in _WORD.finditer(text)]) if is_plain(text) else None


def is_plain(text: str) -> bool:
    """Whether all letters are such that its words are those that stand in it, none joined and none taken in two."""
    return _PLAIN.fullmatch(text) is not None


def words_before(text: str, end: int) -> int:
    """How many words the text has up to this place: ``len(words(text[:end]))``."""
    starts = _starts(text)
    return len(words(text[:end])) if starts is None else bisect_left(starts, end)


def _without_apostrophes(text: str) -> str:
    """The text with "we're" as "we are", and with what is joined by another apostrophe as one word."""
    if "'" in text or "’" in text:
        text = _SHORT.sub(lambda short: _LONG[short[1].lower()], text)
    # Looked for first: at the speed of the machine, where the pattern is tried at every letter.
    marked = "'" in text or "’" in text or "‘" in text or "`" in text or "´" in text or "ʼ" in text
    return _APOSTROPHE.sub("", text) if marked else text


def _split(folded: str) -> list[str]:
    if folded.isascii():
        return folded.split()
    if "ا" not in folded and "ی" not in folded:  # one of them is in all that is joined
        return [WRITTEN.get(word, word) for word in folded.split()]
    out: list[str] = []
    for piece in folded.split(SIGN):
        begin, goes_on = len(out), False
        for word in piece.split():
            if goes_on or (word in _ENDINGS and len(out) > begin):
                out[-1] += word
            else:
                out.append(word)
            goes_on = word in _PREFIXES
    return [WRITTEN.get(word, word) for word in out]
