"""Mail sent from our own mailbox: copies of the program's own mails, and what a coordinator wrote by hand.

What was written by hand stops the sequence, threads the replies, and closes the question it answers.
Nothing in it is ever a sign-up, and nothing is ever written back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from outreach.model import InboundMessage, OutboxMail
from outreach.reading.headers import Headers
from outreach.reading.reply import NEW
from outreach.steps.intake.case import Case, Ending, for_a_person, handled, ignored
from outreach.store import log, matching, pauses
from outreach.words import MACHINE_KINDS, REFERENCE, InboundStatus, Kind, OutboxStatus, PauseReason

#: A relay hands its copy to the mailbox at once; what somebody quotes from our mail comes later.
_AT_ONCE: Final = timedelta(minutes=10)
#: Whoever put a received mail among the sent ones did not write it.
_RECEIVED: Final = ("delivered-to", "authentication-results", "x-original-to", "envelope-to", "return-path")


def is_by_us(case: Case, headers: Headers) -> bool:
    """Whether a message that lies among the sent mail was really sent from here, not only put there."""
    if case.reading.clues.sender in case.desk.settings.own_addresses:
        return True
    return not any(name in headers for name in _RECEIVED)


def take(case: Case, headers: Headers) -> Ending:
    """A copy of our own mail teaches us its new Message-ID; anything else was written by hand."""
    message = case.message
    message.kind = message.confidence = None  # nobody wants anything of us in it
    if (own := _copied(case, headers)) is not None:
        message.copy_of_id = own.id
        message.erase_content()
        if own.status is OutboxStatus.IN_DOUBT:
            own.settle_sent(case.now)  # it lies among the sent mail: there is no doubt any more
        return ignored("a copy of our own mail")
    if headers.get("auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        message.erase_content()
        return ignored("our own automatic answer")
    return _written(case)


def came_back(case: Case) -> Ending:
    """A mail with our own address that came in: a loop of ours, or another's that a list rewrote past telling whose."""
    own_id = case.reading.clues.message_id
    if own_id and matching.mail_with_id(case.session, case.desk.keyring, (own_id,)) is not None:
        return ignored("a copy of our own mail")
    kind, to_us = case.reading.kind, case.desk.settings.own_addresses & set(case.reading.clues.recipients)
    if not to_us or kind in MACHINE_KINDS or (kind is Kind.OTHER and not case.reading.needs_human):
        return ignored("our own mail")
    return for_a_person("from our own address: who wrote it?")


def _written(case: Case) -> Ending:
    recipients = [a for a in case.reading.clues.recipients if a not in case.desk.settings.own_addresses]
    for address in dict.fromkeys(recipients):
        pauses.pause(
            case.session,
            case.desk.keyring.address_hash(address),
            PauseReason.BY_HAND,
            until=None,
            actor=log.MACHINE,
            at=case.now,
        )
    answered = _answered(case)
    if answered is not None:
        case.message.answers_message_id = answered.id
        _close(case, answered)
    signatories, prospects = matching.people_of(case.session, case.desk.keyring, recipients)
    for record in dict.fromkeys([*signatories, *prospects]):
        case.note("answered by hand", record)
    if answered is None and not signatories and not prospects:
        # A mailbox may serve other things too: what they are about is not our business.
        case.message.erase_content()
        return ignored("written by hand, to nobody we know")
    return handled("written by hand")


def _answered(case: Case) -> InboundMessage | None:
    clues = case.reading.clues
    ids = (*clues.in_reply_to, *reversed(clues.references))
    return matching.message_with_id(case.session, case.desk.keyring, ids, sent_by_us=False)


def _close(case: Case, answered: InboundMessage) -> None:
    """A question is closed by its answer; what waits for a decision about a sign-up goes on waiting."""
    case.note("answered by hand", answered)
    if answered.is_question:
        answered.answer(case.now, by=None)
    elif answered.status is InboundStatus.OPEN and answered.kind is Kind.OTHER:
        answered.close(case.now)


def _copied(case: Case, headers: Headers) -> OutboxMail | None:
    """The mail of ours that this is a copy of.

    Our id stands in Message-ID; where the relay wrote a new one, it stands last in References and (unlike in an answer
    to our mail) not in In-Reply-To, or in Exchange's own header. Last of all, our Ref line stands in the text that left
    just then for that recipient.
    """
    clues = case.reading.clues
    original = headers.message_ids("x-microsoft-original-message-id")
    last = tuple(id_ for id_ in clues.references[-1:] if id_ not in clues.in_reply_to)
    ids = (*((clues.message_id,) if clues.message_id else ()), *original, *last)
    return matching.mail_with_id(case.session, case.desk.keyring, ids) or _by_ref_line(case)


def _by_ref_line(case: Case) -> OutboxMail | None:
    to = {case.desk.keyring.address_hash(address) for address in case.reading.clues.recipients}
    for found in REFERENCE.finditer(case.reading.parts.get(NEW, "")):
        mail = case.session.scalar(select(OutboxMail).where(OutboxMail.reference == found[0]))
        if mail is None or mail.sending_at is None or mail.recipient_hash not in to:
            continue
        if abs(case.message.arrived_at - mail.sending_at) < _AT_ONCE:
            return mail
    return None
