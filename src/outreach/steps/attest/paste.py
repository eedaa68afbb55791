"""Reads a message that a coordinator pastes (messenger, letter) as a mail is read, and keeps it like one."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import InboundMessage
from outreach.ports import Clock
from outreach.reading.lines import printed_lines
from outreach.reading.read import as_answer, read
from outreach.reading.result import Reading, Signup
from outreach.store import campaign as campaigns
from outreach.store import inbound, log, references
from outreach.words import NEGATIVE_KINDS, InboundStatus, Lines

#: Octets; nobody pastes more than a message.
LONGEST: Final = 100_000
#: What a mail would be suspected for.
_OF_EVERY_PASTE: Final = frozenset({"sender address unreadable"})


@dataclass(frozen=True, slots=True)
class Understood:
    """A pasted text, what was read from it, and the lines that would be printed."""

    raw: bytes
    reading: Reading
    signup: Signup
    lines: Lines

    @property
    def language(self) -> str | None:
        return None if self.reading.language == "und" else self.reading.language

    @property
    def contact(self) -> dict[str, Any]:
        """How to reach them, as far as the text says it; an address only where it is their own."""
        said = self.signup
        found = {
            "email": said.email,
            "contact_person": said.contact_person,
            "role": said.role,
            "phone": said.phone,
            "website": said.website,
        }
        return {key: value for key, value in found.items() if value}

    @property
    def details(self) -> Mapping[str, Any]:
        """What the review shows beside the lines."""
        return {
            "country_code": self.signup.country,
            "evidence": {field: asdict(place) for field, place in self.signup.evidence.items()},
            "warnings": list(self.reading.warnings),
            "also": list(self.reading.also),
        }


def understand(desk: Desk, text: str) -> Understood:
    """Read a pasted text. Raises Refused when it is no yes of one organisation."""
    if not text.strip():
        raise Refused("There is nothing in what was pasted.")
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise Refused(f"A pasted message has at most {LONGEST} octets; import longer lists of organisations.")
    raw = _as_mail(text)
    reading = read(raw, replace(desk.ours, authserv_id=None))
    reading = replace(reading, warnings=tuple(said for said in reading.warnings if said not in _OF_EVERY_PASTE))
    if reading.kind in NEGATIVE_KINDS or NEGATIVE_KINDS & set(reading.also):
        raise Refused(f"This is read as a {reading.kind}, not as a yes: enter what they want by hand.")
    named = [signup for signup in reading.signups if signup.names]
    if len(named) > 1:
        raise Refused(f"It names {len(named)} organisations: paste one at a time.")
    signup = named[0] if named else Signup()
    return Understood(raw, reading, signup, printed_lines(signup, desk.settings.languages, reading.parts))


def keep(
    session: Session, desk: Desk, understood: Understood, spoken_at: datetime, clock: Clock, *, actor: str
) -> InboundMessage:
    """Store the text as a message that was read, so that the review shows the words behind each value."""
    now, reading = clock(), understood.reading
    reference = references.new_reference(session, InboundMessage)
    message = InboundMessage(
        reference=reference,
        # The same words may come from two organisations: each pasted text is a message of its own.
        content_hash=desk.keyring.hash("content", f"pasted {reference}"),
        size=len(understood.raw),
        arrived_at=spoken_at,
        fetched_at=now,
        kind=reading.kind,
        confidence=reading.confidence,
        language=reading.language[:16],
        in_rehearsal=campaigns.the_campaign(session).in_rehearsal,
    )
    message.raw = zlib.compress(understood.raw)
    message.reading = {**as_answer(reference, reading), "clues": asdict(reading.clues)}
    message.settle(InboundStatus.HANDLED, inbound.PASTED, now)
    session.add(message)
    session.flush()
    log.note(session, now, actor=actor, action="pasted", about=message)
    return message


def _as_mail(text: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(text.encode("utf-8", "replace").decode(), cte="base64")
    return mail.as_bytes()
