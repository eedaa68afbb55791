"""One choice among all names that running text offers: how each was found, and what else in the mail agrees with it.

A name is found by what introduces it (``called``), by grammar (``asked``), by a word for an organisation (``prose``),
by its frame (``framed``), in the sign-off or in a signature. None of these ways is always right; a name that two of
them give, or that stands below the letter as well, beats one that a single way gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.reading import names, prose
from outreach.reading.asked import REQUESTED, asked
from outreach.reading.called import called
from outreach.reading.framed import alone, framed, is_person, placed
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import lexicon, words
from outreach.reading.named import contact_said
from outreach.reading.offices import is_office
from outreach.reading.ondomain import on_domain, whole
from outreach.reading.otherscript import other_script
from outreach.reading.placeless import without_place
from outreach.reading.source import Source
from outreach.reading.values import Candidate, Piece, has_noun, is_organ

#: A body that speaks for the organisation named behind it: «شورای مرکزی انجمن …».
_BODY: Final = re.compile(
    r"(?:شورای مرکزی|هی[ئا]ت مدیره[ٔ‌ ]?ی?|هی[ئا]ت دبیران|هی[ئا]ت اجرایی[هٔ‌ ]*|مجمع عمومی|دبیرخانه[ٔ‌ ]?ی?)\s+(?=\S+\s\S)"
)
SAID: Final = 2.0  #: weight from which the text itself says that this organisation signs
#: What each way of finding a name is worth by itself. The distances matter: agreement adds less than most of them.
_CALLED: Final = 6.0
_REQUESTED: Final = 5.0
_SIGNING_NOUN: Final = 4.0
_GRAMMAR: Final = 3.0
_LONE: Final = 2.5
_ON_DOMAIN: Final = 2.4
_FOREIGN: Final = SAID
_BELOW: Final = 0.9  #: what agreement with the sign-off, a signature or the From name adds
_AGAIN: Final = 0.4  #: what a second way of finding it adds


def chosen(source: Source) -> Candidate | None:
    """The name in the text that is best borne out, or None where only sign-off, signature or From can tell."""
    below = [p.text for p in (*source.signoff.organisations, *source.signature.organisations)]
    known = (source.signoff.person, source.signature.person, contact_said(source.sentences))
    persons = [source.sender_name, *(person.text for person in known if person)]
    offered = [c for c in _offered(source, below) if _may_sign(c.piece.text, persons)]
    if offered:
        hints = [{*words(text)} for text in (*below, source.sender_name) if text]
        best = max(offered, key=lambda c: (c.weight + _borne_out(c, offered, hints), -c.piece.start))
        addresses = [source.sender or "", *(match[0] for match in find_addresses(source.text))]
        return Candidate(whole(_placeless(best.piece), source.text, addresses), max(SAID, best.weight))
    return None if below else _unsaid(source, persons)


def _placeless(piece: Piece) -> Piece:
    """The name without its body before it and the place behind it, where something is left that can be one."""
    if (board := _BODY.match(piece.text)) and has_noun(piece.text[board.end() :]):
        piece = Piece(piece.text[board.end() :], piece.start + board.end())
    bare = without_place(piece.text, piece.start)
    return bare if len(words(bare.text)) >= 2 or has_noun(bare.text) else piece


def _offered(source: Source, below: Sequence[str]) -> Iterator[Candidate]:
    """Every name that something says or shows to sign, weighed by the way it was found."""
    for number, candidate in enumerate(called(source.sentences)):
        yield Candidate(candidate.piece, _CALLED - 0.1 * number)
    for candidate in asked(source.sentences):
        yield Candidate(candidate.piece, _REQUESTED if candidate.weight >= REQUESTED else _GRAMMAR)
    for candidate in prose.candidates(source.sentences, [source.sender_name, *below]):
        if candidate.weight >= SAID:
            yield Candidate(candidate.piece, _SIGNING_NOUN + candidate.weight / 10)
    for candidate in framed(source.sentences):
        yield Candidate(candidate.piece, _GRAMMAR + candidate.weight / 10)
    for candidate in alone(source.sentences):
        yield Candidate(candidate.piece, _LONE)
    for piece in on_domain(source.sentences, source.sender):
        yield Candidate(piece, _ON_DOMAIN)
    foreign = other_script(source.prose, names.script(source.prose))
    if foreign and has_noun(foreign.text):
        yield Candidate(foreign, _FOREIGN)


def _borne_out(candidate: Candidate, offered: Sequence[Candidate], known: Sequence[set[str]]) -> float:
    """What speaks for a name besides the way it was found."""
    said = set(words(candidate.piece.text))
    again = sum(_AGAIN for other in offered if other is not candidate and set(words(other.piece.text)) == said)
    below = any(len(said & text) >= min(2, len(said)) for text in known)
    return min(again, _AGAIN) + (_BELOW if below else 0.0)


def _unsaid(source: Source, persons: Sequence[str]) -> Candidate | None:
    """The one organisation that a text names of which nothing says that it signs."""
    found = [c for c in prose.candidates(source.sentences, [source.sender_name]) if _may_sign(c.piece.text, persons)]
    return (
        _only_one([c for c in found if c.weight >= 1])
        or next((c for c in placed(source.sentences) if not is_person(c.piece.text, persons)), None)
        or _only_one(found)
    )


def _only_one(found: Sequence[Candidate]) -> Candidate | None:
    """The one organisation that the text names at all, be it in two scripts."""
    said = {names.squash(c.piece.text): c for c in found}
    return found[0] if len({names.script(c.piece.text) for c in said.values()}) == len(said) > 0 else None


def _may_sign(text: str, persons: Sequence[str]) -> bool:
    """Whether the words can name a signatory: no person of the mail, no office, no body of one, no date."""
    dated = names.script(text) == "Arab" and any(char.isdigit() for char in text)
    return not (
        is_person(text, persons)
        or is_organ(text)
        or dated
        or any(word.startswith("خود") for word in words(text))
        or is_office(text)
        or _is_held(text, persons)
    )


def _is_held(text: str, persons: Sequence[str]) -> bool:
    """Whether it is a person of the mail with what they are: "Claire Vasseur, co-présidente"."""
    head, *rest = re.split("[,،]", text, maxsplit=1)
    held = [word for office in rest for word in words(office)]
    return is_person(head, persons) and any(lexicon().is_in("roles", word) for word in held)
