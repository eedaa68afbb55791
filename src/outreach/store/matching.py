"""Finds the record an inbound message belongs to: reading's clues in, one Match out (design, section 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import OutboxMail, Prospect, Signatory
from outreach.reading.result import Clues
from outreach.sealing import Keyring
from outreach.store import prospects, signatories


@dataclass(frozen=True, slots=True)
class Answers:
    """Our secret came back: the message answers this mail of ours."""

    mail: OutboxMail
    #: The message came from the very address that the mail was meant for.
    from_that_address: bool


@dataclass(frozen=True, slots=True)
class Known:
    """No secret, but a reference code or the sender's address leads to records of ours."""

    signatories: tuple[Signatory, ...]
    prospects: tuple[Prospect, ...]
    by: str  #: "reference" or "address"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody we know."""


Match = Answers | Known | Unknown


def find(session: Session, keyring: Keyring, clues: Clues) -> Match:
    """The best match: our secret first, then a reference code, then the sender's address."""
    sender_hash = keyring.address_hash(clues.sender) if clues.sender else None
    mail = mail_with_id(session, keyring, (*clues.in_reply_to, *reversed(clues.references)))
    if mail is not None:
        return Answers(mail, from_that_address=sender_hash in (mail.meant_for_hash, mail.recipient_hash))
    if (known := _by_reference(session, clues.reference_codes)) is not None:
        return known
    if sender_hash is not None:
        known_signatories = tuple(signatories.with_contact(session, sender_hash))
        known_prospects = tuple(prospects.with_address(session, sender_hash))
        if known_signatories or known_prospects:
            return Known(known_signatories, known_prospects, by="address")
    return Unknown()


def mail_with_id(session: Session, keyring: Keyring, message_ids: Iterable[str]) -> OutboxMail | None:
    """The first of these ids that is the Message-ID of a mail of ours. Ten are looked at, at most."""
    for message_id in list(dict.fromkeys(message_ids))[:10]:
        hash_ = keyring.message_id_hash(message_id)
        if (mail := session.scalar(select(OutboxMail).where(OutboxMail.message_id_hash == hash_))) is not None:
            return mail
    return None


def _by_reference(session: Session, codes: Iterable[str]) -> Known | None:
    for code in list(codes)[:5]:
        if (signatory := signatories.with_reference(session, code)) is not None:
            return Known((signatory,), (), by="reference")
        if (prospect := session.scalar(select(Prospect).where(Prospect.reference == code))) is not None:
            return Known((), (prospect,), by="reference")
        if (mail := session.scalar(select(OutboxMail).where(OutboxMail.reference == code))) is not None:
            about = tuple(dict.fromkeys(entry.signatory for _, entry in signatories.in_mail(session, mail.id)))
            return Known(about, (), by="reference")
    return None
