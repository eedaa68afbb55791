"""Logging in by token: at a real Dovecot that asks whose it is, at a relay, and where it runs out in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.doorbell import ImapDoorbell
from outreach.mail.imap import ImapMailbox
from outreach.mail.smtp import SmtpSender
from outreach.mail.tokens import AccessTokens
from outreach.ports import Accepted, Deferred, MailFolder, Role
from outreach.serverurl import ServerUrl, Service
from tests.cast import clock
from tests.mail.scripted import Act, Peer, Script, Scripted, serving, smtp
from tests.mail.test_smtp import IMPATIENT, send
from tests.mail.test_tokens import Signed
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Account
from tests.servers.sink import Sink, Tls, running_sink
from tests.servers.tokens import TokenService

INBOX = MailFolder("INBOX", Role.INBOX)
MAIL = b"From: Rosa <rosa@hamburg.example>\r\nSubject: Hello\r\n\r\nYes.\r\n"


class Fixed:
    """Tokens as a test wants them: the first, and then the others, each when the one before was refused."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)
        self.renewals = 0

    def current(self) -> str:
        return self.left[0]

    def renewed(self, refused: str) -> str:
        self.renewals += 1
        assert self.left.pop(0) == refused
        return self.left[0]


@pytest.fixture
def access(tmp_path: Path, tokens: TokenService, dovecot_by_token: Account) -> AccessTokens:
    """What a sign-in as the owner of that mailbox gave."""
    signed = Signed(tmp_path, tokens)
    for given in (tokens._access, tokens._refresh):
        given.update(dict.fromkeys(given, dovecot_by_token.user))
    return signed.access()


def mailbox(url: str, secret: Fixed | AccessTokens | str) -> ImapMailbox:
    return ImapMailbox(ServerUrl.parse(url, Service.MAILBOX), secret, clock=clock, timeout=5)


def test_a_mailbox_is_read_by_token(dovecot_by_token: Account, access: AccessTokens) -> None:
    dovecot_by_token.append(MAIL)
    with mailbox(dovecot_by_token.url, access) as box:
        box.select(INBOX)
        assert [listed.uid for listed in box.listing(1)] == [1]


def test_new_mail_rings_where_one_waits_by_token(dovecot_by_token: Account, access: AccessTokens) -> None:
    with ImapDoorbell(ServerUrl.parse(dovecot_by_token.url, Service.MAILBOX), access, timeout=5) as bell:
        dovecot_by_token.append(MAIL)
        assert bell.wait(5)


def test_a_token_that_the_mailbox_does_not_take_is_renewed_once(
    dovecot_by_token: Account, access: AccessTokens, tokens: TokenService
) -> None:
    tokens.expire()
    with mailbox(dovecot_by_token.url, access) as box:
        box.select(INBOX)
    assert tokens.refreshes == 1


def test_a_token_of_another_account_is_refused_after_two_tries(
    dovecot_by_token: Account, tmp_path: Path, tokens: TokenService
) -> None:
    signed = Signed(tmp_path, tokens)
    with pytest.raises(LoginRefused, match=r"refused the login by token.*must be this login.*outreach login"):
        mailbox(dovecot_by_token.url, signed.access()).__enter__()
    assert tokens.refreshes == 1


def test_a_server_that_takes_no_tokens_says_so(dovecot: Account) -> None:
    with pytest.raises(LoginRefused, match="takes no tokens"):
        mailbox(dovecot.url, Fixed("a", "b")).__enter__()
    with (
        serving(smtp({"EHLO": b"250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n"})) as server,
        pytest.raises(LoginRefused, match="takes no tokens"),
    ):
        sender(server.port, Fixed("a", "b")).connect()
    assert not any(line.startswith(b"AUTH") for line in server.heard)


# --- the relay ---


def sender(port: int, secret: Fixed | AccessTokens) -> SmtpSender:
    url = ServerUrl.parse(f"smtp://contact@campaign.example@127.0.0.1:{port}", Service.SMTP)
    return SmtpSender(url, secret, ehlo_name="campaign.example", timeouts=IMPATIENT)


@pytest.fixture
def good() -> Iterator[set[str]]:
    """The tokens that the relay takes at this moment."""
    yield {"first"}


@pytest.fixture
def relay(good: set[str]) -> Iterator[Sink]:
    with running_sink(Sink(is_good=lambda user, token: user == "contact@campaign.example" and token in good)) as sink:
        yield sink


def test_mail_is_sent_by_token(relay: Sink) -> None:
    with sender(relay.port, Fixed("first")) as session:
        assert isinstance(send(session), Accepted)


def test_mail_is_sent_by_token_over_tls(certificate: Certificate) -> None:
    with running_sink(Sink(is_good=lambda user, token: token == "first"), Tls.STARTTLS, certificate) as sink:
        url = ServerUrl.parse(f"smtp://contact@campaign.example@localhost:{sink.port}", Service.SMTP)
        with SmtpSender(url, Fixed("first"), ehlo_name="x.example", context=certificate.for_client()) as session:
            assert isinstance(send(session), Accepted)


def test_a_token_that_the_relay_does_not_take_is_renewed_once(relay: Sink) -> None:
    tokens = Fixed("stale", "first")
    with sender(relay.port, tokens) as session:
        assert isinstance(send(session), Accepted)
    assert (tokens.renewals, relay.unanswered) == (1, 0)


def test_two_refused_tokens_are_a_refused_login(relay: Sink) -> None:
    with sender(relay.port, Fixed("stale", "stale as well")) as session, pytest.raises(LoginRefused, match="by token"):
        session.connect()
    assert relay.unanswered == 0


def test_a_token_that_runs_out_between_two_mails_is_renewed_and_each_mail_leaves_once(
    relay: Sink, good: set[str]
) -> None:
    tokens = Fixed("first", "second")
    with sender(relay.port, tokens) as session:
        assert isinstance(send(session), Accepted)
        good.clear()
        good.add("second")
        assert isinstance(send(session), Accepted)
    assert (len(relay.mails), relay.connections, tokens.renewals) == (2, 2, 1)


def test_a_relay_that_wants_a_login_again_and_again_is_asked_once_more_only() -> None:
    script: Script = {
        "EHLO": b"250-relay.example\r\n250 AUTH XOAUTH2\r\n",
        "AUTH": b"235 2.7.0 Welcome\r\n",
        "MAIL": b"530 5.7.57 Client not authenticated\r\n",
    }
    with serving(smtp(script)) as server, sender(server.port, Fixed("first")) as session:
        assert isinstance(send(session), Deferred)
        assert isinstance(send(session), Deferred)
    assert server.connections <= 3


def test_a_relay_without_authenticated_smtp_says_who_must_allow_it() -> None:
    refusal = b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\r\n"
    script: Script = {"EHLO": b"250-relay.example\r\n250 AUTH XOAUTH2\r\n", "AUTH": refusal}
    with (
        serving(smtp(script)) as server,
        sender(server.port, Fixed("a", "b")) as session,
        pytest.raises(LoginRefused, match=r"administrator has to allow authenticated SMTP.*outreach login"),
    ):
        session.connect()


def test_a_relay_that_cannot_log_anyone_in_now_costs_no_token() -> None:
    script: Script = {"EHLO": b"250-relay.example\r\n250 AUTH XOAUTH2\r\n", "AUTH": b"454 4.7.0 Later\r\n"}
    tokens = Fixed("a", "b")
    with (
        serving(smtp(script)) as server,
        sender(server.port, tokens) as session,
        pytest.raises(ServerUnreachable, match="cannot log anyone in now"),
    ):
        session.connect()
    assert tokens.renewals == 0


# --- a session of the mailbox that ends because its token does ---

OVER = b"* BYE Session invalidated - AccessTokenExpired\r\n"


class Expiring:
    """A mailbox that ends the first session at its first look at the mails; ``uidvalidity`` of each session."""

    def __init__(self, *uidvalidity: int, ends_every: bool = False) -> None:
        self.uidvalidity = uidvalidity
        self.ends_every = ends_every
        self.sessions = 0

    def answer(self, command: bytes) -> bytes | None:
        """What comes before the OK; None: the session is over."""
        match command.split()[:2]:
            case [b"CAPABILITY", *_]:
                return b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n"
            case [b"EXAMINE" | b"SELECT", *_]:
                number = self.uidvalidity[min(self.sessions, len(self.uidvalidity)) - 1]
                return b"* 3 EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT 4] x\r\n" % number
            case [b"UID", b"SEARCH"]:
                return None if self.sessions == 1 or self.ends_every else b"* SEARCH 1 2 3\r\n"
            case [b"UID", b"FETCH"]:
                return b"".join(b"* %d FETCH (UID %d RFC822.SIZE 9)\r\n" % (uid, uid) for uid in (1, 2, 3))
        return b""

    def talk(self, peer: Peer, _: Scripted) -> None:
        peer.give(b"* OK ready\r\n")
        while True:
            tag, _space, command = peer.hear().partition(b" ")
            if command.startswith(b"AUTHENTICATE"):
                self.sessions += 1
                peer.give(b"+ \r\n")
                peer.hear()
            before = self.answer(command)
            peer.give((OVER, Act.CLOSE) if before is None else before + tag + b" OK done\r\n")


@contextmanager
def at(server: Expiring) -> Iterator[ImapMailbox]:
    with (
        serving(server.talk) as running,
        mailbox(f"imap://contact@127.0.0.1:{running.port}/INBOX", Fixed("first")) as box,
    ):
        box.select(INBOX)
        yield box


def test_a_session_whose_token_ran_out_goes_on_in_a_new_one() -> None:
    server = Expiring(7)
    with at(server) as box:
        assert [listed.uid for listed in box.listing(1)] == [1, 2, 3]
    assert server.sessions == 2


def test_a_session_does_not_go_on_in_a_folder_that_was_made_anew() -> None:
    with at(Expiring(7, 8)) as box, pytest.raises(ServerUnreachable, match="UIDs have changed"):
        list(box.listing(1))


def test_a_server_that_ends_every_session_is_not_logged_in_to_for_ever() -> None:
    server = Expiring(7, ends_every=True)
    with at(server) as box, pytest.raises(ServerUnreachable, match="AccessTokenExpired"):
        list(box.listing(1))
    assert server.sessions == 2
