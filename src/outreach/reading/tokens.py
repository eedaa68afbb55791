"""A text as the words that phrases are made of: folded, without accents, Persian prefixes and endings joined."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from outreach.reading.memory import remembered
from outreach.reading.names import fold_character
from outreach.reading.spoken import WRITTEN

_BREAK = re.compile(r"[,;:()،؛–—|]+")
_SHORT = re.compile(r"['’](?<=[a-z].)(re|m|ll|ve|d)\b", re.IGNORECASE)
_LONG: Final = {"re": " are", "m": " am", "ll": " will", "ve": " have", "d": " would"}
_APOSTROPHE = re.compile(r"['’‘`´ʼ](?<=\w.)(?=\w)")
#: Persian writes its verbal prefix joined, with ZWNJ, or apart, and so its endings; here they are always joined.
_PREFIXES: Final = frozenset(["می", "نمی"])
_ENDINGS: Final = frozenset(["ها", "های", "هایی", "ایم", "اند", "اید", "ام", "مان", "تان", "شان", "مون", "تون", "شون"])
_LETTERS: Final = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ء": "", "æ": "ae", "œ": "oe"})
#: What a sign between words becomes: it parts them as a space does, but nothing is joined over it.
_SIGN: Final = "\n"
#: Stand for a sign and for the end of a clause while a text is folded.
_AS_SIGN: Final = "\x1e"
_AS_END: Final = "\x1f"


class _Folded(dict[int, str]):
    """A table for ``str.translate``, worked out as characters are met: what each is in a word, or what parts words."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", fold_character(chr(code)).translate(_LETTERS))
        kept = [char for char in folded if unicodedata.category(char) != "Mn"]
        self[code] = found = "".join(char if char.isalnum() or char == " " else _SIGN for char in kept)
        return found


_FOLDED: Final = _Folded()
_CLAUSES: Final = _Folded({ord(_AS_SIGN): _SIGN, ord(_AS_END): ","})
#: The characters beyond ASCII that texts in Latin letters are full of. Without them such a text is ASCII, which is
#: translated many times as fast.
_FREQUENT: Final = "\u0301\u0308\u0300\u0327\u030c\u0328\u0307\u0303\u030a\u0302\u0306’“”„–—…«»•øæłıđ"
_LONG_TEXT: Final = 100  #: characters from which that is worth it


def words(text: str) -> list[str]:
    """The words of a text as phrases are compared."""
    return list(_words(text))


def clause_words(text: str) -> list[str]:
    """The words with a "," wherever a clause ends, so that no phrase and no negation reaches over it."""
    marked = _BREAK.sub(_AS_SIGN + _AS_END + _AS_SIGN, text.replace(_AS_SIGN, "").replace(_AS_END, ""))
    return _split(_fold(marked, _CLAUSES))


@remembered
def _words(text: str) -> tuple[str, ...]:
    return tuple(_split(_fold(text, _FOLDED)))


def _fold(text: str, table: _Folded) -> str:
    if "'" in text or "’" in text:
        text = _SHORT.sub(lambda short: _LONG[short[1].lower()], text)
    text = _APOSTROPHE.sub("", text)
    if text.isascii():
        return text.lower().translate(table)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    if len(text) >= _LONG_TEXT:
        for char in _FREQUENT:
            text = text.replace(char, table[ord(char)])
    return text.translate(table)


def _split(folded: str) -> list[str]:
    if folded.isascii():
        return folded.split()
    if "ا" not in folded and "ی" not in folded:  # one of them is in all that is joined
        return [WRITTEN.get(word, word) for word in folded.split()]
    out: list[str] = []
    for piece in folded.split(_SIGN):
        begin, goes_on = len(out), False
        for word in piece.split():
            if goes_on or (word in _ENDINGS and len(out) > begin):
                out[-1] += word
            else:
                out.append(word)
            goes_on = word in _PREFIXES
    return [WRITTEN.get(word, word) for word in out]
