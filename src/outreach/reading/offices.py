"""The office that a signer holds, which is no part of the name it stands before: "Vorsitzende der Naturfreunde"."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import Piece, has_noun

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
