"""What a correction changes: the new values that were given, and nothing else (corpus README)."""

from __future__ import annotations

import re
from dataclasses import replace

from outreach.reading import names, places
from outreach.reading.filled import from_form
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import words
from outreach.reading.result import Signup
from outreach.reading.source import Found, Source
from outreach.reading.values import has_noun, language_of_name, trimmed
from outreach.words import Evidence

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,150})[\"”“»]")
#: What stands right before the wrong value: "put down as", "instead of", "nicht", «نوشته‌اید».
_WRONG_BEFORE = re.compile(
    r"(?:\bnot|instead of|rather than|listed as|down as|being in|printed as|written as|from|"
    r"statt|anstatt|nicht|au lieu de|"
    r"en lugar de|en vez de|invece di|i stället för|istället för|in plaats van|نوشته ?(?:اید|"
    r"‌اید|شده)?|به جای|بجای|نه|yerine)"
    r"\W*$",
    re.IGNORECASE,
)
_RIGHT_BEFORE = re.compile(
    r"(?:\bto|should (?:be|read|say)|is|change it to|correct(?: name)?(?: is)?|richtig(?: ist|"
    r" heißt| lautet)?|muss(?: es)?(?: heißen)?|soll(?: es)?(?: heißen)?|"
    r"devrait être|il faut|debe (?:ser|decir)|dovrebbe essere|ska (?:vara|stå)|moet zijn|این است|"
    r"است|درستش|به|olmalı)\W*$",
    re.IGNORECASE,
)


def read_corrections(source: Source, found: Found, *, quoted_line: bool) -> tuple[Signup, ...]:
    """The corrected values; all else is left empty."""
    if source.form.fields:
        return tuple(_only_stated(signup, source) for signup in from_form(source))
    if quoted_line and source.entries:
        return tuple(_only_stated(signup, source) for signup in found.signups)
    signup = Signup()
    signup = _corrected_place(_corrected_name(signup, source), source)
    return (_corrected_address(signup, source),)


def _only_stated(signup: Signup, source: Source) -> Signup:
    """What a form or line of a correction states; what would be filled in from the sender is not corrected."""
    stated = {field: evidence for field, evidence in signup.evidence.items() if evidence.part == source.part}
    typed = any(field.label.kind == "contact" for field in source.form.fields)
    mail = any(field.label.kind in ("email", "address") for field in source.form.fields)
    return replace(
        signup,
        individual=None,
        contact_person=signup.contact_person if typed else None,
        email=signup.email if mail else None,
        action=signup.action if any(field.label.kind == "action" for field in source.form.fields) else None,
        role=None,
        evidence={f: e for f, e in stated.items() if (f != "contact_person" or typed) and (f != "email" or mail)},
    )


def _corrected_name(signup: Signup, source: Source) -> Signup:
    """The quoted name that is not the wrong one: the one said to be right, else the last."""
    quoted = [m for m in _QUOTED.finditer(source.text) if _may_be_name(m[1])]
    right = [m for m in quoted if not _WRONG_BEFORE.search(source.text[max(0, m.start() - 40) : m.start()])]
    stated = [m for m in right if _RIGHT_BEFORE.search(source.text[max(0, m.start() - 40) : m.start()])]
    chosen = (stated or right)[-1:]
    if not chosen:
        return signup
    piece = trimmed(chosen[0][1], chosen[0].start(1))
    text = names.display(piece.text)
    key = language_of_name(text, None, source.language)
    evidence = {f"names.{key}": Evidence(source.part, piece.start, piece.end)}
    return replace(signup, names={key: text}, evidence=evidence)


def _may_be_name(text: str) -> bool:
    return len(words(text)) >= 2 and (has_noun(text) or len(words(text)) >= 3) and places.city(text) is None


def _corrected_place(signup: Signup, source: Source) -> Signup:
    """A city that is not the wrong one, with its country where that is said or implied."""
    for sentence in source.sentences:
        spots = places.find(sentence.text)
        for spot in spots:
            before = sentence.text[max(0, spot.start - 40) : spot.start]
            if isinstance(spot.value, str) or _WRONG_BEFORE.search(before) or not _RIGHT_BEFORE.search(before):
                continue
            city = sentence.text[spot.start : spot.end]
            country = next((s.value for s in spots if isinstance(s.value, str) and s.start >= spot.end), None)
            at = sentence.start + spot.start
            evidence = {**signup.evidence, "city": Evidence(source.part, at, at + len(city))}
            return replace(signup, city=city, country=country, evidence=evidence)
    return signup


def _corrected_address(signup: Signup, source: Source) -> Signup:
    """A new address that is named in the text."""
    named = [m for m in find_addresses(source.text) if m[0].lower() != source.sender]
    if len(named) != 1 or signup.names or signup.city:
        return signup
    match = named[0]
    evidence = {**signup.evidence, "email": Evidence(source.part, match.start(), match.end())}
    return replace(signup, email=match[0].lower(), named_email=match[0].lower(), evidence=evidence)
