"""What coordinators decide about one mail that goes out: what became of it, send it again, do not send it at all."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import OutboxMail
from outreach.ports import Clock
from outreach.store import log, outbox
from outreach.words import OutboxStatus

_BY_HAND: Final = "a coordinator said so"


class Verdict(StrEnum):
    """What became of a mail of which the program does not know whether it left."""

    SENT = "sent"  #: it arrived
    NOT_SENT = "not_sent"  #: it did not leave, and is not sent again
    RESEND = "resend"  #: it is sent (again), with the same Message-ID


def settle(session: Session, reference: str, verdict: Verdict, clock: Clock, *, actor: str) -> str:
    """Say what became of a mail in doubt; returns the sentence that says so. Raises Refused, IllegalMove."""
    now = clock()
    match verdict:
        case Verdict.SENT:
            return _change(session, reference, lambda mail: mail.settle_sent(now), "settled as sent", clock, actor)
        case Verdict.NOT_SENT:
            return _change(
                session, reference, lambda mail: mail.fail(now, _BY_HAND), "settled as not sent", clock, actor
            )
        case Verdict.RESEND:
            return _change(session, reference, lambda mail: mail.requeue(now, _BY_HAND), "queued again", clock, actor)


def retry(session: Session, reference: str, clock: Clock, *, actor: str) -> str:
    """Send a failed mail again; whatever forbids it meanwhile is asked at the moment of sending. Raises Refused."""

    def again(mail: OutboxMail) -> None:
        if mail.status is not OutboxStatus.FAILED:
            raise Refused(f"{mail.reference} has not failed: it is {mail.status}.")
        mail.requeue(clock(), _BY_HAND)

    return _change(session, reference, again, "queued again", clock, actor)


def retry_failed(session: Session, clock: Clock, *, actor: str) -> int:
    """Send all that failed again; how many."""
    again, now = outbox.failed(session), clock()
    for mail in again:
        mail.requeue(now, _BY_HAND)
        log.note(session, now, actor=actor, action="queued again", about=mail)
    return len(again)


def cancel(session: Session, reference: str, clock: Clock, *, actor: str) -> str:
    """Do not send a mail that has not left yet. Raises Refused, IllegalMove."""
    return _change(session, reference, lambda mail: mail.cancel(clock(), _BY_HAND), "cancelled", clock, actor)


def mail_with(session: Session, reference: str) -> OutboxMail:
    """The mail with this reference. Raises Refused."""
    return _there(outbox.with_reference(session, reference), reference)


def _change(
    session: Session, reference: str, act: Callable[[OutboxMail], None], word: str, clock: Clock, actor: str
) -> str:
    """Move a mail by hand, with its event; the sentence that says so."""
    mail = _there(outbox.to_change(session, reference), reference)
    if mail.status in (OutboxStatus.CLAIMED, OutboxStatus.SENDING):
        raise Refused(f"{mail.reference} is in a worker's hands: it is {mail.status}.")
    act(mail)
    log.note(session, clock(), actor=actor, action=word, about=mail)
    return f"{mail.reference} is {word}."


def _there(mail: OutboxMail | None, reference: str) -> OutboxMail:
    if mail is None:
        raise Refused(f"There is no mail {reference[:20]} in the outbox.")
    return mail
