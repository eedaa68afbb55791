"""Enumerations inside the name of an organisation: the commas before an "and" that belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading import places
from outreach.reading.endings import AND, is_verb
from outreach.reading.lexicon import lexicon
from outreach.reading.values import has_noun

_REACH: Final = 10  #: words in which an enumeration must come to its "and"


def enumeration_end(tokens: Sequence[re.Match[str]], comma: int) -> int:
    """Where the "and" stands that ends an enumeration inside a name, 0 for another comma.

    "Federation of Transport, Maritime and Allied Workers", "pour la défense des avocates, des journalistes et des …".
    """
    for at in range(comma + 1, min(comma + _REACH, len(tokens) - 1)):
        word = tokens[at][0]
        before, behind = tokens[at - 1][0], tokens[at + 1][0]
        if word in AND:
            opening = tokens[comma + 1][0]
            alike = behind == opening if opening[0].islower() else behind[0].isupper() or has_noun(behind)
            return at if alike and at > comma + 1 else 0
        starts = before == ","
        if word == "," and not starts:
            continue
        small = _connects(word) if starts else _connects(tokens[comma + 1][0]) and not is_verb(word)
        capital = word[0].isupper() and not has_noun(word) and not places.city(word) and not places.country(word)
        if not (small or capital):
            return 0
    return 0


def _connects(word: str) -> bool:
    return lexicon().is_in("connectors", word.lower())
