from __future__ import annotations

import pytest

from outreach.providers import servers_of
from outreach.serverurl import ServerUrl, Service


@pytest.mark.parametrize(
    ("address", "mailbox", "smtp"),
    [
        ("a@gmail.com", "imaps://a@gmail.com@imap.gmail.com:993/INBOX", "smtps://a@gmail.com@smtp.gmail.com:465"),
        ("a@GoogleMail.com", "imaps://a@GoogleMail.com@imap.gmail.com:993/INBOX", "smtps://a@GoogleMail.com@smtp.gmail.com:465"),
        ("a@posteo.de", "imaps://a@posteo.de@posteo.de:993/INBOX", "smtps://a@posteo.de@posteo.de:465"),
        ("a@outlook.com", "imaps://a@outlook.com@outlook.office365.com:993/INBOX", "smtp://a@outlook.com@smtp.office365.com:587"),
        ("a@riseup.net", "imaps://a@mail.riseup.net:993/INBOX", "smtps://a@mail.riseup.net:465"),
        ("a@own.example", "imaps://a@own.example@imap.own.example:993/INBOX", "smtps://a@own.example@smtp.own.example:465"),
    ],
)  # fmt: skip
def test_servers_are_guessed_from_the_address(address: str, mailbox: str, smtp: str) -> None:
    assert servers_of(address) == (mailbox, smtp)


@pytest.mark.parametrize("address", ["a+b@gmail.com", "a/b%c@own.example", "o'neill@own.example"])
def test_odd_logins_survive_in_the_url(address: str) -> None:
    mailbox, smtp = servers_of(address)
    assert ServerUrl.parse(mailbox, Service.MAILBOX).user == address
    assert ServerUrl.parse(smtp, Service.SMTP).user == address
