from __future__ import annotations

import pytest

from outreach.providers import Limits, destination_of, limits_of, servers_of
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


@pytest.mark.parametrize(
    ("relay", "limits"),
    [
        ("smtps://a%40gmail.com@smtp.gmail.com", Limits(per_day=500)),
        ("smtps://a%40party.example@smtp.gmail.com", Limits(per_day=2000)),
        ("smtp://a%40party.example@smtp.office365.com", Limits(per_day=10_000, per_minute=30)),
        ("smtp://a%40outlook.com@smtp.office365.com", Limits(per_day=300, per_minute=30)),
        ("smtps://a%40posteo.de@posteo.de", Limits(per_day=200)),
        ("smtps://a%40ionos.de@smtp.ionos.de", Limits(per_day=1000, per_hour=50)),
        ("smtps://a%40own.example@smtp.own.example", Limits(per_day=200)),
        ("smtp://127.0.0.1:2525", Limits()),
    ],
)
def test_limits_are_the_providers_else_two_hundred_a_day(relay: str, limits: Limits) -> None:
    assert limits_of(ServerUrl.parse(relay, Service.SMTP)) == limits


@pytest.mark.parametrize(
    ("address", "destination"),
    [
        ("a@Refugees.example", "refugees.example"),
        ("a@googlemail.com", "gmail.com"),
        ("a@hotmail.fr", "outlook.com"),
        ("a@yahoo.co.uk", "yahoo.com"),
        ("a@posteo.net", "posteo.de"),
        ("a@live.music.club.example", "live.music.club.example"),
    ],
)
def test_many_names_of_one_provider_are_one_destination(address: str, destination: str) -> None:
    assert destination_of(address) == destination


@pytest.mark.parametrize("address", ["a+b@gmail.com", "a/b%c@own.example", "o'neill@own.example"])
def test_odd_logins_survive_in_the_url(address: str) -> None:
    mailbox, smtp = servers_of(address)
    assert ServerUrl.parse(mailbox, Service.MAILBOX).user == address
    assert ServerUrl.parse(smtp, Service.SMTP).user == address
