"""Several organisations that one sentence of running text signs for: "both our groups: the Choir and the Forum"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading import names, places, prose
from outreach.reading.lexicon import lexicon, words
from outreach.reading.placeless import without_place
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, has_noun, is_organ

_AND = re.compile(
    r"\s+(?:and|und|et|y|e|och|og|en|ve|و)\s+(?:(?:also|auch|aussi|همچنین)\s+)?"
    r"(?:(?:the|der|die|das|la|le|les|el|los|las|il|lo|gli|het|de)\s+)?(?=\w)"
)
_MOST: Final = 8  #: organisations that anybody signs for in one sentence
_SAYS: Final = frozenset({"several", "every"})
_WISHES: Final = frozenset({"signup", "request"})
_QUOTES: Final = '"“„«'


def together(sentences: Sequence[Sentence]) -> list[Piece]:
    """The names in the first sentence that says it speaks for several, in their order; [] where there are no two."""
    heard = [{hit.cue.category for hit in lexicon().find(s.words) if not hit.turned} for s in sentences]
    speaks_for_all = any("every" in said for said in heard)  # "… and also the Forum. I am the contact for both."
    for sentence, said in zip(sentences, heard, strict=True):
        if sentence.asks or not (said & _SAYS or (speaks_for_all and said & _WISHES)):
            continue
        if len(found := _distinct(sentence)) > 1:
            return found
    return []


def _distinct(sentence: Sentence) -> list[Piece]:
    """The organisations of the sentence, none of them a part of another, all in one script."""
    offered = [part for c in prose.candidates([sentence], []) for part in _parts(c.piece)]
    pieces = [piece for piece in offered if _may_be_one(piece.text) or _is_quoted(piece, sentence)]
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        if not any(other.start < piece.end and piece.start < other.end for other in found):
            found.append(piece)
    alike = len({names.script(piece.text) for piece in found}) == 1
    different = len({names.squash(piece.text) for piece in found}) == len(found)
    return found if alike and different and len(found) <= _MOST else []


def _parts(piece: Piece) -> list[Piece]:
    """The two names on both sides of an "and", where each has its own word for an organisation; else the piece."""
    for match in _AND.finditer(piece.text):
        first = without_place(piece.text[: match.start()], piece.start)
        second = Piece(piece.text[match.end() :], piece.start + match.end())
        if _may_be_one(first.text) and _may_be_one(second.text):
            return [first, *_parts(second)]
    return [piece]


def _is_quoted(piece: Piece, sentence: Sentence) -> bool:
    """Whether the words stand in quotation marks, as names do."""
    before = sentence.text[: piece.start - sentence.start]
    return before.endswith(tuple(_QUOTES)) and len(words(piece.text)) >= 2


def _may_be_one(text: str) -> bool:
    return has_noun(text) and len(words(text)) >= 2 and not is_organ(text) and places.city(text) is None


def own_place(sentences: Sequence[Sentence], name: Piece, end: int) -> tuple[Piece | None, str | None]:
    """The place behind one of the names and before the next one, which begins at ``end``."""
    for sentence in sentences:
        if not sentence.start <= name.start < sentence.start + len(sentence.text):
            continue
        text = sentence.text[: end - sentence.start]
        every = [hit for hit in lexicon().find(words(text[name.end - sentence.start :])) if hit.cue.category == "every"]
        spots = [spot for spot in places.find(text) if sentence.start + spot.start >= name.end and not every]
        city = next((spot for spot in spots if not isinstance(spot.value, str)), None)
        country = next((spot.value for spot in spots if isinstance(spot.value, str)), None)
        if city is None or isinstance(city.value, str):
            return None, country
        piece = Piece(sentence.text[city.start : city.end], sentence.start + city.start)
        return piece, country or places.only_country(city.value)
    return None, None


def shared_place(sentences: Sequence[Sentence]) -> tuple[Piece | None, str | None]:
    """The one place that a sentence gives for all of them: "both in Vienna", "tutte e due di Napoli"."""
    for sentence in sentences:
        every = [hit for hit in lexicon().find(sentence.words) if hit.cue.category == "every"]
        if not every:
            continue
        spots = places.find(sentence.text)
        cities = [spot for spot in spots if not isinstance(spot.value, str)]
        countries = {spot.value for spot in spots if isinstance(spot.value, str)}
        if len(cities) == 1 and not isinstance(cities[0].value, str):
            city, spot = cities[0].value, cities[0]
            country = countries.pop() if len(countries) == 1 else places.only_country(city)
            return Piece(sentence.text[spot.start : spot.end], sentence.start + spot.start), country
        if not cities and len(countries) == 1:
            return None, countries.pop()
    return None, None
