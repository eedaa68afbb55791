from __future__ import annotations

import socket
from datetime import datetime, timedelta, timezone

import pytest

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.probe import FolderCount, probe_mailbox, probe_relay
from outreach.mail.smtpsession import Timeouts
from outreach.ports import Role
from outreach.serverurl import ServerUrl, Service
from tests.cast import NOW
from tests.mail.scripted import Act, Script, serving, smtp
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Account
from tests.servers.process import free_port
from tests.servers.sink import Sink, Tls, running_sink

MAIL = b"Subject: We join\r\n\r\nYes.\r\n"
SOON = Timeouts(connect=0.3, command=0.3, quit=0.3)


def relay_at(port: int, scheme: str = "smtp", login: str = "") -> ServerUrl:
    return ServerUrl.parse(f"{scheme}://{login}127.0.0.1:{port}", Service.SMTP)


def test_mailbox_tells_its_folders_and_what_is_older_than_the_campaign(dovecot: Account) -> None:
    dovecot.append(MAIL, arrived=NOW - timedelta(seconds=1))
    dovecot.append(MAIL, MAIL, arrived=NOW)
    dovecot.append(MAIL, arrived=NOW - timedelta(days=400))
    dovecot.append(MAIL, folder="Junk", arrived=NOW + timedelta(days=1))
    found = probe_mailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, since=NOW)
    assert found.folder(Role.INBOX) == FolderCount("INBOX", Role.INBOX, 4, 2)
    assert found.folder(Role.JUNK) == FolderCount("Junk", Role.JUNK, 1, 0)
    assert found.folder(Role.SENT) == FolderCount("Sent", Role.SENT, 0, 0)
    assert found.folder(Role.ARCHIVE) is None
    assert {"IDLE", "MOVE", "UIDPLUS"} <= found.capabilities


@pytest.mark.parametrize("hours", [-12, -11, 0, 9, 14])
def test_older_mail_is_counted_to_the_second_in_every_time_zone(dovecot: Account, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    since = datetime(2026, 8, 20, 0, 30, tzinfo=zone)
    for hour in range(-60, 61, 3):
        arrived = since + timedelta(hours=hour)
        dovecot.append(MAIL, arrived=arrived.astimezone(timezone(timedelta(hours=-hours if hours < 13 else -12))))
    dovecot.append(MAIL, arrived=since - timedelta(seconds=1))
    found = probe_mailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, since=since)
    assert found.folder(Role.INBOX) == FolderCount("INBOX", Role.INBOX, 42, 21)


def test_looking_changes_nothing(dovecot: Account) -> None:
    dovecot.append(MAIL, arrived=NOW)
    probe_mailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, since=NOW)
    with dovecot.connection() as client:
        client.select("INBOX", readonly=True)
        assert b"Seen" not in (client.fetch("1", "(FLAGS)")[1][0] or b"")


def test_relay_tells_what_it_offers_after_tls_and_login(certificate: Certificate) -> None:
    with running_sink(Sink(credentials=("us", "geheim")), Tls.STARTTLS, certificate) as sink:
        found = probe_relay(relay_at(sink.port, login="us@"), "geheim", ehlo_name="campaign.example")
        with pytest.raises(LoginRefused):
            probe_relay(relay_at(sink.port, login="us@"), "wrong", ehlo_name="campaign.example")
    assert all(found.offers(name) for name in ("STARTTLS", "AUTH", "8BITMIME", "SIZE"))
    assert not found.offers("PIPELINING")
    assert "PLAIN" in found.login
    assert found.size is not None


@pytest.mark.parametrize(("offer", "size"), [(b"SIZE 1000", 1000), (b"SIZE 0", None), (b"SIZE", None), (b"DSN", None)])
def test_limit_is_known_only_where_one_is_named(offer: bytes, size: int | None) -> None:
    with serving(smtp({"EHLO": b"250-relay.example\r\n250 " + offer + b"\r\n"})) as server:
        assert probe_relay(relay_at(server.port), None, ehlo_name="campaign.example").size == size


CLOSED: list[Script] = [{"banner": Act.STALL}, {"banner": Act.CLOSE}]


@pytest.mark.parametrize("script", CLOSED)
def test_blocked_port_is_said_so_with_the_one_that_answers(script: Script) -> None:
    with serving(smtp(script)) as blocked, serving(smtp({})) as open_, pytest.raises(ServerUnreachable) as raised:
        probe_relay(
            relay_at(blocked.port, "smtps", "us@"), "geheim",
            ehlo_name="campaign.example", timeouts=SOON, submission_port=open_.port,
        )  # fmt: skip
    assert f"write smtp://us@127.0.0.1:{open_.port} instead" in str(raised.value)
    assert not any(line.startswith(b"AUTH") for line in open_.heard)


def test_blocked_network_is_said_so_when_no_port_answers() -> None:
    with pytest.raises(ServerUnreachable, match="nothing listens .* cannot be used either: ask the provider"):
        probe_relay(relay_at(free_port()), None, ehlo_name="campaign.example", submission_port=free_port())


def test_port_that_mail_programs_use_has_no_other_beside_it() -> None:
    port = free_port()
    with pytest.raises(ServerUnreachable) as raised:
        probe_relay(relay_at(port), None, ehlo_name="campaign.example", submission_port=port)
    assert "either" not in str(raised.value)
    assert socket.gethostname() not in str(raised.value)
