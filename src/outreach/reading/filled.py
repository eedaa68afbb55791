"""Sign-ups from the fields of a filled form: names by language, place, contact, address, action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outreach.reading import actions, names, places
from outreach.reading.forms import Field, is_nothing, records
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import lexicon
from outreach.reading.result import Signup
from outreach.reading.source import Source
from outreach.reading.values import by_script, language_of_name, person, place, trimmed
from outreach.words import Evidence


def from_form(source: Source) -> tuple[Signup, ...]:
    signups = [_record(fields, source) for fields in records(source.form.fields)]
    if len(signups) == 2 and _are_one(*signups):
        first, second = signups
        signups = [
            replace(first, names={**second.names, **first.names}, evidence={**second.evidence, **first.evidence})
        ]
    signups = [s for s in signups if s.names] or signups[:1]
    return tuple(signups)


def _are_one(first: Signup, second: Signup) -> bool:
    """Whether two records are one signatory's form in two languages."""
    scripts = [{names.script(name) for name in signup.names.values()} for signup in (first, second)]
    same_place = not first.country or not second.country or first.country == second.country
    return bool(scripts[0] and scripts[1]) and not scripts[0] & scripts[1] and same_place


def _record(fields: Sequence[Field], source: Source) -> Signup:
    signup = Signup(individual=source.individual)
    for field in fields:
        if is_nothing(field.value) and field.label.kind != "action":
            continue
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
            return replace(signup, action=actions.from_field(field.asked, field.value, source.year))
        case "individual":
            alone = lexicon().says(field.value, "individual") or lexicon().opens_with(field.value, "yes") > 0
            return replace(signup, individual=True) if alone else signup
        case _:
            return signup


def _with_names(signup: Signup, field: Field, source: Source) -> Signup:
    found, evidence = dict(signup.names), dict(signup.evidence)
    for piece in by_script(field.value):
        text = names.display(piece.text)
        key = language_of_name(text, field.label.language, source.language)
        scripts = {names.script(name) for name in found.values()}
        if text and key not in found and names.script(text) not in scripts:
            found[key] = text
            evidence[f"names.{key}"] = Evidence(field.part, field.start + piece.start, field.start + piece.end)
    return replace(signup, names=found, evidence=evidence)


def _with_place(signup: Signup, field: Field) -> Signup:
    value = by_script(field.value)[0]
    read = place(value.text)
    evidence = dict(signup.evidence)
    city, country = signup.city, signup.country
    if field.label.kind == "country":
        country = read.country or country
    else:
        piece = (
            read.city
            if read.city and field.label.kind == "where"
            else trimmed(value.text)
            if field.label.kind == "city"
            else None
        )
        if read.city and piece and "," in piece.text:
            piece = read.city
        if piece and piece.text and places.country(piece.text) is None:
            city = names.display(piece.text)
            at = field.start + value.start + piece.start
            evidence["city"] = Evidence(field.part, at, at + len(piece.text))
        country = country or read.country
    return replace(signup, city=city, country=country, evidence=evidence)


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
