from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.certificate import Certificate
from tests.servers.process import listens
from tests.servers.sink import Phase, Sink, Tls, logged, running_sink, sink_process

US = "contact@campaign.example"
ROSA = "rosa@hamburg.example"
OMID = "omid@berlin.example"
MAIL = b"Message-ID: <a1@campaign.example>\r\nSubject: We invite you\r\n\r\n.A line that begins with a dot\r\n"


def send(sink: Sink | int, recipient: str = ROSA) -> None:
    port = sink if isinstance(sink, int) else sink.port
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=10) as client:
        client.sendmail(US, recipient, MAIL)


def test_accepted_mail_is_kept_as_it_was_sent(sink: Sink) -> None:
    send(sink)
    [mail] = sink.mails
    assert (mail.sender, mail.recipients, mail.content) == (US, (ROSA,), MAIL)
    assert mail.message_id == "<a1@campaign.example>"


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT])
def test_refusal_is_given_at_its_phase_and_nothing_is_kept(sink: Sink, phase: Phase) -> None:
    sink.answer(phase, "451 4.7.1 Later", times=1)
    with pytest.raises(smtplib.SMTPException) as refused:
        send(sink)
    assert "4.7.1 Later" in str(refused.value)
    assert not sink.mails
    send(sink)
    assert len(sink.mails) == 1


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT])
def test_connection_breaks_off_at_its_phase_and_nothing_is_kept(sink: Sink, phase: Phase) -> None:
    sink.drop(phase, times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)
    assert not sink.mails


def test_mail_is_kept_when_only_the_reply_gets_lost(sink: Sink) -> None:
    sink.drop(Phase.REPLY)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)
    assert len(sink.mails) == 1


def test_rule_for_one_recipient_leaves_others_alone(sink: Sink) -> None:
    sink.answer(Phase.RCPT, "550 5.1.1 No such user", recipient=OMID)
    send(sink, ROSA)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(sink, OMID)
    sink.relent()
    send(sink, OMID)
    assert [mail.recipients for mail in sink.mails] == [(ROSA,), (OMID,)]


def test_421_is_followed_by_the_end_of_the_connection(sink: Sink) -> None:
    sink.answer(Phase.CONNECT, "421 4.3.2 Too many connections")
    with pytest.raises(smtplib.SMTPConnectError, match="Too many"):
        send(sink)
    assert sink.connections == 1


def test_delay_is_waited_for(sink: Sink) -> None:
    sink.delay(Phase.DOT, 0.2)
    before = time.monotonic()
    send(sink)
    assert time.monotonic() - before >= 0.2


@pytest.mark.parametrize("tls", list(Tls))
def test_login_is_required_when_there_are_credentials(certificate: Certificate, tls: Tls) -> None:
    connect: dict[Tls, Callable[[int], smtplib.SMTP]] = {
        Tls.NONE: lambda port: smtplib.SMTP("localhost", port, "client.example"),
        Tls.STARTTLS: lambda port: smtplib.SMTP("localhost", port, "client.example"),
        Tls.IMPLICIT: lambda port: smtplib.SMTP_SSL(
            "localhost", port, "client.example", context=certificate.for_client()
        ),
    }
    with running_sink(Sink(credentials=("contact", "geheim")), tls, certificate) as sink:
        with connect[tls](sink.port) as client:
            if tls is Tls.STARTTLS:
                client.starttls(context=certificate.for_client())
            with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
                client.sendmail(US, ROSA, MAIL)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("contact", "wrong")
            client.login("contact", "geheim")
            client.sendmail(US, ROSA, MAIL)
        assert len(sink.mails) == 1


def test_port_is_closed_at_the_end_even_with_an_open_connection() -> None:
    with running_sink(Sink()) as sink:
        client = smtplib.SMTP("127.0.0.1", sink.port, "client.example")
    assert not listens(sink.port)
    client.close()


@pytest.mark.slow
def test_process_logs_each_mail_before_it_says_so(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with sink_process(log, "--delay", "reply", "0.05") as port:
        assert logged(log) == []
        send(port)
        [line] = logged(log)
        send(port, OMID)
    assert (line["message_id"], line["recipients"]) == ("<a1@campaign.example>", [ROSA])
    assert [line["recipients"] for line in logged(log)] == [[ROSA], [OMID]]
    assert not listens(port)
