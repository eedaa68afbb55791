"""How a scripted server lets us in, or does not, and what we say then."""

from __future__ import annotations

import pytest

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.imap import ImapMailbox
from outreach.serverurl import ServerUrl, Service
from tests.cast import clock
from tests.mail.scripted import Act, Answer, every_host_is_here, imap, serving
from tests.mail.test_imap_misbehaviour import Answers

LOGINS: list[tuple[str, Answer, type[Exception], str]] = [
    ("mail.example", b"{tag} NO [AUTHENTICATIONFAILED] Invalid\r\n", LoginRefused, "check login and password"),
    ("imap.gmail.com", b"{tag} NO [ALERT] Application-specific password required\r\n", LoginRefused, "app password"),
    ("imap.gmail.com", b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n", LoginRefused, "2-step verification"),
    ("outlook.office365.com", b"{tag} NO LOGIN failed.\r\n", LoginRefused, "Microsoft takes no passwords"),
    ("mail.example", b"{tag} NO Basic authentication is disabled.\r\n", LoginRefused, "Microsoft takes no passwords"),
    ("imap.gmx.net", b"{tag} NO authentication failed\r\n", LoginRefused, "allow mail programs"),
    ("mail.example", b"{tag} NO \x1b[2Jevil\r\n", LoginRefused, r"“\[2Jevil”"),
    ("mail.example", b"{tag} NO [UNAVAILABLE] Temporary authentication failure.\r\n", ServerUnreachable, "cannot log"),
    ("mail.example", b"{tag} NO [LIMIT] Too many connections\r\n", ServerUnreachable, "cannot log anyone in now"),
    ("mail.example", b"{tag} BAD User is authenticated but not connected.\r\n", ServerUnreachable, "not connected"),
    ("mail.example", (b"* BYE Shutting down\r\n", Act.CLOSE), ServerUnreachable, "Shutting down|closed the connection"),
    ("mail.example", Act.CLOSE, ServerUnreachable, "closed the connection"),
    ("mail.example", Act.STALL, ServerUnreachable, "no answer in time"),
]


@pytest.mark.parametrize("mechanism", ["LOGIN", "PLAIN"])
@pytest.mark.parametrize(("host", "answer", "error", "says"), LOGINS)
def test_refused_login_is_told_from_a_broken_line_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, mechanism: str, host: str, answer: Answer, error: type[Exception], says: str
) -> None:
    every_host_is_here(monkeypatch)
    monkeypatch.setattr("outreach.mail.imapwire.may_be_plain", lambda url: True)

    def refuse(tag: bytes, _: object) -> Answer:
        return answer.replace(b"{tag}", tag) if isinstance(answer, bytes) else answer

    offers = b"AUTH=PLAIN" if mechanism == "PLAIN" else b""
    answers: Answers = [
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 " + offers + b"\r\n{tag} OK done\r\n"),
        (rb"LOGIN .*|AUTHENTICATE PLAIN", refuse),
    ]
    with serving(imap(answers)) as server:
        url = ServerUrl.parse(f"imap://contact@{host}:{server.port}", Service.MAILBOX)
        with pytest.raises(error, match=says) as raised:
            ImapMailbox(url, "geheim", clock=clock, timeout=0.4).__enter__()
    assert "geheim" not in str(raised.value)
    assert str(raised.value).isprintable()


def test_password_beyond_ascii_is_refused_only_where_the_server_cannot_take_it() -> None:
    with serving(imap([])) as server, pytest.raises(LoginRefused, match="plain ASCII only"):
        url = ServerUrl.parse(f"imap://contact@127.0.0.1:{server.port}", Service.MAILBOX)
        ImapMailbox(url, "گذرواژه", clock=clock, timeout=0.4).__enter__()


def test_login_with_quotes_and_spaces_stays_one_word_of_its_command() -> None:
    with serving(imap([])) as server:
        url = ServerUrl.parse(f"imap://a%20%22b%5C@127.0.0.1:{server.port}", Service.MAILBOX)
        with ImapMailbox(url, 'x" y', clock=clock, timeout=0.4):
            pass
    assert rb'LOGIN "a \"b\\" "x\" y"' in [line.split(b" ", 1)[1] for line in server.heard]


def test_password_is_not_sent_in_clear_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    every_host_is_here(monkeypatch)
    with serving(imap([])) as server:
        url = ServerUrl.parse(f"imap://contact@mail.example:{server.port}", Service.MAILBOX)
        with pytest.raises(ServerUnreachable, match="refusing to send the password in clear"):
            ImapMailbox(url, "geheim", clock=clock, timeout=0.4).__enter__()
    assert not any(b"geheim" in line for line in server.heard)


def test_session_opened_before_tls_by_somebody_in_between_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    every_host_is_here(monkeypatch)
    offer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n"
    with serving(imap([(rb"CAPABILITY", offer)], b"* PREAUTH welcome\r\n")) as server:
        url = ServerUrl.parse(f"imap://contact@mail.example:{server.port}", Service.MAILBOX)
        with pytest.raises(ServerUnreachable):
            ImapMailbox(url, "geheim", clock=clock, timeout=0.4).__enter__()
