"""A mail as it would be written now, with the campaign's own data; where there is none yet, with sample data.

Written by the very functions that write it in earnest, into a transaction that is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import answering, inviting, replying, telling
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, OutboxMail, Prospect, Revision, Signatory
from outreach.store import prospects, references, signatories
from outreach.words import Lines, MailKind, PrintedLine, Proof, RejectReason, RevisionStatus

_SAMPLE: Final[Lines] = {
    "fa": PrintedLine("کانون پناهندگان سیاسی ایران", "برلین"),
    "en": PrintedLine("Iranian political refugees center", "Berlin"),
}
_ADDRESS: Final = "office@refugees.example"
_OTHER: Final = "rosa@mailbox.example"
_TEXT: Final = "…"


@dataclass(frozen=True, slots=True)
class _Scene:
    """Whom the mail is about, and what it would answer."""

    session: Session
    desk: Desk
    prospect: Prospect
    revision: Revision
    message: InboundMessage
    now: datetime


_WRITE: Final[Mapping[MailKind, Callable[[_Scene], OutboxMail | None]]] = {
    MailKind.INVITATION: lambda at: inviting.invitation(at.session, at.desk, [at.prospect], at.now),
    MailKind.REMINDER: lambda at: inviting.reminder(at.session, at.desk, [at.prospect], at.now),
    MailKind.LAST_CALL: lambda at: inviting.last_call(at.session, at.desk, [at.prospect], at.now),
    MailKind.ASKING: lambda at: answering.asking(at.session, at.desk, [at.revision], at.now),
    MailKind.ASKING_REMINDER: lambda at: answering.asking(
        at.session, at.desk, [at.revision], at.now, reminder_of_asking=True
    ),
    MailKind.RECEIPT: lambda at: answering.receipt(at.session, at.desk, at.message, [at.revision], at.now),
    MailKind.WITHDRAWAL_NOTICE: lambda at: answering.withdrawal_notice(
        at.session, at.desk, at.message, [at.revision], at.now
    ),
    MailKind.WITHDRAWN: lambda at: answering.withdrawn(at.session, at.desk, at.message, [at.revision], at.now),
    MailKind.DISPUTE: lambda at: answering.dispute(
        at.session, at.desk, at.message, [at.revision], at.revision.signatory.contact["email"], at.now
    ),
    MailKind.QUESTION: lambda at: answering.question(at.session, at.desk, at.revision, _TEXT, at.now),
    MailKind.ANSWER: lambda at: replying.answer(at.session, at.desk, at.message, _TEXT, at.now),
    MailKind.ONLINE: lambda at: telling.online(at.session, at.desk, [at.revision], at.now),
    MailKind.REJECTED: lambda at: telling.rejected(
        at.session, at.desk, [at.revision], RejectReason.NOT_AUTHORISED, at.now
    ),
    MailKind.DUPLICATE: lambda at: replying.known_already(at.session, at.desk, at.message, [at.revision], at.now),
    MailKind.INDIVIDUAL: lambda at: replying.thank_individual(at.session, at.desk, at.message, at.now),
    MailKind.OTHER_MAILBOX: lambda at: telling.other_mailbox(
        at.session, at.desk, at.message, [at.revision], at.revision.signatory.contact["email"], at.now
    ),
    MailKind.NEW_CONTACT: lambda at: telling.new_contact(
        at.session, at.desk, at.message, at.revision, _OTHER, "", at.now
    ),
    MailKind.STATUS: lambda at: replying.status(at.session, at.desk, at.message, [at.revision.signatory], at.now),
    MailKind.HELP: lambda at: replying.help_(at.session, at.desk, at.message, at.now),
}


def preview(
    session: Session, desk: Desk, kind: MailKind, language: str, now: datetime, *, of: str | None = None
) -> bytes:
    """The composed mail. The caller throws the session's changes away. Raises Refused.

    ``of`` is the reference of an entry or of an organisation on the list; without it the first one is taken.
    """
    there = desk.renderer.languages(kind)
    if language not in there:
        raise Refused(f"There is no mail {kind} in {language[:16]}; there is: {', '.join(sorted(there))}.")
    # The real mail may have been written before: its cause is not to be found here.
    session.execute(update(OutboxMail).values(cause=OutboxMail.ref))
    scene = _scene(session, desk, language, now, of)
    mail = _WRITE[kind](scene)
    if mail is None or mail.content is None:
        raise Refused(f"{scene.revision.signatory.reference} is withheld, or has no address: nobody gets this mail.")
    return mail.content


def _scene(session: Session, desk: Desk, language: str, now: datetime, of: str | None) -> _Scene:
    signatory = signatories.with_reference(session, of) if of else _first_signatory(session)
    prospect = prospects.with_reference(session, of) if of else _first_prospect(session)
    if of and signatory is None and prospect is None:
        raise Refused(f"There is no entry and no organisation {of[:20]}.")
    signatory = signatory or _sample_signatory(session, desk, now)
    prospect = prospect or _sample_prospect(session, desk, now)
    revision = signatory.standing or signatory.newest
    message = (session.get(InboundMessage, revision.message_id) if revision.message_id else None) or _sample_message(
        session, desk, signatory, now
    )
    signatory.language = prospect.language = message.language = language
    session.flush()
    return _Scene(session, desk, prospect, revision, message, now)


def _first_signatory(session: Session) -> Signatory | None:
    query = select(Signatory).where(Signatory.contact_hash.is_not(None), Signatory.merged_into_id.is_(None))
    return session.scalar(query.order_by(Signatory.id).limit(1))


def _first_prospect(session: Session) -> Prospect | None:
    query = select(Prospect).where(Prospect.email_hash.is_not(None)).order_by(Prospect.id)
    return session.scalar(query.limit(1))


def _sample_lines(desk: Desk) -> Lines:
    languages = desk.settings.languages
    return {tag: _SAMPLE[tag] for tag in languages if tag in _SAMPLE} or {languages[0]: _SAMPLE["en"]}


def _sample_signatory(session: Session, desk: Desk, now: datetime) -> Signatory:
    signatory = Signatory(
        reference=references.new_reference(session, Signatory),
        language="en",
        contact_hash=desk.keyring.address_hash(_ADDRESS),
        created_at=now,
    )
    signatory.contact = {"email": _ADDRESS, "contact_person": None}
    revision = signatory.revise(lines=_sample_lines(desk), at=now, status=RevisionStatus.PENDING, proof=Proof.DOMAIN)
    revision.details = {}
    session.add(signatory)
    session.flush()
    return signatory


def _sample_prospect(session: Session, desk: Desk, now: datetime) -> Prospect:
    lines = _sample_lines(desk)
    names = {language: line.name for language, line in lines.items()}
    prospect = Prospect(
        reference=references.new_reference(session, Prospect),
        language="en",
        import_key=prospects.import_key(desk.keyring, names.values(), _ADDRESS, ("sample",)),
        email_hash=desk.keyring.address_hash(_ADDRESS),
        created_at=now,
    )
    prospect.email, prospect.details = _ADDRESS, {"names": names}
    session.add(prospect)
    session.flush()
    return prospect


def _sample_message(session: Session, desk: Desk, signatory: Signatory, now: datetime) -> InboundMessage:
    message = InboundMessage(
        reference=references.new_reference(session, InboundMessage),
        content_hash=desk.keyring.hash("content", signatory.reference),
        size=0,
        arrived_at=now,
        fetched_at=now,
    )
    message.reading = {"clues": {"sender": signatory.contact.get("email") or _ADDRESS}}
    session.add(message)
    session.flush()
    return message
