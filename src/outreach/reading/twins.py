"""Whether the text of a mail and its HTML twin say the same; a person must look where they do not."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_PIECE = re.compile(r"[^\s<>()\[\]]+")
_LINKS: Final = ("://", "@", "cid:", "www.", "mailto:", "tel:")
_WORD = re.compile(r"[^\W_]+")
_JOINERS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_COMPARED: Final = 60_000  #: characters of each
_LONG: Final = 4  #: letters; so long a word may be searched inside others that were joined to it


def disagree(plain: str, html: str) -> bool:
    """Whether one of the texts holds words that the other has not. Links, signs and line breaks do not count."""
    if max(len(plain), len(html)) > _COMPARED:
        # A cut at different places must not look like a difference; so much text a person sees anyway.
        return False
    if _words(plain) == _words(html):
        return False
    first, second = _words(_without_links(plain)), _words(_without_links(html))
    return _missing(first, second) > 0 or _missing(second, first) > 0


def _words(text: str) -> list[str]:
    return _WORD.findall(_JOINERS.sub("", text).casefold())


def _without_links(text: str) -> str:
    return " ".join(piece for piece in _PIECE.findall(text) if not any(link in piece for link in _LINKS))


def _missing(words: list[str], other: list[str]) -> int:
    """How many words of one text the other has not."""
    left = Counter(words) - Counter(other)
    if not left:
        return 0
    joined = "".join(other)
    return sum(count for word, count in left.items() if len(word) < _LONG or word not in joined)
