"""The letters about lines: askings, receipts, withdrawals, and a coordinator's own question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.dates import day_text
from outreach.letters.queue import ENDS_WITH_THE_DAY, Desk, Order, Thread, queue, set_of
from outreach.letters.safety import is_unsafe_entry
from outreach.model import Attestation, InboundMessage, OutboxMail, Revision
from outreach.model.inbound import Origin
from outreach.reading import names
from outreach.store.outbox import MACHINE_MAILS
from outreach.words import Channel, MailKind


def thread_of(message: InboundMessage | None) -> Thread:
    """The thread an inbound message belongs to, so that our answer stands below it."""
    if message is None:
        return Thread()
    clues = message.reading.get("clues") or {}
    own = clues.get("message_id")
    earlier = tuple(clues.get("references") or ())[-8:]
    return Thread(own, (*earlier, own) if own else earlier)


def asking(
    session: Session,
    desk: Desk,
    revisions: Sequence[Revision],
    now: datetime,
    *,
    again: str = "",
    reminder_of_asking: bool = False,
) -> OutboxMail | None:
    """Ask one address whether these lines are right. ``again`` makes a new cause (a coordinator asks once more)."""
    kind = MailKind.ASKING_REMINDER if reminder_of_asking else MailKind.ASKING
    mail = about_lines(session, desk, kind, revisions, now, cause=f"{kind}:{set_of(revisions)}{again}")
    if mail is not None:
        for revision in revisions:
            revision.ask(now)
            revision.show(mail.id)
    return mail


def receipt(
    session: Session, desk: Desk, message: InboundMessage, revisions: Sequence[Revision], now: datetime
) -> OutboxMail | None:
    """Say that their sign-up (or correction) arrived, and show the lines."""
    mail = about_lines(
        session,
        desk,
        MailKind.RECEIPT,
        revisions,
        now,
        cause=f"receipt:{message.reference}",
        question_open="question" in (message.reading.get("also") or ()),
    )
    if mail is not None:
        for revision in revisions:
            revision.show(mail.id)
    return mail


def withdrawal_notice(
    session: Session, desk: Desk, message: InboundMessage, revisions: Sequence[Revision], now: datetime
) -> OutboxMail | None:
    """Tell the address on file that somebody wants its entry taken off; it is hidden meanwhile."""
    cause = f"withdrawal_notice:{message.reference}:{set_of(revisions)}"
    return about_lines(session, desk, MailKind.WITHDRAWAL_NOTICE, revisions, now, cause=cause, thread=Thread())


def withdrawn(
    session: Session, desk: Desk, message: InboundMessage, revisions: Sequence[Revision], now: datetime
) -> OutboxMail | None:
    """Say that their entry has been taken off."""
    cause = f"withdrawn:{message.reference}:{set_of(revisions)}"
    return about_lines(session, desk, MailKind.WITHDRAWN, revisions, now, cause=cause)


def dispute(
    session: Session,
    desk: Desk,
    message: InboundMessage,
    revisions: Sequence[Revision],
    address: str,
    now: datetime,
) -> OutboxMail | None:
    """Tell one of two who contradict each other, in the same words as the other one, that the entry is put aside."""
    to = desk.keyring.address_hash(address)
    thread = thread_of(message) if to == message.sender_hash else Thread()
    cause = f"dispute:{message.reference}:{to.hex()[:32]}"
    return about_lines(session, desk, MailKind.DISPUTE, revisions, now, cause=cause, thread=thread, to=address)


def question(session: Session, desk: Desk, revision: Revision, text: str, now: datetime) -> OutboxMail | None:
    """A coordinator's own question to an organisation."""
    number = f"{now:%Y%m%d%H%M%S}"
    mail = about_lines(
        session, desk, MailKind.QUESTION, [revision], now, cause=f"question:{set_of([revision])}:{number}", message=text
    )
    if mail is not None:
        revision.show(mail.id)
    return mail


def about_lines(
    session: Session,
    desk: Desk,
    kind: MailKind,
    revisions: Sequence[Revision],
    now: datetime,
    *,
    cause: str,
    thread: Thread | None = None,
    to: str | None = None,
    **extra: object,
) -> OutboxMail | None:
    """A mail to one signatory's address about its lines, in the thread of the message they came from."""
    signatory = revisions[0].signatory
    address = to or signatory.contact.get("email")
    if not address:
        return None
    if kind in MACHINE_MAILS and any(revision.signatory.is_withheld for revision in revisions):
        # Nothing goes there by itself before a coordinator has decided that it may.
        return None
    language = signatory.language
    message = session.get(InboundMessage, revisions[-1].message_id) if revisions[-1].message_id else None
    said = revisions[-1].attestation
    settings = desk.settings
    expires = now + settings.day.window(settings.asking.expire_after, now)
    entries = [entry_of(number, revision, settings.languages) for number, revision in enumerate(revisions, 1)]
    context: dict[str, object] = {
        # Another one than the contact is not called by the contact's name.
        "name": signatory.contact.get("contact_person") or "" if to is None else "",
        "greeting": "",
        "entries": entries,
        "several": len(entries) > 1,
        "asked_on": day_text(message.arrived_at.astimezone(settings.day.zone).date(), language) if message else "",
        "by_form": message is not None and message.origin is Origin.FORM,
        "spoken_on": day_text(said.spoken_at.astimezone(settings.day.zone).date(), language) if said else "",
        "expires": day_text(expires.astimezone(settings.day.zone).date(), language),
        "wait": "",
        "neutral": any(is_unsafe_entry(desk, revision) for revision in revisions),
        "question_open": False,
        "message": "",
        **extra,
    }
    order = Order(
        kind=kind,
        cause=cause,
        recipient=address,
        language=language,
        context=context,
        entries=revisions,
        thread=_thread_of_theirs(message, said) if thread is None else thread,
        not_after=settings.day.closes if kind in ENDS_WITH_THE_DAY else None,
    )
    return queue(session, desk, order, now)


def _thread_of_theirs(message: InboundMessage | None, said: Attestation | None) -> Thread:
    """Not that of a mail which a coordinator passed on: they have never seen it."""
    is_forward = said is not None and said.channel is Channel.FORWARD
    return Thread() if is_forward else thread_of(message)


def may_show(desk: Desk, revision: Revision) -> bool:
    """Whether a machine mail may show this line before a person has looked at it (design, section 5).

    It must be sure enough, need nobody's look, and hold nothing that could be an advertisement.
    """
    asking = desk.settings.asking
    sure = asking.auto == "always" or (asking.auto == "sure" and revision.confidence >= asking.sure)
    held = bool(revision.details.get("needs_human"))
    return sure and not held and all(names.line_safe(str(line)) for line in revision.printed_lines.values())


def entry_of(number: int, revision: Revision, languages: Sequence[str]) -> dict[str, object]:
    """A revision as a mail shows it: its number and its printed lines."""
    lines = revision.printed_lines
    return {
        "number": number,
        "lines": [str(lines[language]) for language in languages if language in lines],
        # Actions are read and reviewed but not published; a mail must not say that they are listed.
        "action": "",
        "changed": revision.number > 1,
    }
