"""Persons by how they are introduced: who signs for themselves ("Jag heter …", "please so: Name, City"), and a first
name alone in the From header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, looks_like_person, trimmed

_SHORT: Final = 10  #: words of a sentence that gives a name, a profession and a place
#: What goes on behind a person's own name: "Jag heter Leyla Sharifi och bor i …".
_AND = re.compile(r"\s(?:and|und|et|och|en|from|aus|de|från|uit)\s")


def person_in(sentences: Sequence[Sentence], header: str | None) -> Piece | None:
    """The person who signs for themselves: the From name where the text holds it, else "please so: Name, City"."""
    for sentence in sentences:
        at = sentence.text.casefold().find(header.casefold()) if header else -1
        if header and at >= 0:
            return Piece(sentence.text[at : at + len(header)], sentence.start + at)
    for sentence in sentences:
        for match in re.finditer(
            r"(?:[:：]|\bI am|\bich bin|\bje suis|\bsoy|\bsono|\bjag är|\b[Bb]en|\b[Ee]z|من|اینجانب|این‌جانب|أنا|انا|אני"
            r"|\b[Mm]y name is|\bI'm|\b[Ii]ch heiße|\b[Mm]ein Name ist|\bm'appelle|\b[Jj]ag heter|\b[Mm]ijn naam is"
            r"|\b[Ii]k heet|\b[Ii]k ben)\s+([^,،.:;()\n]{4,50})",
            sentence.text,
        ):
            introduced = _AND.split(match[1])[0]
            piece = trimmed(introduced, sentence.start + match.start(1))
            if looks_like_person(piece.text) and 2 <= len(words(piece.text)) <= 4:
                return piece
    return next((found for sentence in sentences if (found := _alone(sentence))), None)


def _alone(sentence: Sentence) -> Piece | None:
    """The name that opens a short sentence of its own: "Yasmine Tazi, enseignante à Montpellier"."""
    name, comma, _ = sentence.text.partition(",")
    piece = trimmed(name, sentence.start)
    short = comma and len(sentence.words) <= _SHORT and not sentence.asks
    capitals = all(word[0].isupper() for word in piece.text.split())
    if not short or not capitals or not 2 <= len(words(piece.text)) <= 3 or not looks_like_person(piece.text):
        return None
    return None if any(lexicon().opens_with(piece.text, said) for said in ("greeting", "closing")) else piece


def first_name(name: str, address: str | None) -> str | None:
    """The one name, maybe with an initial, that a private From header shows ("zahra", "Omid K."), or None."""
    text = trimmed(name).text
    said = words(text)
    if not 1 <= len(said) <= 2 or len(said[0]) < 2 or not looks_like_person(text):
        return None
    if any(lexicon().is_in(known, said[0]) for known in ("roles", "organs")):
        return None
    local, _, domain = (address or "").casefold().rpartition("@")
    office = text.isascii() and text.isupper() or (said[0] in domain and said[0] not in local)  # "NIMA", "Northlight"
    return text if not office and (len(said) == 1 or len(said[1]) == 1) else None
