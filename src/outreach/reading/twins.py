"""Whether the text of a mail and its HTML twin say the same; a person must look where they do not."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from outreach.reading import footers
from outreach.reading.originals import plain as bared

_PIECE = re.compile(r"[^\s<>()\[\]]+")
_LINKS: Final = ("://", "cid:", "mailto:", "tel:")
_WORD = re.compile(r"[^\W_]+")
_JOINERS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_COMPARED: Final = 60_000  #: characters of each
_LONG: Final = 4  #: letters; so long a word may be searched inside others that were joined to it


#: Signs by which clients mark in plain text what HTML shows otherwise, and signs of both.
_MARKS: Final = "<>*_|•-"


def are_alike(plain: str, shown: str) -> bool:
    """Whether the texts hold the same words in the same order; mostly true of twins, and known at once."""
    for mark in _MARKS:
        plain, shown = plain.replace(mark, " "), shown.replace(mark, " ")
    return plain.split() == shown.split()


def disagree(plain: str, html: str) -> bool:
    """Whether one of the texts says words outside of its quotations that the other has nowhere.

    Links, signs and line breaks do not count, nor does what clients write or leave out below a mail.
    """
    if max(len(plain), len(html)) > _COMPARED:
        # A cut at different places must not look like a difference; so much text a person sees anyway.
        return False
    first, second = plain.replace(">", " ").split(), html.replace(">", " ").split()
    if first == second:
        return False
    return _lacks(_said_only(plain, second), html) or _lacks(_said_only(html, first), plain)


def _said_only(text: str, other: list[str]) -> Counter[str]:
    """The words outside of quotations that the other text lacks, told from what stands between its spaces."""
    lines = (line for line in text.split("\n") if not line.startswith(">"))
    said = " ".join(line for line in lines if not _is_card(line)).split()
    left = Counter(said) - Counter(other)
    # Most differences are of signs and links: only then are words looked at, and only those of what differs.
    return Counter(_words(list(left.elements()))) - Counter(_words(list((Counter(other) - Counter(said)).elements())))


def _is_card(line: str) -> bool:
    return footers.may_be_footer(line.strip()) and footers.is_client_card(bared(line[:200]))


def _is_linked(piece: str) -> bool:
    return "@" in piece or "www." in piece or (":" in piece and any(link in piece for link in _LINKS))


def _words(pieces: list[str]) -> list[str]:
    """The words in what stands between spaces, without links."""
    split = (word for piece in pieces for word in (_PIECE.findall(piece) if _is_linked(piece) else (piece,)))
    text = " ".join(word for word in split if not _is_linked(word))
    return _WORD.findall(_JOINERS.sub("", text).casefold())


def _lacks(words: Counter[str], other: str) -> bool:
    """Whether the other text has not all of these words, also where it joins them to their neighbours."""
    if not words:
        return False
    joined = "".join(_WORD.findall(_JOINERS.sub("", other).casefold()))
    return any(len(word) < _LONG or word not in joined for word in words)
