"""The sign-up that running text, sign-off, subject or From name: an organisation, or a person for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outreach.reading import actions, names, places, prose
from outreach.reading.called import called, in_languages
from outreach.reading.chosen import SAID, chosen
from outreach.reading.completed import completed
from outreach.reading.filled import with_fields
from outreach.reading.introduced import person_in
from outreach.reading.located import home_country, stated_country, stated_place, withholds_city
from outreach.reading.otherscript import other_script
from outreach.reading.result import Signup
from outreach.reading.signoff import SignOff
from outreach.reading.source import Found, Source
from outreach.reading.together import own_place, shared_place, together
from outreach.reading.values import Piece, has_noun, language_of_name, person_from_header, trimmed
from outreach.words import Evidence


def from_text(source: Source) -> Found:
    """The one sign-up of a message without form and list."""
    if source.individual:
        return _from_person(source)
    if len(pieces := together(source.sentences)) > 1:
        return Found(tuple(_one_of_several(source, piece, pieces) for piece in pieces), "text")
    if best := chosen(source):
        signup, place = _named(source, best.piece, source.part), "text" if best.weight >= SAID else "signature"
    elif source.signoff.organisation:
        signup, place = _named(source, source.signoff.organisation, source.signoff.part), "signature"
    elif source.signature.organisation:
        signup, place = _named(source, source.signature.organisation, source.signature.part), "signature"
    elif source.subject and (said := from_text(_subject_of(source))).signups[0].names:
        return Found((completed(_only_named(said.signups[0]), source),), "subject")
    elif source.sender_name and has_noun(source.sender_name):
        signup, place = _from_sender(source), "from"
    else:
        signup, place = Signup(individual=False), "nothing"
    return Found((_in_prose(signup, best.piece if best else None, source),), place)


def _one_of_several(source: Source, piece: Piece, among: Sequence[Piece]) -> Signup:
    """One of the organisations that a sentence signs for, with the place that is its own, else the shared one."""
    text = names.display(piece.text)
    key = language_of_name(text, None, source.language)
    evidence = {f"names.{key}": Evidence(source.part, piece.start, piece.end)}
    behind = next((other.start for other in among if other.start > piece.start), len(source.text))
    city, country = own_place(source.sentences, piece, behind)
    if city is None and country is None:
        city, country = shared_place(source.sentences)
    if city:
        evidence["city"] = Evidence(source.part, city.start, city.end)
    action = actions.from_text(source.sentences, source.days)
    return completed(
        Signup(
            individual=False,
            names={key: text},
            city=names.display(city.text) if city else None,
            country=country,
            action=action,
            evidence=evidence,
        ),
        source,
        alone=False,
    )


def _subject_of(source: Source) -> Source:
    """The subject in place of the text: "Das Literaturhaus unterzeichnet die Erklärung"."""
    line = " ".join(sentence.text for sentence in source.subject)
    nobody = SignOff("", 0)
    found = replace(source, sentences=source.subject, part="subject", text=line, prose=line, subject=())
    return replace(found, sender_name="", signoff=nobody, signature=nobody)


def _only_named(signup: Signup) -> Signup:
    """Name and place alone, for the rest to come from the text."""
    kept = {f: e for f, e in signup.evidence.items() if f == "city" or f.startswith("names.")}
    return Signup(individual=False, names=signup.names, city=signup.city, country=signup.country, evidence=kept)


def _from_sender(source: Source) -> Signup:
    text = names.display(source.sender_name)
    at = source.from_header.find(source.sender_name)
    key = language_of_name(text, None, source.language)
    evidence = {f"names.{key}": Evidence("from", at, at + len(source.sender_name))} if at >= 0 else {}
    return Signup(individual=False, names={key: text}, evidence=evidence)


def _named(source: Source, piece: Piece, part: str) -> Signup:
    """A sign-up by the name in the text, with the name in the other script where the text gives one."""
    if " / " in piece.text:
        return _several(source, piece, part)
    text = names.display(piece.text)
    key = language_of_name(text, None, source.language)
    found = {key: text}
    evidence = {f"names.{key}": Evidence(part, piece.start, piece.end)}
    other = _other_name(source, piece, names.script(text))
    if other is None and part == source.signoff.part or part == source.signature.part:
        signed = (*source.signoff.organisations, *source.signature.organisations)
        other = next((p for p in signed if names.script(p.text) != names.script(text)), None)
    if other and names.script(other.text) != names.script(text):
        other_key = language_of_name(other.text, None, "en" if names.script(other.text) == "Latn" else "fa")
        found[other_key] = names.display(other.text)
        evidence[f"names.{other_key}"] = Evidence(source.part, other.start, other.end)
    return Signup(individual=False, names=found, evidence=evidence)


def _several(source: Source, piece: Piece, part: str) -> Signup:
    """A sign-up by names with a slash between them: the first in each script."""
    signup, at = Signup(individual=False), piece.start
    for written in piece.text.split(" / "):
        one = trimmed(written, at)
        key = language_of_name(one.text, None, source.language)
        if one.text and names.script(one.text) not in {names.script(name) for name in signup.names.values()}:
            evidence = {**signup.evidence, f"names.{key}": Evidence(part, one.start, one.end)}
            signup = replace(signup, names={**signup.names, key: names.display(one.text)}, evidence=evidence)
        at += len(written) + 3
    return signup


def _other_name(source: Source, piece: Piece, script: str) -> Piece | None:
    """The name in the other script: a run of it in a text of one script, else the next candidate in it."""
    for named in (*in_languages(source.sentences), *(c.piece for c in called(source.sentences))):
        if names.script(named.text) != script:
            return named
    if script == names.script(source.prose):
        return other_script(source.prose, script) if script in ("Arab", "Latn") else None
    found = prose.candidates(source.sentences, [])
    others = [c for c in found if names.script(c.piece.text) != script]
    return next((c.piece for c in others if c.weight >= SAID or 0 <= c.piece.start - piece.end <= 5), None)


def _from_person(source: Source) -> Found:
    header = person_from_header(source.sender_name)
    piece = person_in(source.sentences, header) or source.signoff.person
    if piece is None or (header and len(piece.text.split()) < 2):
        text = header
        at = source.from_header.find(source.sender_name)
        evidence = Evidence("from", at, at + len(source.sender_name))
    else:
        text = names.display(piece.text)
        evidence = Evidence(source.part, piece.start, piece.end)
    if text is None:
        return Found((Signup(individual=True, email=source.sender),), "nothing")
    key = language_of_name(text, None, source.language)
    signup = Signup(
        individual=True,
        names={key: text},
        contact_person=text,
        evidence={f"names.{key}": evidence, "contact_person": evidence},
    )
    return Found((_in_prose(signup, piece, source),), "text")


def _pieces_of(signup: Signup, source: Source) -> list[Piece]:
    """The names of the sign-up as they stand in the text."""
    places_of_names = [e for f, e in signup.evidence.items() if f.startswith("names.") and e.part == source.part]
    return [Piece(source.text[e.start : e.end], e.start) for e in places_of_names]


def _country_of(city: Piece | None, source: Source) -> str | None:
    """The one country the text names that has such a city: "à Brest. C'est en France"."""
    known = places.city(city.text) if city else None
    said = {s.value for sentence in source.sentences for s in places.find(sentence.text) if isinstance(s.value, str)}
    fitting = said.intersection(known.countries) if known else set()
    return fitting.pop() if len(fitting) == 1 else None


def _in_prose(signup: Signup, name: Piece | None, source: Source) -> Signup:
    city, country = prose.city_of(source.sentences, name, loose=bool(signup.individual))
    withheld = any(map(withholds_city, source.sentences))
    if city is None:
        named = [name, *_pieces_of(signup, source)] if name else []
        person = bool(signup.individual)
        said, its_country = stated_place(source.sentences, named, source.language, person=person)
        if withheld:
            said, its_country = None, None if said else its_country
        known = places.city(said.text) if said else None
        fits = known is None or country in known.countries  # no "Iran" of the name where they say "in Hamburg"
        city, country = said, country if country and fits else its_country
    part = source.part
    below = source.signoff if source.signoff.city else source.signature
    if city is None and below.city:
        city, part = below.city, below.part
        found = places.city(city.text)
        country = country or (places.only_country(found) if found else None)
    if city and name and signup.individual and name.start <= city.start < name.end:
        city, country = None, None  # "Ada Moss" is not in Moss
    if city and withheld:
        city, country = None, country or _country_of(city, source)
    country = (city and stated_country(source.sentences, city.text)) or country or _country_of(city, source)
    country = country or (home_country(city.text, source.language) if city else None)
    own = places.city(city.text) if city and name and country else None
    if own and own.only and country not in own.countries:
        country = own.only  # the "Iran" of "Iran Forum Hannover" is no place of theirs
    evidence = dict(signup.evidence)
    if city:
        evidence["city"] = Evidence(part, city.start, city.end)
    signup = replace(
        signup,
        city=names.display(city.text) if city else None,
        country=country,
        evidence=evidence,
    )
    return completed(with_fields(signup, source), source)
