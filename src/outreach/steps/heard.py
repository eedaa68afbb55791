"""Writes down what somebody said on a public page as if it had come by mail; intake reads and acts, as on any mail.

So a page decides nothing: the same reading, matching, rules and evidence. What only a mail server can vouch for is
missing, and ``origin`` says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address, ip_network
from typing import Final

from babel import Locale
from sqlalchemy.orm import Session

from outreach.addresses import valid_address
from outreach.errors import Refused
from outreach.letters import links
from outreach.letters.links import Link
from outreach.letters.queue import ASKINGS, Desk
from outreach.model import InboundMessage, OutboxMail, Revision
from outreach.model.inbound import Origin
from outreach.model.revision import OPEN_STATUSES
from outreach.reading import names
from outreach.settings import Settings
from outreach.store import buckets, inbound, references, signatories
from outreach.store import campaign as campaigns
from outreach.store.buckets import Bucket
from outreach.words import RevisionStatus, Seen, direction

#: Sign-ups by the form: more than these come from a machine, or from somebody who wants to see our mails fly.
MOST_IN_AN_HOUR: Final = 60
MOST_FROM_A_PLACE: Final = 10
MOST_UNDER_AN_ADDRESS: Final = 3
SHARE_OF_THE_DAY: Final = 4  #: at most this part of the mails that may leave in a day


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody typed into the form to sign; each value one line."""

    names: Mapping[str, str]  #: by the language of its field (``name_fields``)
    city: str
    country: str
    person: str
    address: str
    language: str  #: of the page they typed it in

    @property
    def problems(self) -> frozenset[str]:
        """The fields that cannot be taken as they are. Nothing here depends on what we know."""
        found = {field for field in ("city", "country", "person") if not _may_stand(getattr(self, field))}
        if not any(self.names.values()) or not all(map(_may_stand, self.names.values())):
            found.add("name")
        return frozenset(found if _is_address(self.address) else {*found, "address"})

    @property
    def lines(self) -> list[str]:
        """As our own form, which the reading knows, would come back by mail."""
        return [
            *(f"{_label(language)}: {name}" for language, name in self.names.items()),
            f"City: {self.city}",
            f"Country: {self.country}",
            f"Who speaks for you: {self.person}",
        ]


def name_fields(settings: Settings) -> list[str]:
    """The languages that have a field for the name: each right-to-left one, and one that stands for all others."""
    own = [language for language in settings.languages if direction(language) == "rtl"]
    others = [language for language in settings.languages if language not in own]
    return [*own, *others[:1]]


def sign_up(session: Session, desk: Desk, entry: Entry, place: str, now: datetime) -> bool:
    """Keep what was typed into the form; False where too many have come just now, in all or from that place.

    Too many under one address are dropped in silence: nobody learns what is known of it, and it gets no more mail.
    Raises Refused where the entry has problems.
    """
    if entry.problems:
        raise Refused("That cannot be taken as it is.")
    address = valid_address(entry.address)
    by_address = _bucket(desk, "address", address.lower(), timedelta(days=1), MOST_UNDER_AN_ADDRESS)
    if not has_room(session, desk, place, now):
        return False
    taken = buckets.spent(session, by_address, now) < by_address.limit
    buckets.spend(session, [*_everywhere(desk, place), *([by_address] if taken else [])], 1, now)
    if taken:
        mail = _mail(desk, address, "Sign-up on the public page", entry.lines)
        _keep(session, desk, mail, Origin.FORM, address, now, language=entry.language)
    return True


def has_room(session: Session, desk: Desk, place: str, now: datetime) -> bool:
    """Whether one more sign-up may come now, in all and from that network address."""
    return all(buckets.spent(session, bucket, now) < bucket.limit for bucket in _everywhere(desk, place))


def _everywhere(desk: Desk, place: str) -> list[Bucket]:
    hour, day = timedelta(hours=1), timedelta(days=1)
    allowed = desk.settings.sending.per_day
    return [
        Bucket("form hour", hour, MOST_IN_AN_HOUR),
        # Each one makes us send a question: a flood of them must not use up what the relay takes in a day.
        *([Bucket("form day", day, max(allowed // SHARE_OF_THE_DAY, 1))] if allowed is not None else []),
        _bucket(desk, "place", _network(place), hour, MOST_FROM_A_PLACE),
    ]


def _may_stand(value: str) -> bool:
    """Whether a mail of ours may show it: one line, no link, address or phone number, no control character."""
    return not value or names.line_safe(value)


def _is_address(value: str) -> bool:
    """Whether it is one plain address that may stand in a header: no other script, nothing that reads as encoded."""
    try:
        address = valid_address(value)
    except Refused:
        return False
    return address.isascii() and "=?" not in address


def _label(language: str) -> str:
    base = language.partition("-")[0]
    return (
        f"Name in {Locale('en').languages[base]}"
        if direction(language) == "rtl"
        else "Name in English or your language"
    )


def _bucket(desk: Desk, what: str, of: str, window: timedelta, limit: int) -> Bucket:
    return Bucket(f"form {what} {desk.keyring.hash(f'form {what}', of).hex()[:32]}", window, limit)


def _network(place: str) -> str:
    """Who has one address of IPv6 has 2**64 of them."""
    try:
        found = ip_address(place)
    except ValueError:
        return place
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


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
    language: str | None = None,
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
        language=language,
        arrived_at=now,
        fetched_at=now,
        in_rehearsal=campaigns.the_campaign(session).in_rehearsal,
        sender_hash=desk.keyring.address_hash(sender),
        answers_id=answers.id if answers is not None else None,
    )
    message.raw = zlib.compress(raw)
    session.add(message)
