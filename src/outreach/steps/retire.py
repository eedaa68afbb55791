"""The last step: erases what is no longer needed. What waits for a person is never touched.

The invitation promises that persons and addresses are deleted some days after the end: this keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import Attempt, InboundMessage, OutboxMail, Prospect, Revision, Signatory
from outreach.ports import Clock
from outreach.settings import Settings
from outreach.store import inbound, log, outbox, relations
from outreach.store.database import CHUNK, Database
from outreach.words import Report


def run(db: Database, settings: Settings, clock: Clock) -> Report:
    """Erase sent mails' content some time after sending; all else some time after the campaign's end."""
    now = clock()
    counts = {"mails erased": _each(db, _old_mails(now - settings.keep_sent), _erase_mail)}
    end = settings.day.end
    if end is not None and now - end > settings.keep_mail:
        counts["messages erased"] = _each(db, _old_messages(now - settings.keep_mail), _erase_message)
        counts["contacts erased"] = (
            _each(db, _signatories_with_contact, _erase_contact)
            + _each(db, _prospects_with_details, _erase_prospect)
            + _each(db, _mails_with_recipient, _erase_recipient)
        )
    return Report("retire", {word: count for word, count in counts.items() if count})


def _each(db: Database, find: Callable[[Session], list[int]], erase: Callable[[Session, int], None]) -> int:
    """Find, then erase in chunks."""
    with db.reading() as session:
        ids = find(session)
    for start in range(0, len(ids), CHUNK):
        if db.is_closing:
            break
        with db.writing() as session:
            for id_ in ids[start : start + CHUNK]:
                erase(session, id_)
    return len(ids)


def _old_mails(before: datetime) -> Callable[[Session], list[int]]:
    return lambda session: outbox.ids_to_erase(session, before)


def _old_messages(before: datetime) -> Callable[[Session], list[int]]:
    return lambda session: inbound.ids_to_erase(session, before)


def _signatories_with_contact(session: Session) -> list[int]:
    rows: Iterable[Signatory] = session.scalars(select(Signatory).order_by(Signatory.id))
    in_the_log = log.remembered(session)
    return [
        row.id
        for row in rows
        if row.contact or any(map(_names_a_speaker, row.revisions)) or log.subject_of(row) in in_the_log
    ]


def _names_a_speaker(revision: Revision) -> bool:
    """Who said yes by phone may have left no address."""
    return revision.attestation is not None and revision.attestation.said_sealed is not None


def _prospects_with_details(session: Session) -> list[int]:
    ids: Iterable[Prospect] = session.scalars(select(Prospect).order_by(Prospect.id))
    return [prospect.id for prospect in ids if prospect.details or prospect.email_hash]


def _mails_with_recipient(session: Session) -> list[int]:
    return list(session.scalars(select(OutboxMail.id).where(OutboxMail.recipient_sealed.is_not(None))))


def _erase_mail(session: Session, id_: int) -> None:
    session.get_one(OutboxMail, id_).erase_content()


def _erase_message(session: Session, id_: int) -> None:
    session.get_one(InboundMessage, id_).erase_content()


def _erase_contact(session: Session, id_: int) -> None:
    signatory = session.get_one(Signatory, id_)
    signatory.erase_contact()
    log.forget(session, signatory)
    for relation in relations.of(session, signatory):
        relation.note = None


def _erase_prospect(session: Session, id_: int) -> None:
    session.get_one(Prospect, id_).erase()


def _erase_recipient(session: Session, id_: int) -> None:
    mail = session.get_one(OutboxMail, id_)
    mail.erase_content()
    mail.recipient_sealed = None
    # A relay's refusal often repeats the address.
    for attempt in session.scalars(select(Attempt).where(Attempt.mail_id == id_)):
        attempt.reply_sealed = None
