"""The office that a signer holds: no name, and no part of the name that it stands before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import Piece, has_noun, looks_like_person

_OFFICE = re.compile(
    r"([^\W\d_][\w-]*)\s+(?:der|des|von|vom|of the|of|de la|du|de|för|i|van de|van het|van)\s+(?=[A-ZÀ-Þ])"
)
_NO_OFFICE: Final = frozenset(["programme", "executive", "regional", "general", "head", "officer", "worker", "workers"])


def without_office(piece: Piece) -> Piece:
    """The name without the office that its writer holds in it: "Vorsitzende der Naturfreunde Steyr"."""
    match = _OFFICE.match(piece.text)
    if match is None:
        return piece
    office = "".join(words(match[1]))
    rest = Piece(piece.text[match.end() :], piece.start + match.end())
    holds = lexicon().is_in("roles", office) and office not in _NO_OFFICE and not has_noun(office)
    return rest if holds and len(words(rest.text)) >= 2 else piece


def is_office(text: str) -> bool:
    """Whether the words are a function and nothing else: "Branch Secretary", «منسقة اللجنة», "chair of the board"."""
    said = words(text)
    if not 1 <= len(said) <= 5:
        return False
    first, last = (lexicon().is_in("roles", word) for word in (said[0], said[-1]))
    return (first and _is_rest(said[1:])) or (last and (_is_rest(said[:-1]) or looks_like_person(text)))


def _is_rest(rest: Sequence[str]) -> bool:
    """Whether nothing but the body is said beside the function."""
    known = lexicon()
    return all(any(known.is_in(k, w) for k in ("organs", "connectors", "nouns")) or w in known.common for w in rest)
