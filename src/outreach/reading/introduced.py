"""Persons by how they are introduced: who signs for themselves ("Jag heter …", "please so: Name, City"), and a first
name alone in the From header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading import names, places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, looks_like_person, trimmed

_SHORT: Final = 10  #: words of a sentence that gives a name, a profession and a place
#: What goes on behind a person's own name: "Jag heter Leyla Sharifi och bor i …".
_AND = re.compile(r"\s(?:and|und|et|och|en|from|aus|de|från|uit)\s")
_COMMA = re.compile("[,،]")
_WISHES: Final = frozenset({"signup", "request", "individual", "decline"})
#: Mailboxes that are nobody's own.
_OFFICES = frozenset(["info", "office", "kontakt", "contact", "post", "mail", "news", "press", "secretary", "sales"])


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
            if looks_like_person(piece.text) and 2 <= len(words(piece.text)) <= 4 and not _says(piece.text):
                return piece
    return next((found for sentence in sentences if (found := _alone(sentence))), None)


def _alone(sentence: Sentence) -> Piece | None:
    """The name that opens a short sentence of its own: "Yasmine Tazi, enseignante à Montpellier"."""
    parted = _COMMA.split(sentence.text, maxsplit=1)
    piece = trimmed(parted[0], sentence.start)
    short = len(parted) > 1 and len(sentence.words) <= _SHORT and not sentence.asks
    if names.script(piece.text) == "Arab":  # no capitals tell a name: what is behind it does
        told = any(spot.kind == "city" for spot in places.find(parted[-1])) or any(
            lexicon().is_in("roles", word) for word in words(parted[-1])
        )
    else:
        told = all(word[0].isupper() for word in piece.text.split())
    if (
        not short
        or not told
        or _says(piece.text)
        or not 2 <= len(words(piece.text)) <= 3
        or not looks_like_person(piece.text)
    ):
        return None
    return None if any(lexicon().opens_with(piece.text, said) for said in ("greeting", "closing")) else piece


def _says(text: str) -> bool:
    """Whether the words say something and name nobody: Turkish "ben şahsen imzalıyorum"."""
    return any(hit.cue.category in _WISHES for hit in lexicon().find(words(text)))


def first_name(name: str, address: str | None) -> str | None:
    """The one name, maybe with an initial, that a private From header shows ("zahra", "Omid K."), or None."""
    text = trimmed(name).text
    said = words(text)
    if not 1 <= len(said) <= 2 or len(said[0]) < 2 or not looks_like_person(text):
        return None
    if any(lexicon().is_in(known, said[0]) for known in ("roles", "organs")):
        return None
    local, _, domain = (address or "").casefold().rpartition("@")
    if said[0][:3] not in local if text.isascii() else local in _OFFICES:
        return None
    office = (text.isascii() and text.isupper()) or (said[0] in domain and said[0] not in local)  # "NIMA"
    return text if not office and (len(said) == 1 or len(said[1]) == 1) else None
