from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.smtp import SmtpSender
from outreach.mail.smtpsession import Timeouts
from outreach.ports import Accepted
from outreach.serverurl import ServerUrl, Service
from tests.mail.scripted import Act, Answer, Peer, Script, Scripted, every_host_is_here, serving, smtp
from tests.mail.test_smtp import IMPATIENT, MAIL, relay, send, sender_to
from tests.servers.certificate import Certificate
from tests.servers.sink import Sink, Tls, running_sink


@pytest.mark.parametrize("tls", list(Tls))
def test_mail_is_sent_after_login_over_every_kind_of_line(certificate: Certificate, tls: Tls) -> None:
    scheme = "smtps" if tls is Tls.IMPLICIT else "smtp"
    with running_sink(Sink(credentials=("contact@campaign.example", "pässword گذر")), tls, certificate) as sink:
        url = ServerUrl.parse(f"{scheme}://contact@campaign.example@localhost:{sink.port}", Service.SMTP)
        context = certificate.for_client()
        with SmtpSender(url, "pässword گذر", ehlo_name="campaign.example", context=context) as sender:
            assert isinstance(send(sender), Accepted)
        with (
            SmtpSender(url, "wrong", ehlo_name="campaign.example", context=context) as sender,
            pytest.raises(LoginRefused, match="OUTREACH_SMTP_PASSWORD"),
        ):
            sender.connect()


@pytest.mark.parametrize("tls", list(Tls))
def test_a_big_mail_arrives_whole_over_every_kind_of_line(certificate: Certificate, tls: Tls) -> None:
    big = MAIL + b"0123456789abcdef" * 4 + b"\r\n" + (b"x" * 990 + b"\r\n") * 3_000
    scheme = "smtps" if tls is Tls.IMPLICIT else "smtp"
    with running_sink(Sink(), tls, certificate) as sink:
        url = ServerUrl.parse(f"{scheme}://localhost:{sink.port}", Service.SMTP)
        with SmtpSender(url, None, ehlo_name="campaign.example", context=certificate.for_client()) as sender:
            assert isinstance(send(sender, message=big), Accepted)
    [mail] = sink.mails
    assert mail.content == big


def test_certificate_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    with running_sink(Sink(), Tls.IMPLICIT, certificate) as sink:
        url = ServerUrl.parse(f"smtps://localhost:{sink.port}", Service.SMTP)
        sender = SmtpSender(url, None, ehlo_name="campaign.example")
        with sender, pytest.raises(ServerUnreachable, match="certificate is not valid"):
            sender.connect()


def test_starttls_on_loopback_takes_a_home_made_certificate(certificate: Certificate) -> None:
    with running_sink(Sink(), Tls.STARTTLS, certificate) as sink, sender_to(sink.port, Timeouts()) as sender:
        assert isinstance(send(sender), Accepted)


def test_password_is_not_sent_in_clear_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    every_host_is_here(monkeypatch)
    with serving(smtp({"EHLO": b"250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n"})) as server:
        url = ServerUrl.parse(f"smtp://contact@mail.example:{server.port}", Service.SMTP)
        sender = SmtpSender(url, "geheim", ehlo_name="campaign.example")
        with sender, pytest.raises(ServerUnreachable, match="offers no STARTTLS; refusing to send the password"):
            sender.connect()
    assert [line.split()[0] for line in server.heard] == [b"ehlo"]


def test_words_said_before_tls_are_not_heard_after_it(certificate: Certificate) -> None:
    def inject(peer: Peer, _: Scripted) -> None:
        peer.give(b"220 relay.example\r\n")
        peer.hear()
        peer.give(b"250-relay.example\r\n250 STARTTLS\r\n")
        peer.hear()
        peer.give(b"220 Go\r\n250-injected\r\n250 AUTH PLAIN\r\n")
        peer.sock = certificate.for_server().wrap_socket(peer.sock, server_side=True)
        with peer.sock:
            peer.hear()
            peer.give(b"250 relay.example\r\n")

    with (
        serving(inject) as server,
        sender_to(server.port) as sender,
        pytest.raises(ServerUnreachable, match="spoke out of turn"),
    ):
        sender.connect()


@pytest.mark.parametrize("answer", [b"454 4.7.0 TLS not available\r\n", Act.CLOSE, b"220 Go\r\n"])
def test_nothing_is_said_in_clear_when_tls_fails_to_begin(answer: Answer) -> None:
    offer: Script = {"EHLO": b"250-relay.example\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", "STARTTLS": answer}
    with relay(offer) as (sender, server), pytest.raises(ServerUnreachable, match=f"127.0.0.1:{server.port}"):
        sender.connect()
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in server.heard)


LOGINS: list[tuple[str, str, Answer, type[Exception], str]] = [
    ("PLAIN", "mail.example", b"535 5.7.8 Authentication credentials invalid\r\n", LoginRefused, "check login"),
    ("PLAIN LOGIN", "smtp.gmail.com", b"535-5.7.8 Username and Password not accepted\r\n535 5.7.8 x\r\n", LoginRefused,
     "app password"),
    ("PLAIN", "mail.example", b"534-5.7.9 Application-specific password required\r\n534 5.7.9 x\r\n", LoginRefused,
     "app password"),
    ("PLAIN", "mail.example", b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n",
     LoginRefused, "Microsoft takes no passwords"),
    ("PLAIN", "smtp.office365.com", b"535 5.7.3 Authentication unsuccessful\r\n", LoginRefused, "Microsoft"),
    ("XOAUTH2", "mail.example", b"", LoginRefused, "takes only XOAUTH2"),
    ("PLAIN", "mail.example", b"454 4.7.0 Temporary failure\r\n", ServerUnreachable, "cannot log anyone"),
    ("PLAIN", "mail.example", b"421 4.7.0 Too many attempts\r\n", ServerUnreachable, "cannot log anyone"),
    ("PLAIN", "mail.example", Act.CLOSE, ServerUnreachable, "closed the connection"),
    ("PLAIN", "mail.example", b"535 \x1b[2Jevil\r\n", LoginRefused, r"“535 \[2Jevil”"),
    ("", "mail.example", b"", ServerUnreachable, "no way to log in"),
]  # fmt: skip


@pytest.mark.parametrize(("mechanisms", "host", "answer", "error", "says"), LOGINS)
def test_refused_login_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, mechanisms: str, host: str, answer: Answer, error: type[Exception], says: str
) -> None:
    every_host_is_here(monkeypatch)
    monkeypatch.setattr("outreach.mail.smtpsession.may_be_plain", lambda url: True)
    offers = b"250-relay.example\r\n" + (f"250 AUTH {mechanisms}\r\n" if mechanisms else "250 DSN\r\n").encode()
    with serving(smtp({"EHLO": offers, "AUTH": answer})) as server:
        url = replace(ServerUrl.parse(f"smtp://contact@{host}", Service.SMTP), port=server.port)
        sender = SmtpSender(url, "geheim", ehlo_name="campaign.example", timeouts=IMPATIENT)
        with sender, pytest.raises(error, match=says) as raised:
            sender.connect()
    assert "geheim" not in str(raised.value)
    assert str(raised.value).isprintable()
    assert [line[:4] for line in server.heard].count(b"AUTH") <= 1


def test_login_mechanism_login_is_spoken_where_plain_is_not_offered() -> None:
    script: Script = {
        "EHLO": b"250-relay.example\r\n250 AUTH LOGIN\r\n",
        "AUTH": b"334 VXNlcm5hbWU6\r\n",
        "Y29UDGFJDA==".upper(): b"334 UGFzc3dvcmQ6\r\n",
        "Z2VOZWLT".upper(): b"235 2.7.0 Welcome\r\n",
    }
    with serving(smtp(script)) as server:
        url = ServerUrl.parse(f"smtp://contact@127.0.0.1:{server.port}", Service.SMTP)
        with SmtpSender(url, "geheim", ehlo_name="campaign.example", timeouts=IMPATIENT) as sender:
            sender.connect()
    assert server.heard[1:4] == [b"AUTH LOGIN", b"Y29udGFjdA==", b"Z2VoZWlt"]


def test_closed_port_and_unknown_host_are_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with sender_to(port) as sender, pytest.raises(ServerUnreachable, match="nothing listens on this port"):
        sender.connect()
    url = ServerUrl.parse("smtps://contact@mail.example", Service.SMTP)
    with (
        SmtpSender(url, "x", ehlo_name="campaign.example") as other,
        pytest.raises(ServerUnreachable, match="no such host"),
    ):
        other.connect()
