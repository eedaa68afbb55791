"""Which organisations are in danger by the settings: what comes from there is withheld, and mails to it are neutral."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import Prospect, Revision
from outreach.reading import places
from outreach.store import log
from outreach.words import HoldKind


def is_unsafe_place(desk: Desk, country: str, address: str | None) -> bool:
    """By a country as it is written on a list, and by an address."""
    return desk.settings.safety.is_unsafe(country=places.country(country), address=address)


def is_unsafe_prospect(desk: Desk, prospect: Prospect) -> bool:
    """By what the list says of it; it is not opened where no place is unsafe."""
    return desk.settings.safety.names_any and is_unsafe_place(
        desk, prospect.details.get("country") or "", prospect.email
    )


def is_withheld(desk: Desk, prospect: Prospect) -> bool:
    """Whether nobody has decided yet that it may be written to."""
    return prospect.released_at is None and is_unsafe_prospect(desk, prospect)


def is_unsafe_entry(desk: Desk, revision: Revision) -> bool:
    """By the country it names, and by the addresses it can be reached under."""
    lines = revision.printed_lines.values()
    countries = {revision.details.get("country_code"), *(places.country(line.country or "") for line in lines)}
    contact = revision.signatory.contact
    safety = desk.settings.safety
    return any(safety.is_unsafe(country=country, address=None) for country in countries) or any(
        safety.is_unsafe(country=None, address=contact.get(key)) for key in ("email", "named_email")
    )


def withhold_if_unsafe(session: Session, desk: Desk, revision: Revision, now: datetime) -> None:
    """A person decides, once, whether such an entry is printed and written to."""
    signatory = revision.signatory
    is_decided = any(hold.kind is HoldKind.WITHHELD for hold in signatory.holds)
    if not is_decided and is_unsafe_entry(desk, revision):
        signatory.hold(HoldKind.WITHHELD, by=log.MACHINE, at=now, reason="from an unsafe place, by the settings")
        log.note(session, now, actor=log.MACHINE, action="held", about=signatory, reason=HoldKind.WITHHELD)
