"""What a correction changes: the new values that were given, and nothing else (corpus README)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from outreach.reading import names, places
from outreach.reading.called import called
from outreach.reading.filled import from_form
from outreach.reading.framed import capitals
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import words
from outreach.reading.named import Contact, named_contact
from outreach.reading.placeless import without_remark
from outreach.reading.result import Signup
from outreach.reading.source import Found, Source
from outreach.reading.values import Piece, has_noun, language_of_name, trimmed
from outreach.words import Evidence

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,150})[\"”“»]")
#: What stands right before the wrong value: "put down as", "instead of", "nicht", «نوشته‌اید».
_WRONG_BEFORE = re.compile(
    r"(?:\bnot(?: in)?|no longer(?: in)?|instead of|rather than|listed as|down as|being in|printed as|written as|from|"
    r"statt|anstatt|nicht|au lieu de|"
    r"donde dice|where it (?:says|said)|où il est écrit|dove dice|där det står|"
    r"en lugar de|en vez de|invece di|i stället för|istället för|in plaats van|سطر|ردیف|نوشته ?(?:اید|"
    r"‌اید|شده)?|به جای|بجای|نه|yerine)"
    r"\W*$",
    re.IGNORECASE,
)
#: What stands right behind the wrong value where the verb comes last: «گراتس نیستیم», "Graz değil".
_WRONG_BEHIND = re.compile(r"\s*(?:نیست(?:یم|ند|م)?|değil(?:iz)?|is wrong|ist falsch|est faux)(?!\w)", re.IGNORECASE)
_RIGHT_BEFORE = re.compile(
    r"(?:\bto|should (?:be|read|say)|is|change it to|correct(?: name)?(?: is)?|richtig(?: ist|"
    r" heißt| lautet)?|muss(?: es)?(?: heißen)?|soll(?: es)?(?: heißen)?|"
    r"devrait être|il faut|debe (?:ser|decir)|dovrebbe essere|ska (?:vara|stå)|moet zijn|این است|"
    r"\bwe(?:'re|’re| are)(?: \w+)? in|\bwir sind(?: \w+)? in|nous sommes à|estamos en|siamo a|vi (?:är|er) i|"
    r"wij? zitten in|است|درستش|به|olmalı)\W*$",
    re.IGNORECASE,
)


#: "should be X": the name that is stated, up to the next sign.
_STATED = re.compile(
    r"(?:should (?:be|read|say)|correct name is|new name is|richtig (?:ist|heißt|lautet)|(?:muss|soll) (?:es )?heißen|"
    r"devrait être|(?:اسم|نام) (?:درست|صحیح)(?: ما| آن)?(?: این است)?|"
    r"درستش(?: این است| اینه)?|ska (?:vara|stå)|skal (?:være|stå|hete|hedde)|"
    r"moet zijn|debe (?:ser|decir)|dovrebbe essere)\s*:?\s+"
    r"([^,،.;:()\n\"“„«]{4,90})",
    re.IGNORECASE,
)
#: The end of a line that is so long that the client wrapped it.
_WRAPPED = re.compile(r"^([^\n]{55,})\n(?=\S)", re.MULTILINE)
_LONG: Final = 10  #: letters of one word that is a name
#: What says of the value behind it that it is printed: "instead of A you wrote B" is about A.
_PRINTED_BEFORE = re.compile(
    r"(?:listed as|down as|printed as|written as|wrote|نوشته ?‌?(?:اید|این|شده)?)\W*$", re.IGNORECASE
)
_CONTRAST = re.compile(r",\s+(?:and |und |et )?(?:not|nicht|pas|no|non|niet|inte|ikke|değil|نه)\s", re.IGNORECASE)
_CITY_BEFORE = re.compile(
    r"(?:(?:به|در|از)\s+)?([^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z(][\w'’-]+)?(?: \([^()\d]{2,20}\))?)"
    r"(?:\s*[,،(]|\s+[–—-])\s*$"
)


def read_corrections(source: Source, found: Found, *, asked: str) -> tuple[Signup, ...]:
    """The corrected values, without what is said of their spelling; all else is left empty.

    ``asked``: our quoted question, if that is what they answer.
    """
    return tuple(
        replace(signup, names={key: without_remark(name) for key, name in signup.names.items()})
        for signup in _corrections(source, found, asked)
    )


def _corrections(source: Source, found: Found, asked: str) -> tuple[Signup, ...]:
    if source.form.fields:
        return tuple(_only_stated(signup, source) for signup in from_form(source))
    if asked and source.entries:
        return tuple(_only_changed(_only_stated(signup, source), source.text, asked) for signup in found.signups)
    signup = Signup()
    signup = _corrected_place(_corrected_name(signup, source), source)
    return (_corrected_address(signup, source),)


def _only_stated(signup: Signup, source: Source) -> Signup:
    """What a form or line of a correction states; what would be filled in from the sender is not corrected."""
    stated = {field: evidence for field, evidence in signup.evidence.items() if evidence.part == source.part}
    typed = any(field.label.kind == "contact" for field in source.form.fields)
    mail = any(next(find_addresses(field.value), None) for field in source.form.fields)
    return replace(
        signup,
        individual=None,
        contact_person=signup.contact_person if typed else None,
        email=signup.email if mail else None,
        named_email=signup.email if mail and signup.email != source.sender else None,
        action=signup.action if any(field.label.kind == "action" for field in source.form.fields) else None,
        role=None,
        evidence={f: e for f, e in stated.items() if (f != "contact_person" or typed) and (f != "email" or mail)},
    )


def _only_changed(signup: Signup, text: str, asked: str) -> Signup:
    """What a line written anew has that the line we asked about has not; all of it if that is nothing."""
    before = f" {' '.join(names.tokens(asked))} "
    said = {key: name for key, name in signup.names.items() if _in_words(name) not in before}
    city = signup.city if signup.city and _in_words(signup.city) not in before else None
    new = {spot.value for spot in places.find(text)} - {spot.value for spot in places.find(asked)}
    country = signup.country if city or signup.country in new else None
    if not (said or city or country):
        return signup
    kept = {f"names.{key}" for key in said} | {"city" if city else "", "country" if country else ""}
    evidence = {
        f: e for f, e in signup.evidence.items() if f in kept or not f.startswith(("names.", "city", "country"))
    }
    return replace(signup, names=said, city=city, country=country, evidence=evidence)


def _in_words(text: str) -> str:
    return f" {' '.join(names.tokens(text))} "


def _corrected_name(signup: Signup, source: Source) -> Signup:
    """The quoted name that is not the wrong one: the one said to be right, else the last."""
    quoted = [m for m in _QUOTED.finditer(source.text) if _may_be_name(m[1])]
    right = [m for m in quoted if not _WRONG_BEFORE.search(source.text[max(0, m.start() - 40) : m.start()])]
    stated = [m for m in right if _RIGHT_BEFORE.search(source.text[max(0, m.start() - 40) : m.start()])]
    if len(quoted) == 2 and not right and _PRINTED_BEFORE.search(source.text[: quoted[1].start()][-40:]):
        right = quoted[:1]
    chosen = (stated or right)[-1:]
    piece = trimmed(chosen[0][1], chosen[0].start(1)) if chosen else _unquoted_name(source)
    if piece is None:
        return signup
    text = names.display(piece.text)
    key = language_of_name(text, None, source.language)
    evidence = {f"names.{key}": Evidence(source.part, piece.start, piece.end)}
    return replace(signup, names={key: text}, evidence=evidence)


def _may_be_name(text: str) -> bool:
    """Whether what is quoted can be a name: words, or one that holds that for an organisation ("Solidaritätsrat")."""
    whole = has_noun(text) or len(words(text)) >= 3
    return whole and (len(words(text)) >= 2 or len(text) > _LONG) and places.city(text) is None


def _corrected_place(signup: Signup, source: Source) -> Signup:
    """The city that is not the wrong one, with its country where that is said: the one that most speaks for."""
    named = [evidence for field, evidence in signup.evidence.items() if field.startswith("names.")]
    cities = (c for c in _cities(source.text) if not any(e.start <= c[1].start < e.end for e in named))
    found = sorted(cities, key=lambda c: (c[0], c[1].start))
    if not found or found[-1][0] < 1:
        return signup
    _, city, country = found[-1]
    country = country or _country_behind(source.text, city)
    evidence = {**signup.evidence, "city": Evidence(source.part, city.start, city.end)}
    return replace(signup, city=names.display(city.text), country=country, evidence=evidence)


def _country_behind(text: str, city: Piece) -> str | None:
    """The country that follows a city at once: "should be Birmingham, UK"."""
    behind = text[city.end : city.end + 40]
    spot = next(iter(places.find(behind)), None)
    return spot.value if spot and isinstance(spot.value, str) and not behind[: spot.start].strip(" ,،(–-") else None


def _cities(text: str) -> Iterator[tuple[int, Piece, str | None]]:
    """(what speaks for it, city, country written behind) of every city in the text."""
    spots = places.find(text)
    wrong = any(_is_wrong(text, spot.start, spot.end) for spot in spots)
    yield from _stated_instead(text)
    for spot in spots:
        if isinstance(spot.value, str) and (match := _CITY_BEFORE.search(text, max(0, spot.start - 60), spot.start)):
            if places.country(match[1]) is None and not _is_wrong(text, match.start(1), match.end(1)):
                yield 3, Piece(match[1], match.start(1)), spot.value
        elif not isinstance(spot.value, str) and not _is_wrong(text, spot.start, spot.end):
            score = 2 if _RIGHT_BEFORE.search(text[max(0, spot.start - 40) : spot.start]) else int(wrong)
            yield score, Piece(text[spot.start : spot.end], spot.start), None


def _stated_instead(text: str) -> Iterator[tuple[int, Piece, str | None]]:
    """What a city "should be", a town that nobody knows included: "donde dice Rosario debe decir Villa Nueva"."""
    unwrapped = _WRAPPED.sub(r"\1 ", text)
    for match in _STATED.finditer(unwrapped):
        before = re.findall(r"[^\W\d_][\w'’-]*", unwrapped[max(0, match.start() - 40) : match.start()])[-3:]
        wrong = any(before[-count][0].isupper() and places.city(" ".join(before[-count:])) for count in _counts(before))
        piece = trimmed(match[1], match.start(1))
        if (
            wrong
            and piece.text
            and piece.text[0].isupper()
            and len(words(piece.text)) <= 4
            and not has_noun(piece.text)
        ):
            yield 4, piece, None


def _counts(before: Sequence[str]) -> range:
    return range(1, len(before) + 1)


def _is_wrong(text: str, start: int, end: int) -> bool:
    before = _WRONG_BEFORE.search(text[max(0, start - 40) : start])
    return before is not None or _WRONG_BEHIND.match(text, end) is not None


def _unquoted_name(source: Source) -> Piece | None:
    """A name without quotation marks: behind "should be", or alone on the line below a colon."""
    lines = source.text.split("\n")
    at = 0
    for before, line in pairwise(lines):
        at += len(before) + 1
        if before.rstrip().endswith((":", "：")) and (piece := trimmed(line, at)) and _is_name(piece.text):
            return piece
    for match in _STATED.finditer(source.text):
        piece = trimmed(match[1], match.start(1))
        if _is_name(piece.text) and piece.text[0].isupper():
            return piece
    if behind := _behind_colon(source):
        return behind
    introduced = [candidate.piece for candidate in called(source.sentences) if _is_name(candidate.piece.text)]
    return next(iter(introduced), None) or next(_before_contrast(source), None)


def _behind_colon(source: Source) -> Piece | None:
    """The one name that a sentence ends with behind its colon: "also bitte: Kulturvereinigung Rheinland."."""
    found: list[Piece] = []
    for sentence in source.sentences:
        lead, colon, value = sentence.text.partition(": ")
        first, _, second = value.partition("\n")
        value = first if names.script(first) != names.script(second) else value  # else the client wrapped it
        piece = trimmed(value, sentence.start + len(lead) + 2, ".! ")
        if colon and has_noun(piece.text) and _is_name(piece.text) and len(words(lead)) > 1:
            found.append(piece)
    return found[0] if len(found) == 1 else None


def _before_contrast(source: Source) -> Iterator[Piece]:
    """The right name before the wrong one: "it is Cercle Rosa-Parks du Larzac, not Cercle Rosa-Parks"."""
    for sentence in source.sentences:
        for contrast in _CONTRAST.finditer(sentence.text[:600]):
            for run in capitals(sentence.text[: contrast.start()], sentence.start):
                if _is_name(run.text) and has_noun(run.text):
                    yield run


def _is_name(text: str) -> bool:
    count = len(words(text))
    place = places.city(text) or places.country(text) or places.find(text)[:1]
    return (
        2 <= count <= 12
        and not text[0].islower()
        and not (place and count < 4 and not has_noun(text))
        and "@" not in text
    )


def _corrected_address(signup: Signup, source: Source) -> Signup:
    """A new address that is named in the text."""
    if not signup.names and not signup.city and (contact := named_contact(source.sentences, source.sender)):
        return _with_contact(signup, source, contact)
    named = [m for m in find_addresses(source.text) if m[0].lower() != source.sender]
    if len(named) != 1 or signup.names:
        return signup
    match = named[0]
    evidence = {**signup.evidence, "email": Evidence(source.part, match.start(), match.end())}
    return replace(signup, email=match[0].lower(), named_email=match[0].lower(), evidence=evidence)


def _with_contact(signup: Signup, source: Source, contact: Contact) -> Signup:
    """A new contact person with their address."""
    address, person = contact.address, contact.person
    evidence = {**signup.evidence, "email": Evidence(source.part, address.start, address.end)}
    if person:
        evidence["contact_person"] = Evidence(source.part, person.start, person.end)
    given = address.text.lower()
    name = names.display(person.text) if person else None
    return replace(signup, contact_person=name, email=given, named_email=given, evidence=evidence)
