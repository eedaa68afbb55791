"""Queuing a mail: composed at once (content and Message-ID are fixed here), one row of the outbox.

Called in the transaction of the mail's cause. The steps decide; letters only write.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from outreach.dates import day_forms, moment_text
from outreach.errors import Refused
from outreach.letters import links
from outreach.letters.links import Link
from outreach.model import MailContent, OutboxMail, Prospect, Revision, Signatory
from outreach.ports import Letter, Renderer
from outreach.providers import destination_of
from outreach.reading.result import Ours
from outreach.reading.unmarked import wording
from outreach.sealing import Keyring, new_ref
from outreach.settings import Settings
from outreach.store import campaign as campaigns
from outreach.store import outbox, references
from outreach.words import SEQUENCE, MailKind

#: Lower goes first: who waits for an answer before who is invited.
PRIORITIES = {
    MailKind.WITHDRAWN: 10,
    MailKind.WITHDRAWAL_NOTICE: 10,
    MailKind.DISPUTE: 10,
    MailKind.ASKING: 20,
    MailKind.OTHER_MAILBOX: 20,
    MailKind.NEW_CONTACT: 20,
    MailKind.RECEIPT: 30,
    MailKind.QUESTION: 30,
    MailKind.ANSWER: 30,
    MailKind.STATUS: 30,
    MailKind.HELP: 30,
    MailKind.DUPLICATE: 30,
    MailKind.INDIVIDUAL: 30,
    MailKind.ASKING_REMINDER: 40,
    MailKind.REJECTED: 45,
    MailKind.ONLINE: 50,
    MailKind.INVITATION: 60,
    MailKind.REMINDER: 70,
    MailKind.LAST_CALL: 65,
}

#: These stop once the day has passed.
ENDS_WITH_THE_DAY = frozenset({*SEQUENCE, MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.NEW_CONTACT})

#: What asks whether lines are right.
ASKINGS = frozenset({MailKind.ASKING, MailKind.ASKING_REMINDER})


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing a mail needs, wired once."""

    settings: Settings
    renderer: Renderer
    keyring: Keyring

    @property
    def ours(self) -> Ours:
        """What of the campaign a reading may know."""
        mailbox = self.settings.mailbox
        said = wording(self.renderer.said())
        return Ours(self.settings.own_addresses, mailbox.authserv_id, mailbox.own_list_ids, said)


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages a mail answers: our own ids and safe ids of theirs (RFC 5322, 3.6.4)."""

    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One mail to be queued. What the orders of a batch say alike is one ``shared`` mapping for all of them."""

    kind: MailKind
    cause: str
    recipient: str
    language: str
    context: dict[str, object]
    shared: Mapping[str, object] = field(default_factory=dict)
    entries: Sequence[Revision] = ()
    prospects: Sequence[Prospect] = ()
    thread: Thread = field(default_factory=Thread)
    not_after: datetime | None = None


def queue(session: Session, desk: Desk, order: Order, now: datetime) -> OutboxMail | None:
    """Compose a mail and add its row; None when its cause has been written before."""
    [mail_id] = queue_all(session, desk, [order], now)
    return None if mail_id is None else session.get_one(OutboxMail, mail_id)


def queue_all(session: Session, desk: Desk, orders: Sequence[Order], now: datetime) -> list[int | None]:
    """Compose mails and add their rows; their ids in the order of the orders, None for a cause written before.

    A batch is written by a few statements: many mails at once cost what they hold, not what each row costs alone.
    """
    session.flush()
    campaign = campaigns.the_campaign(session)
    known = outbox.causes_among(session, [order.cause for order in orders])
    new = {order.cause: order for order in orders if order.cause not in known}
    fresh = references.new_references(session, OutboxMail, len(new))
    batch = _Batch(desk, rehearses=campaign.in_rehearsal)
    written = [batch.write(order, reference) for order, reference in zip(new.values(), fresh, strict=True)]
    ids = outbox.add_all(
        session,
        [row for row, _ in written],
        [content for _, content in written],
        now,
        in_rehearsal=campaign.in_rehearsal,
    )
    campaign.mails_queued += len(written)
    outbox.add_subjects(
        session,
        {ids[cause]: [revision.id for revision in order.entries] for cause, order in new.items()},
        {ids[cause]: [prospect.id for prospect in order.prospects] for cause, order in new.items()},
    )
    return [ids.pop(order.cause, None) for order in orders]


class _Batch:
    """Composes and seals; what its mails share is worked out once."""

    def __init__(self, desk: Desk, *, rehearses: bool) -> None:
        self._desk, self._rehearses = desk, rehearses
        self._languages: dict[tuple[MailKind, str], str] = {}
        #: By language, and by the orders' shared mapping; the orders outlive the batch, so no other gets its id.
        self._shared: dict[tuple[str, int], Mapping[str, object]] = {}

    def write(self, order: Order, reference: str) -> tuple[dict[str, Any], bytes]:
        """The row of a mail, and what it says, composed and sealed."""
        keyring, ref = self._desk.keyring, new_ref()
        letter = self._letter(order, reference, ref)

        def sealed(column: str, value: bytes, table: str = OutboxMail.__tablename__) -> bytes:
            return keyring.seal(value, table=table, column=column, ref=ref)

        meant_for = keyring.address_hash(order.recipient)
        content = sealed("content_sealed", self._desk.renderer.compose(letter), MailContent.__tablename__)
        return {
            "ref": ref,
            "reference": reference,
            "kind": order.kind,
            "cause": order.cause,
            "language": letter.language,
            "recipient_hash": keyring.address_hash(letter.recipient) if self._rehearses else meant_for,
            "recipient_sealed": sealed("recipient_sealed", letter.recipient.encode()),
            "meant_for_hash": meant_for,
            "destination_hash": keyring.destination_hash(destination_of(letter.recipient)),
            "message_id_hash": keyring.message_id_hash(letter.message_id),
            "message_id_sealed": sealed("message_id_sealed", letter.message_id.encode()),
            "not_after": order.not_after,
            "priority": PRIORITIES[order.kind],
        }, content

    def _letter(self, order: Order, reference: str, ref: str) -> Letter:
        settings, language = self._desk.settings, self._language_of(order)

        def link(page: Link, kinds: Collection[MailKind]) -> str | None:
            return links.url(settings, self._desk.keyring, page, reference, ref) if order.kind in kinds else None

        return Letter(
            kind=order.kind,
            language=language,
            recipient=settings.team[0] if self._rehearses else order.recipient,
            message_id=new_message_id(settings.contact_domain),
            context={"reference": reference, "answer_url": link(Link.ANSWER, ASKINGS), **order.context},
            shared=self._shared_by(order, language),
            in_reply_to=order.thread.in_reply_to,
            references=order.thread.references,
            is_reply=order.thread.in_reply_to is not None,
            auto_replied=order.kind in outbox.MACHINE_MAILS,
            unsubscribable=order.kind in SEQUENCE,
            unsubscribe_url=link(Link.STOP, SEQUENCE),
            rehearsal_for=order.recipient if self._rehearses else None,
        )

    def _language_of(self, order: Order) -> str:
        wanted = (order.kind, order.language)
        if wanted not in self._languages:
            self._languages[wanted] = language_of(self._desk, *wanted)
        return self._languages[wanted]

    def _shared_by(self, order: Order, language: str) -> Mapping[str, object]:
        key = (language, id(order.shared))
        if key not in self._shared:
            self._shared[key] = {**common(self._desk.settings, language), **order.shared}
        return self._shared[key]


def new_message_id(domain: str) -> str:
    """A Message-ID that is a secret: 160 random bits, in letters that survive case folding."""
    return f"<{base64.b32encode(secrets.token_bytes(20)).decode().lower()}@{domain}>"


def common(settings: Settings, language: str) -> dict[str, object]:
    """What every mail in a language may say."""
    day, zone = settings.day, settings.day.zone
    return {
        "sender": settings.sender,
        "group": settings.group,
        "contact": settings.contact,
        # Promised only where there is an end to count from (steps/retire.py keeps it).
        "kept_days": settings.keep_mail.days if day.end is not None else None,
        "day": day_forms(day.date, language) if day.date else None,
        "deadline": moment_text(day.deadline, language, zone) if day.deadline else None,
        "occasion": settings.occasion.get(language) or next(iter(settings.occasion.values()), ""),
    }


def language_of(desk: Desk, kind: MailKind, wanted: str) -> str:
    """The language asked for where there is a template, else the campaign's first that has one."""
    there = desk.renderer.languages(kind)
    base = wanted.partition("-")[0]
    for language in (wanted, base, *desk.settings.languages, "en"):
        if language in there:
            return language
    raise Refused(f"There is no template for the mail {kind} in {', '.join(desk.settings.languages)}.")


def set_of(rows: Sequence[Prospect] | Sequence[Revision] | Sequence[Signatory]) -> str:
    """A short name for a set of records: a new member makes a new cause."""
    names = sorted(row.ref for row in rows)
    if len(names) == 1:
        return names[0]
    return base64.urlsafe_b64encode(sha256("|".join(names).encode()).digest()).decode().rstrip("=")
