"""Fourth stage of reading: the sign-ups of a message, in order of trust: form, list, running text, sign-off, From."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outreach.reading import actions, names, places, prose
from outreach.reading.filled import from_form, with_fields
from outreach.reading.lexicon import lexicon, words
from outreach.reading.lists import Entry
from outreach.reading.result import Signup
from outreach.reading.sentences import Sentence
from outreach.reading.source import SURE, Found, Source
from outreach.reading.values import Piece, has_noun, language_of_name, person_from_header
from outreach.words import Action, Evidence


def read_signups(source: Source) -> Found:
    """Every signatory asked for in the message."""
    if len(source.form.fields) == 1 and source.form.is_signup:
        return _from_label_and_text(source)
    if source.form.is_signup and (found := from_form(source)):
        quoted = any(field.part != source.part for field in source.form.fields)
        completed = tuple(_completed(signup, source) for signup in found)
        return Found(completed, SURE["quoted form" if quoted else "form"] if found[0].names else SURE["nothing"])
    if source.entries:
        return Found(
            _from_list(source), SURE["list"] if len(source.entries) > 1 or source.entries[0].numbered else SURE["text"]
        )
    return _from_text(source)


def _from_label_and_text(source: Source) -> Found:
    """A single labelled name ("in English: …") beside running text that may hold the name in the other script."""
    labelled, text = _completed(from_form(source)[0], source), _from_text(source)
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
    return Found((merged,), SURE["text"] if labelled.names else text.confidence)


# --- lists -----------------------------------------------------------------------------------------------------------


def _from_list(source: Source) -> tuple[Signup, ...]:
    signups = [_listed(entry, source) for entry in source.entries]
    action = actions.from_text(source.sentences, source.year)
    whose = _whose_action(source.sentences, len(signups)) if action else ()
    country = _shared_country(source.sentences, signups)
    return tuple(
        _completed(
            replace(
                signup, action=action if number in whose else None, country=signup.country or _fitting(signup, country)
            ),
            source,
            alone=False,
        )
        for number, signup in enumerate(signups)
    )


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
        individual=source.individual,
        names=found,
        city=names.display(entry.city.text) if entry.city else None,
        country=entry.country,
        contact_person=names.display(entry.contact.text) if entry.contact else None,
        email=entry.address.text.lower() if entry.address else None,
        evidence=evidence,
    )


def _whose_action(sentences: Sequence[Sentence], count: int) -> Sequence[int]:
    """The numbers of the list items that an action in the text belongs to."""
    said = {hit.cue.category for sentence in sentences for hit in lexicon().find(sentence.words)}
    if "first" in said and count > 1:
        return (0,)
    return range(count) if count == 1 or "every" in said else ()


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


# --- running text ----------------------------------------------------------------------------------------------------


def _from_text(source: Source) -> Found:
    if source.individual:
        return _from_person(source)
    known = [source.sender_name, *(p.text for p in (source.signoff.organisation, source.signature.organisation) if p)]
    found = prose.candidates(source.sentences, known)
    best = next((c for c in found if c.weight >= 2.0), None)
    foreign = prose.other_script(source.text, names.script(source.text)) if best is None else None
    if best is None and foreign and has_noun(foreign.text):
        best = prose.Candidate(foreign, 2.0)
    if best is not None:
        signup, trust = _named(source, best.piece, source.part), SURE["text"]
    elif source.signoff.organisation:
        signup, trust = _named(source, source.signoff.organisation, source.signoff.part), SURE["signature"]
    elif source.signature.organisation:
        signup, trust = _named(source, source.signature.organisation, source.signature.part), SURE["signature"]
    elif source.sender_name and has_noun(source.sender_name):
        signup, trust = _from_sender(source), SURE["from"]
    else:
        signup, trust = Signup(individual=False), SURE["nothing"]
    return Found((_in_prose(signup, best.piece if best else None, source),), trust)


def _from_sender(source: Source) -> Signup:
    text = names.display(source.sender_name)
    at = source.from_header.find(source.sender_name)
    key = language_of_name(text, None, source.language)
    evidence = {f"names.{key}": Evidence("from", at, at + len(source.sender_name))} if at >= 0 else {}
    return Signup(individual=False, names={key: text}, evidence=evidence)


def _named(source: Source, piece: Piece, part: str) -> Signup:
    """A sign-up by the name in the text, with the name in the other script where the text gives one."""
    text = names.display(piece.text)
    key = language_of_name(text, None, source.language)
    found = {key: text}
    evidence = {f"names.{key}": Evidence(part, piece.start, piece.end)}
    other = _other_name(source, names.script(text))
    if other and names.script(other.text) != names.script(text):
        other_key = language_of_name(other.text, None, "en" if names.script(other.text) == "Latn" else "fa")
        found[other_key] = names.display(other.text)
        evidence[f"names.{other_key}"] = Evidence(source.part, other.start, other.end)
    return Signup(individual=False, names=found, evidence=evidence)


def _other_name(source: Source, script: str) -> Piece | None:
    """The name in the other script: a run of it in a text of one script, else the next candidate in it."""
    if script == names.script(source.text):
        return prose.other_script(source.text, script) if script in ("Arab", "Latn") else None
    found = prose.candidates(source.sentences, [])
    return next((c.piece for c in found if names.script(c.piece.text) != script and c.weight >= 2.0), None)


def _from_person(source: Source) -> Found:
    header = person_from_header(source.sender_name)
    piece = prose.person_in(source.sentences, header) or source.signoff.person
    if piece is None or (header and len(piece.text.split()) < 2):
        text = header
        at = source.from_header.find(source.sender_name)
        evidence = Evidence("from", at, at + len(source.sender_name))
    else:
        text = names.display(piece.text)
        evidence = Evidence(source.part, piece.start, piece.end)
    if text is None:
        return Found((Signup(individual=True, email=source.sender),), SURE["nothing"])
    key = language_of_name(text, None, source.language)
    signup = Signup(
        individual=True,
        names={key: text},
        contact_person=text,
        evidence={f"names.{key}": evidence, "contact_person": evidence},
    )
    return Found((_in_prose(signup, piece, source),), SURE["text"])


def _in_prose(signup: Signup, name: Piece | None, source: Source) -> Signup:
    city, country = prose.city_of(source.sentences, name, loose=bool(signup.individual))
    part = source.part
    if city is None and source.signoff.city:
        city, part = source.signoff.city, source.signoff.part
        found = places.city(city.text)
        country = country or (places.only_country(found) if found else None)
    evidence = dict(signup.evidence)
    if city:
        evidence["city"] = Evidence(part, city.start, city.end)
    signup = replace(
        signup,
        city=names.display(city.text) if city else None,
        country=country,
        action=actions.from_text(source.sentences, source.year),
        evidence=evidence,
    )
    return _completed(with_fields(signup, source), source)


# --- what all have in common -----------------------------------------------------------------------------------------


def _completed(signup: Signup, source: Source, *, alone: bool = True) -> Signup:
    """Contact, address and the rest from sign-off and sender, where the message did not give them otherwise."""
    signup = _with_sender_as_contact(signup, source) if signup.contact_person is None else signup
    named = signup.email if signup.email and signup.email != source.sender else None
    evidence = dict(signup.evidence)
    if signup.email is None and source.sender:
        at = source.from_header.lower().find(source.sender)
        if at >= 0:
            evidence["email"] = Evidence("from", at, at + len(source.sender))
    action = signup.action or (actions.from_text(source.sentences, source.year) if alone else None)
    return replace(
        signup,
        email=signup.email or source.sender,
        named_email=named,
        role=signup.role or (source.signoff.role if signup.contact_person else None),
        website=signup.website or (source.signoff.website if alone else None),
        phone=signup.phone or (source.signoff.phone if alone else None),
        action=_dated(action),
        evidence=evidence,
    )


def _dated(action: Action | None) -> Action | None:
    """A declined action has no date (corpus README)."""
    return replace(action, date=None, time=None) if action and action.joins is False else action


def _with_sender_as_contact(signup: Signup, source: Source) -> Signup:
    """The person of the sign-off or the From header; a first name alone is completed from From."""
    header = person_from_header(source.sender_name)
    typed = source.signoff.person or (source.signature.person if source.signature.part else None)
    part = source.signoff.part if source.signoff.person else source.signature.part
    if (
        typed
        and len(words(typed.text)) >= 2
        and not (header and names.script(header) == names.script(typed.text) and _is_other(header, typed.text))
    ):
        evidence = {**signup.evidence, "contact_person": Evidence(part, typed.start, typed.end)}
        return replace(signup, contact_person=names.display(typed.text), evidence=evidence)
    if header is None:
        return signup
    at = source.from_header.find(header)
    evidence = (
        {**signup.evidence, "contact_person": Evidence("from", at, at + len(header))} if at >= 0 else signup.evidence
    )
    return replace(signup, contact_person=names.display(header), evidence=evidence)


def _is_other(header: str, typed: str) -> bool:
    """Whether the sign-off is no fuller form of the From name (then From is the safer one)."""
    return not set(words(header)) & set(words(typed))
