"""What every sign-up has besides its name: contact, address and the rest, from the sign-off and the sender."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from outreach.reading import actions, names, places
from outreach.reading.chats import writer_at
from outreach.reading.introduced import first_name
from outreach.reading.lexicon import lexicon, words
from outreach.reading.named import contact_behind_colon, contact_said, named_contact
from outreach.reading.offices import is_office
from outreach.reading.result import Signup
from outreach.reading.signoff import without_closing
from outreach.reading.source import Source
from outreach.reading.values import Piece, has_noun, looks_like_person, person_from_header, trimmed
from outreach.words import Action, Evidence

_I_AM: Final = re.compile(r"(?:I am|I['’]m|Ich bin|Je suis|Sono|Soy)\s+(?=[A-ZÀ-Þ])")


def completed(signup: Signup, source: Source, *, alone: bool = True) -> Signup:
    """Contact, address and the rest from sign-off and sender, where the message did not give them otherwise."""
    signup = _with_named_contact(signup, source) if alone and signup.email is None else signup
    shared = alone or not any(entry.contact for entry in source.entries)
    if shared and signup.contact_person is None:
        signup = _with_contact_named_so(signup, source, alone=alone)
    signup = _with_sender_as_contact(signup, source) if signup.contact_person is None else signup
    named = signup.email if signup.email and signup.email != source.sender else None
    evidence = dict(signup.evidence)
    if signup.email is None and source.sender:
        at = source.from_header.lower().find(source.sender)
        if at >= 0:
            evidence["email"] = Evidence("from", at, at + len(source.sender))
    action = signup.action or (actions.from_text(source.sentences, source.days) if alone else None)
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


def _with_named_contact(signup: Signup, source: Source) -> Signup:
    """The contact and address that the text names instead of the sender's."""
    named = named_contact(source.sentences, source.sender)
    if named is None:
        return signup
    evidence = {**signup.evidence, "email": Evidence(source.part, named.address.start, named.address.end)}
    person = named.person if signup.contact_person is None else None
    if person:
        evidence["contact_person"] = Evidence(source.part, person.start, person.end)
    contact = names.display(person.text) if person else signup.contact_person
    return replace(signup, email=named.address.text.lower(), contact_person=contact, evidence=evidence)


def _with_contact_named_so(signup: Signup, source: Source, *, alone: bool) -> Signup:
    """The contact that the text names, the address being the sender's."""
    person = contact_behind_colon(source.sentences) or (contact_said(source.sentences) if alone else None)
    if person is None:
        return signup
    evidence = {**signup.evidence, "contact_person": Evidence(source.part, person.start, person.end)}
    return replace(signup, contact_person=names.display(person.text), evidence=evidence)


def _dated(action: Action | None) -> Action | None:
    """A declined action has no date (corpus README)."""
    return replace(action, date=None, time=None) if action and action.joins is False else action


def _with_sender_as_contact(signup: Signup, source: Source) -> Signup:
    """The person of the sign-off or the From header; a first name alone is completed from From."""
    named = [e.start for f, e in signup.evidence.items() if f.startswith("names.") and e.part == source.part]
    if source.chat and named and (writer := writer_at(min(named), source.chat)):
        evidence = {**signup.evidence, "contact_person": Evidence(source.part, writer.start, writer.end)}
        return replace(signup, contact_person=names.display(writer.text), evidence=evidence)
    header = person_from_header(source.sender_name)
    block = source.signature.person if source.signature.part else None
    typed = source.signoff.person or block
    if typed and block and words(typed.text) == words(block.text)[:1]:
        typed = block  # "Jonas" above "Jonas Wiedmann, Seebrücke Freiburg"
    part = source.signature.part if typed is block else source.signoff.part
    if typed is None and (typed := _last_words(source)):
        part = source.part
    if (
        typed
        and len(words(typed.text)) >= 2
        and not (header and names.script(header) == names.script(typed.text) and _is_other(header, typed.text))
    ):
        evidence = {**signup.evidence, "contact_person": Evidence(part, typed.start, typed.end)}
        return replace(signup, contact_person=names.display(typed.text), evidence=evidence)
    if header is None and typed and (not has_noun(source.sender_name) or _is_person_of(typed.text, source.sender_name)):
        evidence = {**signup.evidence, "contact_person": Evidence(part, typed.start, typed.end)}
        return replace(signup, contact_person=names.display(typed.text), evidence=evidence)
    if header is None:
        header = None if typed else first_name(source.sender_name, source.sender)
    if header is None or any(set(words(header)) <= set(words(name)) for name in signup.names.values()):
        return signup
    at = source.from_header.find(header)
    evidence = (
        {**signup.evidence, "contact_person": Evidence("from", at, at + len(header))} if at >= 0 else signup.evidence
    )
    return replace(signup, contact_person=names.display(header), evidence=evidence)


def _last_words(source: Source) -> Piece | None:
    """The name that ends the text on the line of its last sentence: "… we sign. Derya Yılmaz"."""
    if not source.sentences or len(source.sentences) < 2:
        return None
    last = source.sentences[-1]
    piece = trimmed(last.text.strip(), last.start + len(last.text) - len(last.text.lstrip()), ".!")
    if me := _I_AM.match(piece.text):
        piece = Piece(piece.text[me.end() :], piece.start + me.end())
    whole, piece = piece, without_closing(piece)
    told = False
    if comma := re.search(r"\s*[,،]\s*", piece.text):
        behind = Piece(piece.text[comma.end() :], piece.start + comma.end())
        if told := _says_who(behind.text) or places.city(behind.text) is not None:
            piece = Piece(piece.text[: comma.start()], piece.start)
        elif told := is_office(piece.text[: comma.start()]):
            piece = behind  # «دبیر انجمن، غلامرضا پورنگ»
    if not (1 if piece != whole else 2) <= len(words(piece.text)) <= 3 or not looks_like_person(piece.text):
        return None
    shared = set(words(piece.text)) & set(words(source.sender_name))
    return piece if told or shared or names.script(piece.text) != names.script(source.sender_name) else None


def _is_person_of(typed: str, organisation: str) -> bool:
    """Whether a name below a letter is that of a person, though From shows their organisation."""
    apart = not set(words(typed)) & set(words(organisation))
    return apart and not typed[:1].islower() and not lexicon().opens_with(typed, "nothing")


def _says_who(text: str) -> bool:
    """Whether what stands behind a name says for whom or as what: "for the group", "secretary"."""
    known = lexicon()
    return bool(known.opens_with(text, "closing")) or any(known.is_in("roles", word) for word in words(text)[:3])


def _is_other(header: str, typed: str) -> bool:
    """Whether the sign-off is no fuller form of the From name (then From is the safer one)."""
    shared = set(words(header)) & set(words(typed))
    return not shared or (len(shared) == 1 and len(words(header)) >= 2 and words(typed)[0] not in shared)
