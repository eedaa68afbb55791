"""Finds the record an inbound message belongs to: reading's clues in, one Match out (design, section 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import InboundMessage, OutboxMail, Prospect, Signatory
from outreach.reading.result import Clues
from outreach.sealing import Keyring
from outreach.store import inbound, prospects, signatories


@dataclass(frozen=True, slots=True)
class Answers:
    """Our secret came back: the message answers this mail of ours."""

    mail: OutboxMail
    #: The message came from the very address that the mail was meant for.
    from_that_address: bool
    #: What somebody of us wrote by hand, if the message answers that (in a thread that our mail began).
    written: InboundMessage | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """No secret, but a thread, a reference code or the sender's address leads to records of ours."""

    signatories: tuple[Signatory, ...]
    prospects: tuple[Prospect, ...]
    by: Literal["thread", "reference", "address"]
    written: InboundMessage | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody we know."""

    written: None = None


Match = Answers | Known | Unknown


def find(session: Session, keyring: Keyring, clues: Clues) -> Match:
    """The best match: our secret, then what we wrote by hand, then a reference code, then the sender's address."""
    sender_hash = keyring.address_hash(clues.sender) if clues.sender else None
    ids = (*clues.in_reply_to, *reversed(clues.references))
    if (mail := mail_with_id(session, keyring, ids)) is not None:
        written = message_with_id(session, keyring, ids[:1], sent_by_us=True)
        return Answers(mail, sender_hash in (mail.meant_for_hash, mail.recipient_hash), written)
    if (written := message_with_id(session, keyring, ids, sent_by_us=True)) is not None:
        return _in_thread_of(session, keyring, written)
    if (known := _by_reference(session, clues.reference_codes)) is not None:
        return known
    if sender_hash is not None:
        known_signatories = tuple(signatories.with_contact(session, sender_hash))
        known_prospects = tuple(prospects.with_address(session, sender_hash))
        if known_signatories or known_prospects:
            return Known(known_signatories, known_prospects, by="address")
    return Unknown()


def mail_with_id(session: Session, keyring: Keyring, message_ids: Iterable[str]) -> OutboxMail | None:
    """The first of these ids that a mail of ours has, or was given by its relay. Ten are looked at, at most."""
    for hash_ in _hashes(keyring, message_ids):
        if (mail := session.scalar(select(OutboxMail).where(OutboxMail.message_id_hash == hash_))) is not None:
            return mail
        copy = inbound.with_message_id(session, hash_, sent_by_us=True)
        if copy is not None and copy.copy_of_id is not None:
            return session.get(OutboxMail, copy.copy_of_id)
    return None


def message_with_id(
    session: Session, keyring: Keyring, message_ids: Iterable[str], *, sent_by_us: bool
) -> InboundMessage | None:
    """The first of these ids under which a message came in, or was written by hand. Ten are looked at, at most."""
    for hash_ in _hashes(keyring, message_ids):
        message = inbound.with_message_id(session, hash_, sent_by_us=sent_by_us)
        if message is not None and message.copy_of_id is None:
            return message
    return None


def people_of(session: Session, keyring: Keyring, addresses: Iterable[str]) -> tuple[list[Signatory], list[Prospect]]:
    """Who is reached under these addresses. Fifty are looked at, at most."""
    hashes = [keyring.address_hash(address) for address in list(dict.fromkeys(addresses))[:50]]
    return (
        [signatory for hash_ in hashes for signatory in signatories.with_contact(session, hash_)],
        [prospect for hash_ in hashes for prospect in prospects.with_address(session, hash_)],
    )


def _in_thread_of(session: Session, keyring: Keyring, written: InboundMessage) -> Known:
    """Whom a message written by hand went to, and whom the message it answered was from."""
    clues = written.reading.get("clues") or {}
    found, invited = people_of(session, keyring, clues.get("recipients") or ())
    if written.answers_message_id is not None:
        found += [revision.signatory for revision in signatories.from_message(session, written.answers_message_id)]
    return Known(tuple(dict.fromkeys(found)), tuple(dict.fromkeys(invited)), by="thread", written=written)


def _hashes(keyring: Keyring, message_ids: Iterable[str]) -> list[bytes]:
    return [keyring.message_id_hash(message_id) for message_id in list(dict.fromkeys(message_ids))[:10]]


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
