"""The folders of a real mailbox: read by their marks, moved between at will, and those of people left as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.mail.imap import ImapMailbox
from outreach.model import InboundMessage, Pause
from outreach.ports import Role
from outreach.serverurl import ServerUrl, Service
from outreach.words import HandledMail, InboundStatus, PauseReason
from tests.cast import clock
from tests.flow.stage import Stage, staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink, running_sink

US = "statement@contact.example"
ROSA = "rosa@refugees.example"


def mail(sender: str, to: str, text: str, number: int = 1, **headers: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, "Re: statement"
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text + "\n")
    return message.as_bytes()


ASKS = mail(ROSA, US, "Who organises this, and who pays for it?")


@pytest.fixture
def stage(folder: Path, dovecot: Account, database_url: str) -> Iterator[Stage]:
    with running_sink(Sink()) as sink, staged(folder, dovecot, sink.port, database=database_url) as stage:
        yield stage


def statuses(stage: Stage) -> list[InboundStatus]:
    with stage.db.reading() as session:
        return list(session.scalars(select(InboundMessage.status).order_by(InboundMessage.arrived_at)))


def test_folders_are_found_by_their_marks_whatever_they_are_called(dovecot: Account) -> None:
    dovecot.create("Archiv")
    url = ServerUrl.parse(dovecot.url, Service.MAILBOX)
    with ImapMailbox(url, dovecot.password, clock=clock) as mailbox:
        assert [(folder.name, folder.role) for folder in mailbox.folders()] == [
            ("INBOX", Role.INBOX),
            ("Junk", Role.JUNK),
            ("Sent", Role.SENT),
            ("Archiv", Role.ARCHIVE),
        ]
        dovecot.create("Alle Nachrichten")
        assert mailbox.folders()[-1].name == "Alle Nachrichten"


def test_a_folder_that_the_settings_name_goes_before_what_the_server_marks(dovecot: Account) -> None:
    dovecot.create("Gesendet")
    url = ServerUrl.parse(dovecot.url, Service.MAILBOX)
    with ImapMailbox(url, dovecot.password, clock=clock, named={Role.SENT: "Gesendet"}) as mailbox:
        assert [folder.name for folder in mailbox.folders() if folder.role is Role.SENT] == ["Gesendet"]


def test_mail_that_is_moved_between_folders_is_read_once(stage: Stage) -> None:
    stage.account.create("Archiv")
    stage.receive(ASKS, folder="Junk")
    stage.run()
    for source, target in (("Junk", "INBOX"), ("INBOX", "Archiv"), ("Archiv", "INBOX")):
        stage.account.move(source, target)
        assert "new" not in stage.run()["fetch"].counts
    assert statuses(stage) == [InboundStatus.OPEN]


def test_mail_that_was_archived_before_anybody_read_it_is_read(stage: Stage) -> None:
    stage.account.create("Archiv")
    stage.receive(ASKS)
    stage.account.move("INBOX", "Archiv")
    stage.run()
    assert statuses(stage) == [InboundStatus.OPEN]


def test_all_mail_that_holds_everything_a_second_time_changes_nothing(stage: Stage) -> None:
    stage.account.create("Alle Nachrichten")
    ours = mail(US, ROSA, "We do.", In_Reply_To="<1@refugees.example>")
    for folder in ("INBOX", "Alle Nachrichten"):
        stage.receive(ASKS, folder=folder)
    stage.later(timedelta(minutes=5))
    for folder in ("Alle Nachrichten", "Sent"):
        stage.receive(ours, folder=folder)
    stage.run()
    assert statuses(stage) == [InboundStatus.CLOSED, InboundStatus.HANDLED]
    with stage.db.reading() as session:
        assert [pause.reason for pause in session.scalars(select(Pause))] == [PauseReason.BY_HAND]


def test_folders_of_people_are_left_as_they_are_when_handled_mail_is_moved(dovecot: Account) -> None:
    dovecot.create("Archiv")
    for name in ("INBOX", "Junk", "Sent", "Archiv"):
        dovecot.append(ASKS, folder=name)
    url = ServerUrl.parse(dovecot.url, Service.MAILBOX)
    with ImapMailbox(url, dovecot.password, clock=clock, handled=HandledMail.MOVE) as mailbox:
        left = {}
        for folder in mailbox.folders():
            mailbox.select(folder)
            mailbox.mark_handled([1])
            left[folder.name] = mailbox.select(folder).messages
    assert left == {"INBOX": 0, "Junk": 0, "Sent": 1, "Archiv": 1}
