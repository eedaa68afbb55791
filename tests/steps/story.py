"""A campaign in a test: the mails it wrote, and what comes back. Real text through the real reading."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from sqlalchemy import select

from outreach.letters import answering, inviting
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, OutboxMail, Prospect, Revision
from outreach.settings import MailboxSettings
from outreach.steps import intake
from outreach.store.database import Database
from outreach.store.references import new_reference
from outreach.words import MailKind, OutboxStatus, PrintedLine, Proof, ProspectStatus, Report, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW, FakeRenderer

OFFICE = "office@refugees.example"
STRANGER = "rosa@elsewhere.example"
FORM = """\
Name in Persian: کانون پناهندگان سیاسی ایران
Name in English or your language: Iranian political refugees center
City: Berlin
Country: Germany
Who speaks for you: Rosa Doe
"""


@dataclass
class Story:
    """A campaign, the mails it wrote, and what comes back."""

    db: Database
    desk: Desk
    renderer: FakeRenderer
    now: datetime = NOW
    report: Report = field(default_factory=lambda: Report("intake"))  #: of the last intake

    def invite(self, email: str = OFFICE, **values: object) -> str:
        """Invite an organisation; the secret of the invitation."""
        with self.db.writing() as session:
            invited = cast.prospect(session, email=email, **values)  # type: ignore[arg-type]  # builder's keywords
            mail = inviting.invitation(session, self.desk, [invited], self.now)
            invited.invite(self.now)
            return sent(mail, self.now)

    def ask(self, email: str = OFFICE, *lines: PrintedLine) -> str:
        """Have asked about unconfirmed entries; the secret of the asking."""
        with self.db.writing() as session:
            asked = [
                cast.signatory(
                    session, {"en": line}, email, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO
                ).newest
                for line in lines or [cast.BERLIN["en"]]
            ]
            return sent(answering.asking(session, self.desk, asked, self.now), self.now)

    def receive(
        self,
        text: str,
        sender: str = OFFICE,
        answers: str | None = None,
        *,
        verdict: str | None = "pass",
        subject: str = "Re: joint statement",
        **headers: str,
    ) -> InboundMessage:
        """A mail arrives and is taken in."""
        message = EmailMessage(policy=SMTP)
        domain = sender.rpartition("@")[2]
        if verdict is not None:
            message["Authentication-Results"] = f"mx.contact.example; dkim={verdict} header.d={domain}; " + (
                f"dmarc={verdict} header.from={domain}"
            )
        message["From"], message["To"], message["Subject"] = (
            f"Rosa Doe <{sender}>",
            "statement@contact.example",
            subject,
        )
        message["Message-ID"] = f"<{abs(hash((text, sender, answers)))}@{domain}>"
        if answers is not None:
            message["In-Reply-To"] = answers
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text + "\n")
        return self.take(message.as_bytes())

    def take(self, raw: bytes, **values: Any) -> InboundMessage:
        with self.db.writing() as session:
            row = InboundMessage(
                reference=new_reference(session, InboundMessage),
                content_hash=self.db.keyring.hash("content", raw),
                size=len(raw),
                arrived_at=self.now,
                fetched_at=self.now,
                **values,
            )
            row.raw = zlib.compress(raw)
            session.add(row)
        self.report = intake.run(self.db, self.desk, lambda: self.now)
        with self.db.reading() as session:
            taken = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
            session.expunge(taken)
            return taken

    @property
    def entries(self) -> list[Revision]:
        """All revisions, detached but for what a test reads first."""
        with self.db.reading() as session:
            found = list(session.scalars(select(Revision).order_by(Revision.id)))
            for revision in found:
                _ = revision.signatory.holds, revision.signatory.reference
            session.expunge_all()
            return found

    @property
    def written(self) -> list[MailKind]:
        """The kinds of the letters written since the story began, invitations and askings left out."""
        begun = (MailKind.INVITATION, MailKind.ASKING)
        return [letter.kind for letter in self.renderer.letters if letter.kind not in begun]

    def lines(self, position: int = -1) -> dict[str, str]:
        with self.db.reading() as session:
            revision = session.scalars(select(Revision).order_by(Revision.id)).all()[position]
            return {language: str(line) for language, line in revision.printed_lines.items()}

    def warnings(self) -> list[str]:
        with self.db.reading() as session:
            newest = session.scalars(select(Revision).order_by(Revision.id.desc()).limit(1)).one()
            found: list[str] = newest.details["warnings"]
            return found

    def prospect(self) -> ProspectStatus:
        with self.db.reading() as session:
            return session.scalars(select(Prospect.status)).one()


def sent(mail: OutboxMail | None, now: datetime) -> str:
    assert mail is not None
    mail.status, mail.sending_at, mail.settled_at = OutboxStatus.SENT, now, now
    assert mail.message_id is not None
    return mail.message_id


def begin(db: Database, folder: Path, **changes: Any) -> Story:
    """A story whose server says which mails are authentic."""
    cast.write_statement(folder)
    renderer = FakeRenderer()
    mailbox = MailboxSettings(url=cast.settings(folder).mailbox.url, authserv_id="mx.contact.example")
    return Story(db, cast.desk(db, folder, renderer, mailbox=mailbox, **changes), renderer)
