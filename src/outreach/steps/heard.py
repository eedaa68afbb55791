"""Writes down what somebody said on a public page as if it had come by mail; intake reads and acts, as on any mail.

So a page decides nothing: the same reading, matching, rules and evidence. What only a mail server can vouch for is
missing, and ``origin`` says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy.orm import Session

from outreach.letters import links
from outreach.letters.links import Link
from outreach.letters.queue import ASKINGS, Desk
from outreach.model import InboundMessage, OutboxMail, Revision
from outreach.model.inbound import Origin
from outreach.model.revision import OPEN_STATUSES
from outreach.store import campaign as campaigns
from outreach.store import inbound, references, signatories
from outreach.words import RevisionStatus, Seen


def asking_of(session: Session, desk: Desk, token: str, now: datetime) -> OutboxMail | None:
    """The asking that a link stands in, as long as it may be answered there: once, and while an answer counts."""
    mail = links.mail_of(session, desk.keyring, Link.ANSWER, token)
    settings = desk.settings
    if mail is None or mail.kind not in ASKINGS or settings.day.is_closed(now):
        return None
    if now >= mail.created_at + settings.asking.expire_after or inbound.was_answered_on_page(session, mail.id):
        return None
    return mail


def lines_to_answer(session: Session, mail: OutboxMail) -> list[tuple[int, Revision]]:
    """The numbered lines of an asking to which a yes or no still changes anything."""
    asked = (*OPEN_STATUSES, RevisionStatus.APPROVED)
    return [
        (number, revision)
        for number, revision in signatories.in_mail(session, mail.id)
        if revision.status in asked and revision.seen is not Seen.CONFIRMED
    ]


def answer(session: Session, desk: Desk, mail: OutboxMail, said: Mapping[int, bool], now: datetime) -> None:
    """Somebody who has the link of an asking says yes or no to its lines: a reply from the address that was asked."""
    words = {number: "yes" if is_yes else "no" for number, is_yes in sorted(said.items())}
    alone = len(signatories.in_mail(session, mail.id)) == 1
    text = "\n".join(word if alone else f"{number} {word}" for number, word in words.items())
    reply = _mail(desk, mail.recipient or "", "Answer on the public page", [text])
    reply["In-Reply-To"] = mail.message_id
    _keep(session, desk, reply, Origin.ANSWER, mail.recipient or "", now, answers=mail)


def _mail(desk: Desk, sender: str, subject: str, lines: Sequence[str]) -> EmailMessage:
    """Every header is a value of ours or an address that was checked; what visitors wrote stands in the text alone."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, desk.settings.contact, subject
    mail.set_content("\n".join(lines) + "\n", cte="base64")
    return mail


def _keep(
    session: Session,
    desk: Desk,
    mail: EmailMessage,
    origin: Origin,
    sender: str,
    now: datetime,
    *,
    answers: OutboxMail | None = None,
) -> None:
    """Store it for intake. The same form sent twice on a day is one message."""
    raw = mail.as_bytes()
    content_hash = desk.keyring.hash(f"content from a page {now:%Y-%m-%d}", raw)
    if inbound.with_content(session, content_hash) is not None:
        return
    message = InboundMessage(
        reference=references.new_reference(session, InboundMessage),
        content_hash=content_hash,
        origin=origin,
        size=len(raw),
        arrived_at=now,
        fetched_at=now,
        in_rehearsal=campaigns.the_campaign(session).in_rehearsal,
        sender_hash=desk.keyring.address_hash(sender),
        answers_id=answers.id if answers is not None else None,
    )
    message.raw = zlib.compress(raw)
    session.add(message)
