"""A name without any word for an organisation in a sign-off, by its line: right below the function of who signs.

Moira Tennant
Minister
St Columba's by the Loch
Kirk Brae, Portree
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from outreach.reading import places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.lists import Row
from outreach.reading.offices import is_office
from outreach.reading.values import Piece, is_common, looks_like_person, trimmed

_MOST_WORDS: Final = 8
_SIGNS: Final = frozenset('@:|/<>?!"')


def below_function(rows: Sequence[Row], is_role: Callable[[str], bool]) -> Piece | None:
    """The one line below a function that can be a name; None where it may be a second person or their address."""
    for above, row, behind in zip(rows, rows[1:], [*rows[2:], None], strict=False):
        if not is_role(_last_part(above.text)):
            continue
        piece, following = trimmed(row.text, row.start, "-–— "), behind.text if behind else ""
        if not _may_be_name(piece.text) or is_role(following):
            return None
        if looks_like_person(piece.text) and not places.city(piece.text.split()[-1]):
            return None  # "Anna Berg, chair" above "Peter Moss"
        return piece
    return None


def _last_part(text: str) -> str:
    """ "Minister" of "Moira Tennant, Minister"."""
    return text.rpartition(",")[2].strip()


def _may_be_name(text: str) -> bool:
    said = words(text)
    if not 2 <= len(said) <= _MOST_WORDS or not text[0].isupper() or any(c in _SIGNS or c.isdigit() for c in text):
        return False
    first, *rest = text.split()
    capitals = sum(word[0].isupper() for word in rest) + (not is_common(first))
    if capitals < 2 or "," in text or is_office(text):
        return False
    known = lexicon()
    if any(known.is_in(kind, word) for kind in ("roles", "titles", "organs", "ours", "me") for word in said):
        return False
    return places.city(text) is None and places.country(text) is None and not lexicon().opens_with(text, "closing")
