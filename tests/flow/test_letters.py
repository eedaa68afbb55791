"""Askings with several lines and words sent alone, over a real mailbox and a real relay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import Revision
from outreach.store.database import Database
from outreach.words import PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.flow.stage import Stage, staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink, running_sink

OFFICE = "office@refugees.example"
US = "statement@contact.example"


@pytest.fixture
def relay() -> Iterator[Sink]:
    with running_sink(Sink()) as sink:
        yield sink


@pytest.fixture
def stage(folder: Path, dovecot: Account, database_url: str, relay: Sink) -> Iterator[Stage]:
    with staged(folder, dovecot, relay.port, database=database_url) as stage:
        yield stage


def reply(text: str, to: EmailMessage | None = None, number: int = 1) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = OFFICE, US, "Re: statement"
    message["Message-ID"] = f"<{number}@refugees.example>"
    if to is not None:
        message["In-Reply-To"] = to["Message-ID"]
    message.set_content(text + "\n")
    return message.as_bytes()


def arrived(relay: Sink) -> list[EmailMessage]:
    """What the relay took, as a mail program reads it."""
    found = [message_from_bytes(mail.content, policy=policy.default) for mail in relay.mails]
    assert all(isinstance(mail, EmailMessage) for mail in found)
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def put(db: Database, *names: str) -> None:
    with db.writing() as session:
        for name in names:
            line = {"en": PrintedLine(name, "Berlin")}
            cast.signatory(session, line, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)


def test_one_asking_about_three_lines_is_answered_by_number(stage: Stage, relay: Sink) -> None:
    put(stage.db, "First council", "Second council", "Third council")
    stage.run()
    [asking] = arrived(relay)
    assert "1.\n    First council – Berlin" in text_of(asking)
    stage.later(timedelta(hours=1))
    stage.receive(reply("1, 3 yes\n2: Second Council – Cologne", asking))
    stage.run()
    with stage.db.reading() as session:
        lines = session.scalars(select(Revision).where(Revision.seen == Seen.CONFIRMED).order_by(Revision.id))
        assert [str(line.printed_lines["en"]) for line in lines] == [
            "First council – Berlin",
            "Third council – Berlin",
            "Second Council – Cologne",
        ]
    receipt = arrived(relay)[-1]
    assert (receipt["In-Reply-To"], receipt["Auto-Submitted"]) == ("<1@refugees.example>", "auto-replied")


def test_the_status_comes_back_in_the_thread_that_asked_and_loops_with_nobody(stage: Stage, relay: Sink) -> None:
    put(stage.db, "First council")
    stage.receive(reply("status"))
    stage.run()
    told = next(mail for mail in arrived(relay) if mail["In-Reply-To"] == "<1@refugees.example>")
    assert (told["To"], told["Auto-Submitted"]) == (OFFICE, "auto-replied")
    assert "First council – Berlin" in text_of(told)
    before = len(relay.mails)
    stage.later(timedelta(hours=1))
    stage.receive(told.as_bytes().replace(b"From: ", b"X-From: ", 1).replace(b"To: ", b"From: ", 1))
    stage.run()
    assert len(relay.mails) == before
