"""Puts together what is known of an organisation that said yes: what was typed, what was pasted, how it was invited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, Prospect, Signatory
from outreach.reading import names
from outreach.reading.lines import Typed, typed_lines
from outreach.steps.attest.paste import Understood
from outreach.store import prospects, signatories
from outreach.words import Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a coordinator typed; references as they were typed."""

    line: Typed = field(default_factory=Typed)
    language: str | None = None
    email: str | None = None
    phone: str | None = None
    individual: bool = False
    prospect: str | None = None  #: as which it was invited
    entry: str | None = None  #: that it corrects, or comes back to


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """An organisation that said yes, with its lines as they were read back."""

    lines: Lines
    language: str
    contact: Mapping[str, Any] = field(default_factory=dict)  #: email, phone, contact_person, role, website
    individual: bool = False
    prospect: Prospect | None = None
    entry: Signatory | None = None
    message: InboundMessage | None = None  #: the pasted text it was read from
    details: Mapping[str, Any] = field(default_factory=dict)


def put_together(
    session: Session,
    desk: Desk,
    given: Given,
    pasted: Understood | None = None,
    message: InboundMessage | None = None,
) -> Yes:
    """What was typed goes before what was pasted, and that before what the list of the invited says. Raises Refused."""
    prospect = _prospect(session, given.prospect)
    entry = _entry(session, given.entry)
    languages = desk.settings.languages
    spoken = (given.language, pasted.language if pasted else None, *(row.language for row in (entry, prospect) if row))
    return Yes(
        lines=_lines(desk, given.line, pasted, prospect, entry),
        language=next((language for language in spoken if language), languages[0]),
        contact=_contact(given, pasted, prospect),
        individual=given.individual,
        prospect=prospect,
        entry=entry,
        message=message,
        details=pasted.details if pasted is not None else {},
    )


def _lines(
    desk: Desk, typed: Typed, pasted: Understood | None, prospect: Prospect | None, entry: Signatory | None
) -> Lines:
    """What was typed, over the lines of what was pasted; else of the list of the invited, else of the entry itself."""
    languages = desk.settings.languages
    before: Lines = pasted.lines if pasted is not None else {}
    if not before and prospect is not None:
        before = invited_lines(prospect, languages)
    if not before and entry is not None:
        before = entry.newest.printed_lines
    return typed_lines(typed, languages, before)


def invited_lines(prospect: Prospect, languages: Sequence[str]) -> Lines:
    """The line of an organisation by what the list of the invited says of it. Raises Refused."""
    known = prospect.details
    city, country = ({"": known[part]} if known.get(part) else {} for part in ("city", "country"))
    return typed_lines(Typed(known.get("names") or {}, city, country), languages)


def _contact(given: Given, pasted: Understood | None, prospect: Prospect | None) -> dict[str, Any]:
    invited = {"email": prospect.email, "contact_person": prospect.details.get("contact_person")} if prospect else {}
    typed = {"email": given.email, "phone": given.phone}
    sources: tuple[Mapping[str, Any], ...] = (invited, pasted.contact if pasted is not None else {}, typed)
    return {key: value for source in sources for key, value in source.items() if value}


def _prospect(session: Session, reference: str | None) -> Prospect | None:
    if reference is None:
        return None
    found = prospects.with_reference(session, reference)
    if found is None:
        raise Refused(f"There is no organisation {names.display(reference)[:20]} on the list of the invited.")
    return found


def _entry(session: Session, reference: str | None) -> Signatory | None:
    return signatories.entry(session, reference) if reference is not None else None
