"""The fixed cast of the tests: the hour in which every story plays, its clock, and plain builders of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.letters.queue import Desk, new_message_id
from outreach.model import MailProspect, NameKey, OutboxMail, Prospect, Signatory
from outreach.model.base import KEYRING
from outreach.ports import Letter
from outreach.providers import destination_of
from outreach.relay import Relay
from outreach.sealing import Keyring
from outreach.serverurl import ServerUrl, Service
from outreach.settings import Day, MailboxSettings, Settings
from outreach.store import prospects, signatories
from outreach.store.database import Database
from outreach.store.references import new_reference
from outreach.words import Lines, MailKind, OutboxStatus, PrintedLine, Proof, RevisionStatus, Seen

NOW: Final = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)

#: The organisation that most stories are about.
BERLIN: Final[Lines] = {
    "fa": PrintedLine("کانون پناهندگان سیاسی ایران", "برلین"),
    "en": PrintedLine("Iranian political refugees center", "Berlin"),
}


def clock() -> datetime:
    """A ``ports.Clock`` that stands still."""
    return NOW


def settings(folder: Path, **changes: Any) -> Settings:
    """A campaign in Persian and English, with a day and servers on loopback that nobody listens on."""
    values: dict[str, Any] = {
        "slug": "freedom",
        "contact": "statement@contact.example",
        "team": ("bea@team.example",),
        "languages": ("fa", "en"),
        "sender": "Bea",
        "group": "the coordinating group",
        "occasion": {"en": "joint statement 5 September", "fa": "بیانیهٔ مشترک ۱۴ شهریور"},
        "known_by": "",
        "example": {language: str(line) for language, line in BERLIN.items()},
        "database_url": "sqlite:///outreach.db",
        "key_file": folder.parent / "outreach.key",
        "mailbox": MailboxSettings(url=ServerUrl.parse("imap://statement@127.0.0.1:1/INBOX", Service.MAILBOX)),
        "relays": (Relay(url=ServerUrl.parse("smtp://127.0.0.1:1", Service.SMTP)),),
        "day": Day(date=date(2026, 9, 5), deadline=datetime(2026, 9, 3, 18, 0, tzinfo=UTC)),
    }
    return Settings(folder=folder, **{**values, **changes})


def write_statement(folder: Path) -> None:
    """The statement in both languages of the campaign."""
    (folder / "statement").mkdir(parents=True, exist_ok=True)
    (folder / "statement" / "en.md").write_text("# Free them\n\nWe ask for their freedom.\n", encoding="utf-8")
    (folder / "statement" / "fa.md").write_text("# آزادشان کنید\n\nما آزادی آنان را می‌خواهیم.\n", encoding="utf-8")


class FakeRenderer:
    """A ``ports.Renderer`` that remembers the letters and writes their context as the text."""

    def __init__(self, *languages: str) -> None:
        self.letters: list[Letter] = []
        self._languages = frozenset(languages or ("fa", "en"))

    def compose(self, letter: Letter) -> bytes:
        letter = replace(letter, context={**letter.shared, **letter.context})
        self.letters.append(letter)
        message = EmailMessage(policy=SMTP)
        message["To"], message["Message-ID"], message["Subject"] = letter.recipient, letter.message_id, letter.kind
        message.set_content(repr(dict(letter.context)))
        return message.as_bytes()

    def head(self, composed: bytes, now: datetime, relay: str) -> bytes:
        return b"Date: " + now.strftime("%a, %d %b %Y %H:%M:%S +0000").encode() + b"\r\n"

    def languages(self, kind: MailKind) -> frozenset[str]:
        return self._languages

    def said(self) -> tuple[str, ...]:
        return ()


def desk(db: Database, folder: Path, renderer: FakeRenderer | None = None, **changes: Any) -> Desk:
    """What writing a mail needs, with a renderer that remembers."""
    return Desk(settings(folder, **changes), renderer or FakeRenderer(), db.keyring)


def keyring_of(session: Session) -> Keyring:
    keyring: Keyring = session.info[KEYRING]
    return keyring


def prospect(
    session: Session,
    names: Mapping[str, str] | None = None,
    email: str | None = "office@refugees.example",
    **values: Any,
) -> Prospect:
    """An organisation on the list, not yet invited unless ``values`` say otherwise."""
    keyring = keyring_of(session)
    names = dict(names or {language: line.name for language, line in BERLIN.items()})
    details = values.pop("details", {})
    row = Prospect(
        reference=new_reference(session, Prospect),
        language=values.pop("language", "en"),
        import_key=prospects.import_key(keyring, names.values(), email),
        email_hash=keyring.address_hash(email) if email else None,
        domain_hash=prospects.own_domain(keyring, email),
        created_at=NOW,
        **values,
    )
    row.email, row.details = email, {"names": names, **details}
    session.add(row)
    session.flush()
    for key in prospects.name_keys(keyring, names.values()):
        session.add(NameKey(key_hash=key, prospect_id=row.id))
    return row


def signatory(
    session: Session,
    lines: Lines | None = None,
    email: str | None = "office@refugees.example",
    *,
    status: RevisionStatus = RevisionStatus.PENDING,
    proof: Proof = Proof.DOMAIN,
    seen: Seen = Seen.CONFIRMED,
    at: datetime = NOW,
    **values: Any,
) -> Signatory:
    """A signatory with one revision."""
    keyring, lines = keyring_of(session), lines or BERLIN
    row = Signatory(
        reference=new_reference(session, Signatory),
        language=values.pop("language", "en"),
        contact_hash=keyring.address_hash(email) if email else None,
        created_at=at,
    )
    row.contact = {"email": email, "contact_person": values.pop("contact_person", None)}
    details = values.pop("details", {})
    revision = row.revise(lines=lines, at=at, status=status, proof=proof, seen=seen, **values)
    revision.details = details
    session.add(row)
    session.flush()
    signatories.remember_names(session, keyring, row, lines)
    return row


def all_signatories(session: Session) -> list[Signatory]:
    """Every signatory, the first one first."""
    return list(session.scalars(select(Signatory).order_by(Signatory.id)))


def invites(row: OutboxMail, listed: Prospect) -> MailProspect:
    """A mail invites or reminds an organisation."""
    return MailProspect(mail_id=row.id, prospect_id=listed.id)


def mail(
    session: Session,
    recipient: str = "office@refugees.example",
    *,
    kind: MailKind = MailKind.RECEIPT,
    status: OutboxStatus = OutboxStatus.QUEUED,
    **values: Any,
) -> OutboxMail:
    """A mail in the outbox with a short text."""
    keyring, reference = keyring_of(session), new_reference(session, OutboxMail)
    message_id = new_message_id("contact.example")
    row = OutboxMail(
        reference=reference,
        kind=kind,
        status=status,
        cause=values.pop("cause", f"{kind}:{reference}"),
        language="en",
        recipient_hash=keyring.address_hash(recipient),
        meant_for_hash=keyring.address_hash(recipient),
        destination_hash=keyring.destination_hash(destination_of(recipient)),
        message_id_hash=keyring.message_id_hash(message_id),
        created_at=NOW,
        next_attempt_at=NOW,
        priority=30,
        **values,
    )
    row.recipient, row.message_id = recipient, message_id
    row.content = b"Subject: Thank you\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIt has arrived.\r\n"
    session.add(row)
    session.flush()
    return row
