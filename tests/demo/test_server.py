"""The demo's mail server: what goes in by SMTP comes out by IMAP, as a real receiving server would hand it over."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from outreach.demo.server import MailServer
from outreach.errors import LoginRefused
from outreach.mail.imap import ImapMailbox
from outreach.reading.authenticity import verdict
from outreach.reading.message import open_message
from outreach.reading.read import read
from outreach.serverurl import ServerUrl, Service
from outreach.words import AuthResult, Kind
from tests.cast import NOW, clock
from tests.fakes import named

CONTACT = "contact@campaign.example"
LETTER = (
    b"From: Ada <ada@choir.example>\r\nTo: contact@campaign.example\r\n"
    b"Subject: We sign\r\nMessage-ID: <a1@choir.example>\r\n\r\nOui, on signe \xc3\xa9galement.\r\n"
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(CONTACT, clock) as running:
        yield running


@contextmanager
def inbox(server: MailServer) -> Iterator[ImapMailbox]:
    """The contact's INBOX through the program's own IMAP code, selected."""
    url = ServerUrl.parse(server.mailbox_url, Service.MAILBOX)
    with ImapMailbox(url, server.password, clock=clock) as box:
        box.select(named("INBOX"))
        yield box


def mails_in(server: MailServer) -> list[EmailMessage]:
    with inbox(server) as box:
        raws = [box.fetch(listed.uid) for listed in box.listing(1)]
    parser = BytesParser(EmailMessage, policy=policy.default)
    return [parser.parsebytes(raw) for raw in raws if raw is not None]


def send(server: MailServer, raw: bytes, *, sender: str, to: str = CONTACT, host: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname=host) as wire:
        wire.sendmail(sender, [to], raw)


def test_a_mail_to_the_contact_lies_in_the_inbox_unchanged_below_the_trace_headers(server: MailServer) -> None:
    send(server, LETTER, sender="ada@choir.example", host="mail.choir.example")
    with inbox(server) as box:
        (listed,) = box.listing(1)
        raw = box.fetch(listed.uid)
    assert raw is not None
    assert raw.endswith(LETTER)
    assert raw.startswith(b"Return-Path: <ada@choir.example>\r\nDelivered-To: contact@campaign.example\r\n")
    assert b"Received: from mail.choir.example" in raw


def test_a_mail_arrives_at_the_hour_of_the_story(server: MailServer) -> None:
    send(server, LETTER, sender="ada@choir.example", host="mail.choir.example")
    with inbox(server) as box:
        assert [listed.arrived for listed in box.listing(1)] == [NOW]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("mail.choir.example", AuthResult.PASS),
        ("choir.example", AuthResult.PASS),
        ("mail.elsewhere.example", AuthResult.FAIL),
        ("evilchoir.example", AuthResult.FAIL),
    ],
)
def test_a_mail_is_authentic_when_its_host_is_of_the_senders_domain(
    server: MailServer, host: str, expected: AuthResult
) -> None:
    send(server, LETTER, sender="ada@choir.example", host=host)
    with inbox(server) as box:
        raw = box.fetch(next(iter(box.listing(1))).uid)
    assert raw is not None
    assert verdict(open_message(raw).headers, "mx.campaign.example", "choir.example").result is expected


def test_a_mail_to_an_organisation_lies_in_its_inbox_and_nowhere_else(server: MailServer) -> None:
    ada = server.office.open_inbox("Ada@choir.example")
    send(server, LETTER, sender=CONTACT, to="ada@choir.example", host="campaign.example")
    assert [mail.content for mail in ada] == [LETTER]
    assert mails_in(server) == []


def test_a_mail_to_nobody_comes_back_as_a_report_that_names_it(server: MailServer) -> None:
    send(server, LETTER, sender=CONTACT, to="nobody@choir.example", host="campaign.example")
    (report,) = mails_in(server)
    assert report.get_content_type() == "multipart/report"
    assert report["Return-Path"] == "<>"
    reading = read(report.as_bytes())
    assert reading.kind is Kind.BOUNCE
    assert reading.bounce is not None
    assert (reading.bounce.recipients, reading.bounce.permanent) == (("nobody@choir.example",), True)
    assert reading.clues.returned_ids == ("<a1@choir.example>",)


def test_nothing_comes_back_for_a_mail_to_nobody_that_is_not_ours(server: MailServer) -> None:
    send(server, LETTER, sender="ada@choir.example", to="nobody@choir.example", host="mail.choir.example")
    assert mails_in(server) == []


def test_a_wrong_password_opens_nothing(server: MailServer) -> None:
    url = ServerUrl.parse(server.mailbox_url, Service.MAILBOX)
    with pytest.raises(LoginRefused), ImapMailbox(url, "wrong", clock=clock):
        pass


def test_the_ports_are_closed_when_the_server_has_stopped() -> None:
    with MailServer(CONTACT, clock) as server:
        port = server.smtp_port
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port)
