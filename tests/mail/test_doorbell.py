"""Waiting for mail: the bell rings when mail comes, and a connection that has died is noticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from outreach.errors import LoginRefused, NotOffered, ServerUnreachable
from outreach.mail.doorbell import ImapDoorbell
from outreach.serverurl import ServerUrl, Service
from tests.mail.scripted import Act, Answer, imap, serving
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Account, Dovecot, running_dovecot

MAIL = b"From: rosa@refugees.example\r\nSubject: we sign\r\n\r\nPlease add us.\r\n"
CAN_IDLE = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n")


def bell_of(account: Account, renewed_after: float = 60) -> ImapDoorbell:
    url = ServerUrl.parse(account.url, Service.MAILBOX)
    return ImapDoorbell(url, account.password, timeout=5, renewed_after=renewed_after)


def at(port: int, renewed_after: float = 60) -> ImapDoorbell:
    url = ServerUrl.parse(f"imap://us@127.0.0.1:{port}/INBOX", Service.MAILBOX)
    return ImapDoorbell(url, "x", timeout=0.5, renewed_after=renewed_after)


@pytest.fixture
def own_server(certificate: Certificate) -> Iterator[Dovecot]:
    """A server that may be stopped."""
    with running_dovecot(certificate) as server:
        yield server


def test_the_bell_rings_when_mail_comes(dovecot: Account) -> None:
    with bell_of(dovecot) as bell:
        assert not bell.wait(0.1)
        threading.Timer(0.2, dovecot.append, [MAIL]).start()
        assert bell.wait(10)
        assert not bell.wait(0.1)


def test_mail_that_comes_between_two_waits_is_not_missed(dovecot: Account) -> None:
    with bell_of(dovecot) as bell:
        dovecot.append(MAIL)
        assert bell.wait(5)


def test_the_bell_still_rings_after_it_was_renewed(dovecot: Account) -> None:
    with bell_of(dovecot, renewed_after=0) as bell:
        for _ in range(3):
            assert not bell.wait(0.05)
        dovecot.append(MAIL)
        assert bell.wait(5)


def test_a_read_mark_rings_no_bell(dovecot: Account) -> None:
    dovecot.append(MAIL)
    with bell_of(dovecot) as bell, dovecot.connection() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"\Seen")
        assert not bell.wait(1)


def test_a_server_that_is_killed_is_noticed_at_once(own_server: Dovecot) -> None:
    with bell_of(own_server.account()) as bell:
        own_server.stop()
        began = time.monotonic()
        with pytest.raises(ServerUnreachable):
            for _ in range(5):
                bell.wait(5)
        assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_any_more_is_noticed_when_it_is_asked() -> None:
    idle: tuple[bytes, Answer] = (rb"IDLE", (b"+ idling\r\n", Act.STALL))
    with (
        serving(imap([CAN_IDLE, (idle[0], lambda tag, _: idle[1])])) as server,
        at(server.port, renewed_after=0) as bell,
        pytest.raises(ServerUnreachable, match="no answer in time"),
    ):
        bell.wait(0.05)


@pytest.mark.parametrize("last_words", [b"* BYE shutting down\r\n", b""])
def test_a_server_that_takes_leave_is_gone(last_words: bytes) -> None:
    answer: Answer = (b"+ idling\r\n" + last_words, Act.CLOSE)
    server = imap([CAN_IDLE, (rb"IDLE", lambda tag, _: answer)])
    with serving(server) as running, at(running.port) as bell, pytest.raises(ServerUnreachable):
        for _ in range(3):
            bell.wait(1)


def test_a_server_that_cannot_tell_is_told_apart_from_one_that_fails() -> None:
    with serving(imap([])) as server, pytest.raises(NotOffered, match="no IDLE"):
        at(server.port).__enter__()


@pytest.mark.parametrize("answer", [b"{tag} BAD no\r\n", b"{tag} NO not now\r\n"])
def test_a_server_that_refuses_to_tell_is_one_that_fails(answer: bytes) -> None:
    with serving(imap([CAN_IDLE, (rb"IDLE", answer)])) as server, pytest.raises(ServerUnreachable):
        at(server.port).__enter__()


def test_a_refused_password_is_told_as_such(dovecot: Account) -> None:
    with pytest.raises(LoginRefused):
        ImapDoorbell(ServerUrl.parse(dovecot.url, Service.MAILBOX), "wrong", timeout=5).__enter__()
