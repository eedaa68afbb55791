"""Sign-ups from the fields of a filled form: names by language, place, contact, address, action."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from outreach.reading import actions, names, places
from outreach.reading.entries import parse_entry
from outreach.reading.forms import Field, is_nothing, records
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import lexicon, words
from outreach.reading.located import withholds
from outreach.reading.result import Signup
from outreach.reading.source import Source
from outreach.reading.values import Piece, by_script, has_noun, language_of_name, person, place, trimmed
from outreach.words import Evidence

_BREAK = re.compile(r"[,،;\n]|\s[–—-]\s")
_COMMA = re.compile(r"[,،;]")
#: Letters of car plates that people write for their country.
_PLATES = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "B": "BE", "S": "SE", "N": "NO", "E": "ES", "P": "PT", "L": "LU"}


def from_form(source: Source) -> tuple[Signup, ...]:
    signups = [_record(fields, source) for fields in records(source.form.fields)]
    if len(signups) == 2 and _are_one(*signups):
        first, second = signups
        signups = [_united(first, second)]
    signups = [s for s in signups if s.names] or signups[:1]
    return tuple(signups)


def _united(first: Signup, second: Signup) -> Signup:
    """The form in two languages as one; what the first leaves open, the second says."""
    return replace(
        first,
        names={**second.names, **first.names},
        evidence={**second.evidence, **first.evidence},
        city=first.city or second.city,
        country=first.country or second.country,
        contact_person=first.contact_person or second.contact_person,
        role=first.role or second.role,
        email=first.email or second.email,
        website=first.website or second.website,
        phone=first.phone or second.phone,
        action=first.action or second.action,
    )


def _are_one(first: Signup, second: Signup) -> bool:
    """Whether two records are one signatory's form in two languages."""
    scripts = [{names.script(name) for name in signup.names.values()} for signup in (first, second)]
    same_place = not first.country or not second.country or first.country == second.country
    return bool(scripts[0] and scripts[1]) and not scripts[0] & scripts[1] and same_place


def _record(fields: Sequence[Field], source: Source) -> Signup:
    signup = Signup(individual=source.individual)
    for field in fields:
        if field.label.kind != "action" and (is_nothing(field.value) or _is_refusal(field)):
            continue
        signup = _filled(signup, field, source)
    return signup


def _is_refusal(field: Field) -> bool:
    """Whether a short answer in small letters under "name in Persian" says that there is none, in any language."""
    if field.label.kind != "name" or field.label.language != "fa" or names.script(field.value) != "Latn":
        return False
    said = words(field.value)
    denied = any(word in negators for word in said for negators in lexicon().negators.values())
    return len(said) <= 6 and not has_noun(field.value) and (denied or field.value[0].islower())


def with_fields(signup: Signup, source: Source) -> Signup:
    """A sign-up named in running text, with what single labels beside the text say ("City: Graz")."""
    for field in source.form.fields:
        if field.label.kind in ("name", "individual") or is_nothing(field.value):
            continue
        placed = _filled(Signup(), field, source) if field.label.kind in ("city", "where") else None
        if placed and placed.city:
            signup = replace(signup, country=placed.country or signup.country)
        signup = _filled(signup, field, source)
    return signup


def _filled(signup: Signup, field: Field, source: Source) -> Signup:
    match field.label.kind:
        case "name":
            return _with_names(signup, field, source)
        case "city" | "country" | "where":
            return _with_place(signup, field)
        case "contact":
            return _with_contact(signup, field)
        case "role":
            return replace(signup, role=signup.role or field.value)
        case "email" | "address":
            return _with_address(signup, field)
        case "website":
            return replace(signup, website=field.value)
        case "phone":
            return replace(signup, phone=field.value)
        case "action":
            return replace(signup, action=actions.from_field(field.asked, field.value, source.days))
        case "individual":
            alone = lexicon().says(field.value, "individual") or lexicon().opens_with(field.value, "yes") > 0
            return replace(signup, individual=True) if alone else signup
        case _:
            return signup


def _with_names(signup: Signup, field: Field, source: Source) -> Signup:
    found, evidence = dict(signup.names), dict(signup.evidence)
    head = _COMMA.split(field.value)[0]
    changes = head != field.value and names.script(head) != names.script(field.value[len(head) :])
    value = head if changes else field.value
    if not any(other.label.kind in ("city", "where", "country") for other in source.form.fields):
        signup, value = _without_place(signup, field, value)
        found, evidence = dict(signup.names), dict(signup.evidence)
    for piece in by_script(value):
        text = names.display(piece.text)
        key = language_of_name(text, field.label.language, source.language)
        scripts = {names.script(name) for name in found.values()}
        if text and key not in found and names.script(text) not in scripts:
            found[key] = text
            evidence[f"names.{key}"] = Evidence(field.part, field.start + piece.start, field.start + piece.end)
    return replace(signup, names=found, evidence=evidence)


def _without_place(signup: Signup, field: Field, value: str) -> tuple[Signup, str]:
    """The place behind the name when no other field asks for it: "Name: Tranzit, Zagreb, Croatia"."""
    name, city, country = parse_entry(value)
    if country is None or not name.text or "," not in value.replace("،", ","):
        return signup, value
    if city:
        at = Evidence(field.part, field.start + city.start, field.start + city.end)
        signup = replace(signup, city=names.display(city.text), evidence={**signup.evidence, "city": at})
    return replace(signup, country=country), value[: name.end]


def _with_place(signup: Signup, field: Field) -> Signup:
    value = by_script(field.value)[0]
    read = place(value.text)
    if field.label.kind == "country":
        return replace(signup, country=read.country or _PLATES.get(value.text) or signup.country)
    evidence = dict(signup.evidence)
    city = signup.city
    piece = _city(value.text, read.city) if field.label.kind == "city" else read.city
    if piece and withholds(field.value):
        piece = None  # "please do not print (we are in Mainz)"
    if piece and piece.text and (places.country(piece.text) is None or read.city or places.city(piece.text)):
        city = names.display(piece.text)
        at = field.start + value.start + piece.start
        evidence["city"] = Evidence(field.part, at, at + len(piece.text))
    return replace(signup, city=city, country=read.country or signup.country, evidence=evidence)


def _city(value: str, known: Piece | None) -> Piece | None:
    """The city of a value: all of it, or its known city; None for a sentence such as "please do not print"."""
    whole = trimmed(value)
    if known and (_BREAK.search(whole.text) or len(words(whole.text)) > len(words(known.text)) + 2):
        return known
    if known and places.country(whole.text[known.end - whole.start :].strip()):
        return known  # "Leeds UK"
    head = trimmed(_BREAK.split(whole.text)[0], whole.start)
    if places.city(whole.text):
        return whole
    small = head.text[:1].islower() and not places.city(head.text)
    return None if small or len(words(head.text)) > 4 or is_nothing(head.text) else head


def _with_contact(signup: Signup, field: Field) -> Signup:
    name, role = person(field.value)
    evidence = dict(signup.evidence)
    address = next(find_addresses(field.value), None)
    signup = _with_address(signup, field) if address and not signup.email else signup
    if name is None:
        return replace(signup, role=signup.role or role)
    evidence = {
        **signup.evidence,
        "contact_person": Evidence(field.part, field.start + name.start, field.start + name.end),
    }
    return replace(signup, contact_person=names.display(name.text), role=signup.role or role, evidence=evidence)


def _with_address(signup: Signup, field: Field) -> Signup:
    match = next(find_addresses(field.value), None)
    if match is None or signup.email:
        return signup
    at = field.start + match.start()
    evidence = {**signup.evidence, "email": Evidence(field.part, at, at + len(match[0]))}
    return replace(signup, email=match[0].lower(), evidence=evidence)
