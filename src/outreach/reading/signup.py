"""Fourth stage of reading: the sign-ups of a message, in order of trust: form, list, running text, sign-off, From."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from outreach.reading import actions, names, places
from outreach.reading.completed import completed
from outreach.reading.filled import from_form, with_fields
from outreach.reading.lexicon import lexicon
from outreach.reading.lists import Entry
from outreach.reading.located import stated_place
from outreach.reading.result import Signup
from outreach.reading.sentences import Sentence
from outreach.reading.source import SURE, Found, Source
from outreach.reading.values import Piece, language_of_name
from outreach.reading.written import from_text
from outreach.words import Evidence


def read_signups(source: Source) -> Found:
    """Every signatory asked for in the message."""
    if source.form.is_signup and (len(source.form.fields) == 1 or _is_within_text(source) or _is_nameless(source)):
        return _from_label_and_text(source)
    if source.form.is_signup and (found := from_form(source)):
        quoted = any(field.part != source.part for field in source.form.fields)
        filled = tuple(completed(signup, source) for signup in found)
        place = "quoted form" if quoted or _is_doubtful(found) else "form"
        return Found(filled, place if found[0].names else "nothing")
    if source.entries:
        listed = _from_list(source)
        return Found(listed, _kind_of_list(source, listed))
    return from_text(source)


def _kind_of_list(source: Source, listed: Sequence[Signup]) -> str:
    """How far a list is to be trusted: names in two scripts, each with its place, are there on purpose."""
    if all(len(signup.names) > 1 and (signup.city or signup.country) for signup in listed):
        return "paired list"
    return "list" if len(source.entries) > 1 or source.entries[0].numbered else "text"


def _is_within_text(source: Source) -> bool:
    """Whether the one name field stands in a paragraph, which may hold the name in other letters."""
    named = [field for field in source.form.fields if field.label.kind == "name"]
    return len(named) == 1 and any(field.inline for field in source.form.fields)


def _is_nameless(source: Source) -> bool:
    """Whether the form has no name in it, which then stands in the text around it."""
    return not source.entries and not any(field.label.kind == "name" for field in source.form.fields)


def _is_doubtful(signups: Sequence[Signup]) -> bool:
    """Whether a name field may hold an answer that is no name: it starts small and is short."""
    texts = [name for signup in signups for name in signup.names.values()]
    return any(text[:1].islower() and len(text.split()) <= 3 for text in texts)


def _from_label_and_text(source: Source) -> Found:
    """A single labelled name ("in English: …") beside running text that may hold the name in the other script."""
    labelled, text = completed(from_form(source)[0], source), from_text(source)
    written = text.signups[0]
    theirs = {key: name for key, name in written.names.items() if text.confidence >= SURE["text"]}
    scripts = {names.script(name) for name in labelled.names.values()}
    added = {
        key: name for key, name in theirs.items() if names.script(name) not in scripts and key not in labelled.names
    }
    evidence = {**written.evidence, **labelled.evidence}
    merged = replace(
        labelled,
        names={**added, **labelled.names},
        city=labelled.city or written.city,
        country=labelled.country or written.country,
        evidence={
            f: e for f, e in evidence.items() if not f.startswith("names.") or f[6:] in {*added, *labelled.names}
        },
    )
    return Found((merged,), "text" if labelled.names else text.place)


# --- lists -----------------------------------------------------------------------------------------------------------


def _from_list(source: Source) -> tuple[Signup, ...]:
    signups = [_with_shared_contact(_listed(entry, source), source) for entry in source.entries]
    action = actions.from_text(source.sentences, source.days)
    whose = _whose_action(source.sentences, len(signups), action.joins) if action else ()
    country = _shared_country(source.sentences, signups)
    if len(signups) == 1 and not signups[0].city and not signups[0].country:
        signups = [_with_stated_place(signups[0], source, [*source.entries[0].names.values()])]
    signups = [
        signup if signup.city or signup.country else _with_city_of_name(signup, [*entry.names.values()], source)
        for signup, entry in zip(signups, source.entries, strict=True)
    ]
    return tuple(
        completed(
            replace(
                signup, action=action if number in whose else None, country=signup.country or _fitting(signup, country)
            ),
            source,
            alone=len(signups) == 1,
        )
        for number, signup in enumerate(signups)
    )


def _with_shared_contact(signup: Signup, source: Source) -> Signup:
    """The entry with the contact that a line below the list names for all of them."""
    contacts = tuple(field for field in source.form.fields if field.label.kind == "contact")
    if signup.contact_person or len(contacts) != 1:
        return signup
    return with_fields(signup, replace(source, form=replace(source.form, fields=contacts)))


def _with_stated_place(signup: Signup, source: Source, named: Sequence[Piece]) -> Signup:
    """The one entry of a list with the place on a line of its own."""
    city, country = stated_place(source.sentences, named, source.language)
    evidence = {**signup.evidence, "city": Evidence(source.part, city.start, city.end)} if city else signup.evidence
    return replace(signup, city=names.display(city.text) if city else None, country=country, evidence=evidence)


def _with_city_of_name(signup: Signup, named: Sequence[Piece], source: Source) -> Signup:
    """An entry whose only place is the end of its name: "انجمن پناهندگان مالمو"."""
    city, country = stated_place((), named, source.language)
    evidence = {**signup.evidence, "city": Evidence(source.part, city.start, city.end)} if city else signup.evidence
    return replace(signup, city=names.display(city.text) if city else None, country=country, evidence=evidence)


def _listed(entry: Entry, source: Source) -> Signup:
    found: dict[str, str] = {}
    evidence: dict[str, Evidence] = {}
    for piece in entry.names.values():
        text = names.display(piece.text)
        key = language_of_name(text, None, source.language)
        found[key] = text
        evidence[f"names.{key}"] = Evidence(source.part, piece.start, piece.end)
    if entry.city:
        evidence["city"] = Evidence(source.part, entry.city.start, entry.city.end)
    if entry.contact:
        evidence["contact_person"] = Evidence(source.part, entry.contact.start, entry.contact.end)
    if entry.address:
        evidence["email"] = Evidence(source.part, entry.address.start, entry.address.end)
    return Signup(
        individual=entry.individual or (source.individual and not any(e.individual for e in source.entries)),
        names=found,
        city=names.display(entry.city.text) if entry.city else None,
        country=entry.country,
        contact_person=names.display(entry.contact.text) if entry.contact else None,
        email=entry.address.text.lower() if entry.address else None,
        evidence=evidence,
    )


#: Some of the list: "the others plan nothing".
_REST: Final = frozenset(
    ["other", "others", "rest", "anderen", "ubrigen", "autres", "otras", "otros", "outras", "outros", "altri", "altre"]
    + ["andra", "ovriga", "andre", "ovrige", "overige", "بقیه", "دیگر", "سایر"]
)


def _whose_action(sentences: Sequence[Sentence], count: int, joins: bool | None) -> Sequence[int]:
    """The numbers of the list items that an action in the text belongs to; that there is none is said of all."""
    said = {hit.cue.category for sentence in sentences for hit in lexicon().find(sentence.words)}
    if "first" in said and count > 1:
        return (0,)
    none = joins is False and not any(_REST.intersection(sentence.words) for sentence in sentences)
    return range(count) if count == 1 or "every" in said or none else ()


def _shared_country(sentences: Sequence[Sentence], signups: Sequence[Signup]) -> str | None:
    """The one country of all entries that have one, else the one country that the text around the list names."""
    found = {signup.country for signup in signups if signup.country}
    if not found:
        found = {s.value for sentence in sentences for s in places.find(sentence.text) if isinstance(s.value, str)}
    return found.pop() if len(found) == 1 else None


def _fitting(signup: Signup, country: str | None) -> str | None:
    """The country of the whole list for an entry whose city can lie in it (Brest among French cities)."""
    city = places.city(signup.city) if signup.city else None
    return country if country and city and country in city.countries else None
