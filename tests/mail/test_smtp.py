from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from outreach.conversation import finish
from outreach.errors import ServerUnreachable
from outreach.mail.smtp import NO_REPLY, SmtpSender
from outreach.mail.smtpsession import Timeouts
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, MailSender, Outcome, Phase
from outreach.serverurl import ServerUrl, Service
from tests.mail.scripted import WELL_BEHAVED, Act, Answer, Peer, Script, Scripted, serving, smtp
from tests.servers.sink import Phase as SinkPhase
from tests.servers.sink import Sink

US = "contact@campaign.example"
ROSA = "rosa@hamburg.example"
MAIL = b"Message-ID: <a1@campaign.example>\r\nSubject: We invite you\r\n\r\n.A line that begins with a dot\r\n"
IMPATIENT = Timeouts(connect=0.3, command=0.3, block=0.3, end=0.3, quit=0.3)


def sender_to(port: int, timeouts: Timeouts = IMPATIENT, most: int = 100) -> SmtpSender:
    url = ServerUrl.parse(f"smtp://127.0.0.1:{port}", Service.SMTP)
    return SmtpSender(url, None, ehlo_name="campaign.example", timeouts=timeouts, max_per_connection=most)


def send(sender: SmtpSender, recipient: str = ROSA, message: bytes = MAIL) -> Outcome:
    return finish(sender.send(sender=US, recipient=recipient, message=message, message_id="<a1@campaign.example>"))


@contextmanager
def relay(*scripts: Script) -> Iterator[tuple[SmtpSender, Scripted]]:
    with serving(smtp(*scripts)) as server, sender_to(server.port) as sender:
        yield sender, server


# --- how far it had come: one row for each way in which a transaction can end ---

LOST = (Act.CLOSE, Act.RESET, Act.STALL)
SHUTDOWN = (b"421 4.3.2 Shutting down\r\n", Act.CLOSE)

ENDS: list[tuple[str, Answer, type[Outcome], Fault | None, int]] = [
    *[(verb, act, Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA") for act in LOST],
    *[(verb, SHUTDOWN, Deferred, Fault.RELAY, 421) for verb in ("MAIL", "RCPT", "DATA", ".")],
    *[(verb, b"451 4.3.0 Not now\r\n", Deferred, Fault.RELAY, 451) for verb in ("MAIL", "RCPT", "DATA", ".")],
    *[(verb, b"garbage\r\n", Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA")],
    *[(verb, b"999 what\r\n", Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA")],
    *[(verb, b"250-a\r\n550 b\r\n", Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA")],
    *[(verb, b"x" * 20_000, Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA")],
    *[(verb, b"250-more\r\n" * 500, Deferred, Fault.RELAY, NO_REPLY) for verb in ("MAIL", "RCPT", "DATA")],
    ("MAIL", b"550 5.7.1 Not your address\r\n", Deferred, Fault.RELAY, 550),
    ("MAIL", b"354 what\r\n", Deferred, Fault.RELAY, 354),
    ("RCPT", b"354 what\r\n", Deferred, Fault.RELAY, 354),
    ("DATA", b"250 what\r\n", Deferred, Fault.RELAY, 250),
    ("DATA", b"354 Go on\r\n250 2.0.0 taken already\r\n", InDoubt, None, 0),
    ("RCPT", b"450 4.2.0 Greylisted\r\n", Deferred, Fault.RECIPIENT, 450),
    ("RCPT", b"550 5.1.1 No such user\r\n", Failed, Fault.RECIPIENT, 550),
    ("RCPT", b"550-5.1.1 No such\r\n550 5.1.1 user\r\n", Failed, Fault.RECIPIENT, 550),
    ("RCPT", b"550 5.7.26 Unauthenticated\r\n", Failed, Fault.POLICY, 550),
    ("RCPT", b"550 5.4.5 Daily sending limit exceeded\r\n", Deferred, Fault.RELAY, 550),
    ("DATA", b"554 5.5.1 No valid recipients\r\n", Failed, Fault.MESSAGE, 554),
    ("body", Act.CLOSE, InDoubt, None, 0),
    ("body", Act.RESET, InDoubt, None, 0),
    ("body", Act.STALL, InDoubt, None, 0),
    ("body", (b"552 5.3.4 Too big\r\n", Act.CLOSE), Failed, Fault.MESSAGE, 552),
    (".", Act.CLOSE, InDoubt, None, 0),
    (".", Act.RESET, InDoubt, None, 0),
    (".", Act.STALL, InDoubt, None, 0),
    (".", (b"25", Act.CLOSE), InDoubt, None, 0),
    (".", (b"250-Ok\r\n", Act.CLOSE), InDoubt, None, 0),
    (".", b"354 Go on?\r\n", InDoubt, None, 0),
    (".", b"250-Ok\r\n451 or not\r\n", InDoubt, None, 0),
    (".", b"garbage\r\n", InDoubt, None, 0),
    (".", b"2500 Ok\r\n", InDoubt, None, 0),
    (".", b"250\r\n", Accepted, None, 0),
    (".", (b"250 2.0.0 Ok\r\n", Act.RESET), Accepted, None, 0),
    (".", b"450 4.7.1 Greylisted\r\n", Deferred, Fault.RECIPIENT, 450),
    (".", b"554 5.7.1 Spam\r\n", Failed, Fault.POLICY, 554),
    (".", b"550 5.1.1 No such user\r\n", Failed, Fault.RECIPIENT, 550),
]


#: What a server offers: every end is the same whether commands are said one by one or all at once (RFC 2920).
STEP_BY_STEP = WELL_BEHAVED["EHLO"]
AT_ONCE = b"250-relay.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000\r\n"
either_way = pytest.mark.parametrize("offers", [STEP_BY_STEP, AT_ONCE], ids=["step by step", "at once"])


@either_way
@pytest.mark.parametrize(("at", "answer", "kind", "fault", "code"), ENDS)
def test_outcome_tells_how_far_the_mail_had_come(
    at: str, answer: Answer, kind: type[Outcome], fault: Fault | None, code: int, offers: Answer
) -> None:
    with relay({"EHLO": offers, at: answer}) as (sender, _):
        outcome = send(sender)
    assert isinstance(outcome, kind)
    if isinstance(outcome, Deferred | Failed):
        assert (outcome.fault, outcome.code) == (fault, code)
        assert outcome.phase is (Phase.BODY if at in ("body", ".") else Phase.ENVELOPE)


def breaks_the_connection(row: tuple[str, Answer, type[Outcome], Fault | None, int]) -> bool:
    at, answer, kind, _, code = row
    if kind is Accepted:
        return isinstance(answer, tuple)
    return at in ("body", ".") or code in (NO_REPLY, 421)


@either_way
@pytest.mark.parametrize(("at", "answer"), [row[:2] for row in ENDS if breaks_the_connection(row)])
def test_next_mail_is_sent_on_a_new_connection_when_the_old_one_cannot_be_trusted(
    at: str, answer: Answer, offers: Answer
) -> None:
    with relay({"EHLO": offers, at: answer}, {}) as (sender, server):
        send(sender)
        assert isinstance(send(sender), Accepted)
    assert server.connections == 2


@either_way
@pytest.mark.parametrize(("at", "answer"), [row[:2] for row in ENDS if not breaks_the_connection(row)])
def test_connection_is_cleared_for_the_next_mail_when_this_one_is_refused(
    at: str, answer: Answer, offers: Answer
) -> None:
    with relay({"EHLO": offers, at: answer}) as (sender, server):
        refusals = [outcome for outcome in (send(sender), send(sender)) if not isinstance(outcome, Accepted)]
    assert server.connections == 1
    assert server.heard.count(b"RSET") == len(refusals)


@pytest.mark.parametrize(
    "answer", [Act.CLOSE, Act.RESET, Act.STALL, b"garbage\r\n", b"554 5.7.1 Go away\r\n", SHUTDOWN]
)
@pytest.mark.parametrize("at", ["banner", "EHLO"])
def test_server_is_unreachable_when_it_breaks_off_before_the_envelope(at: str, answer: Answer) -> None:
    with relay({at: answer}) as (sender, server):
        for attempt in (sender.connect, lambda: send(sender)):
            with pytest.raises(ServerUnreachable, match=f"127.0.0.1:{server.port}"):
                attempt()


def test_reply_that_comes_octet_by_octet_for_ever_ends_at_the_deadline() -> None:
    def drip(peer: Peer, _: Scripted) -> None:
        while True:
            peer.give(b"2")
            time.sleep(0.05)

    with serving(drip) as server, sender_to(server.port) as sender:
        before = time.monotonic()
        with pytest.raises(ServerUnreachable, match="no answer in time"):
            sender.connect()
    assert time.monotonic() - before < 2


def test_mail_refused_in_its_middle_is_refused_and_not_in_doubt() -> None:
    big = MAIL + (b"x" * 70 + b"\r\n") * 500_000
    script: Script = {"EHLO": b"250 relay.example\r\n", "body": (b"552 5.3.4 Too big\r\n", Act.CLOSE)}
    with relay(script) as (sender, _):
        outcome = send(sender, message=big)
    # The reset that follows may overtake the words; then nobody knows.
    assert isinstance(outcome, InDoubt) or (isinstance(outcome, Failed) and outcome.code == 552)


def test_yes_to_half_a_mail_is_a_doubt() -> None:
    big = MAIL + (b"x" * 70 + b"\r\n") * 500_000
    with relay({"EHLO": b"250 relay.example\r\n", "body": (b"250 2.0.0 Ok\r\n", Act.CLOSE)}) as (sender, _):
        assert isinstance(send(sender, message=big), InDoubt)


# --- the connection ---


def test_mail_arrives_octet_for_octet_with_one_recipient(sink: Sink) -> None:
    message = MAIL + b"..\r\n.\r\nMAIL FROM:<x@y.example>\r\n\r\n" + "گرامی".encode() + b"\r\n"
    with sender_to(sink.port) as sender:
        assert isinstance(send(sender, message=message), Accepted)
    [mail] = sink.mails
    assert (mail.sender, mail.recipients, mail.content) == (US, (ROSA,), message)


def test_one_connection_serves_many_mails_and_is_renewed_when_used_up(sink: Sink) -> None:
    with sender_to(sink.port, most=3) as sender:
        assert all(isinstance(send(sender), Accepted) for _ in range(7))
    assert (len(sink.mails), sink.connections) == (7, 3)


def test_connection_that_died_unused_is_replaced_without_a_word() -> None:
    idle: Script = {".": (b"250 Ok\r\n", Act.CLOSE)}
    with relay(idle, {}) as (sender, server):
        assert [type(send(sender)) for _ in range(2)] == [Accepted, Accepted]
    assert server.connections == 2


def test_421_to_the_next_mail_is_a_reason_to_reconnect() -> None:
    with relay({".": (b"250 Ok\r\n421 4.4.2 Idle too long\r\n", Act.CLOSE)}, {}) as (sender, server):
        assert [type(send(sender)) for _ in range(2)] == [Accepted, Accepted]
    assert server.connections == 2


def test_envelope_is_one_round_trip_where_the_server_takes_it() -> None:
    """A server that reads all three commands before it says a word waits for ever if they come one by one."""

    def talk(peer: Peer, running: Scripted) -> None:
        peer.give(b"220 relay.example\r\n")
        running.heard.append(peer.hear())
        peer.give(AT_ONCE)
        running.heard += [peer.hear() for _ in range(3)]
        peer.give(b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go on\r\n")
        while peer.hear() != b".":
            pass
        peer.give(b"250 2.0.0 Ok\r\n")

    with serving(talk) as server, sender_to(server.port) as sender:
        assert isinstance(send(sender), Accepted)
    assert [line.split()[0] for line in server.heard] == [b"ehlo", b"MAIL", b"RCPT", b"DATA"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_server_that_wants_the_mail_although_it_refused_the_envelope_gets_none_of_it(verb: str) -> None:
    with relay({"EHLO": AT_ONCE, verb: b"550 5.1.1 No such user\r\n"}) as (sender, server):
        assert isinstance(send(sender), Failed | Deferred)
    assert b"We invite you" not in b"\n".join(server.heard)
    assert server.heard[-3:] == [b".", b"RSET", b"QUIT"]


@either_way
def test_refusal_stands_when_the_connection_ends_after_it(offers: Answer) -> None:
    with relay({"EHLO": offers, "RCPT": b"550 5.1.1 No such user\r\n", "RSET": Act.CLOSE, ".": Act.CLOSE}, {}) as (
        sender,
        server,
    ):
        outcome = send(sender)
        assert isinstance(outcome, Failed)
        assert outcome.fault is Fault.RECIPIENT
        assert isinstance(send(sender), Accepted)
    assert server.connections == 2


def test_refused_recipient_leaves_the_connection_for_the_next_mail(sink: Sink) -> None:
    sink.answer(SinkPhase.RCPT, "550 5.1.1 No such user", recipient="nobody@hamburg.example")
    with sender_to(sink.port) as sender:
        assert isinstance(send(sender, "nobody@hamburg.example"), Failed)
        assert isinstance(send(sender), Accepted)
    assert sink.connections == 1
    assert [mail.recipients for mail in sink.mails] == [(ROSA,)]


def test_nothing_is_said_after_an_exception_in_the_middle() -> None:
    with serving(smtp({})) as server:
        with pytest.raises(KeyboardInterrupt), sender_to(server.port) as sender:
            sender.connect()
            raise KeyboardInterrupt
        with sender_to(server.port) as sender:
            sender.connect()
    assert server.heard.count(b"QUIT") == 1


def test_server_hears_the_domain_of_the_contact_and_not_the_name_of_this_host() -> None:
    with relay({}) as (sender, server):
        send(sender)
    assert server.heard[0] == b"ehlo campaign.example"
    assert socket.gethostname().encode() not in b"\n".join(server.heard)


def test_commands_hold_the_envelope_and_nothing_of_the_mail() -> None:
    with relay({}) as (sender, server):
        send(sender, "info@münchen.example")
    commands = [line for line in server.heard if not line.startswith(b"Message-ID")]
    assert commands == [
        b"ehlo campaign.example",
        b"MAIL FROM:<contact@campaign.example>",
        b"RCPT TO:<info@xn--mnchen-3ya.example>",
        b"DATA",
        b"QUIT",
    ]


@pytest.mark.parametrize("recipient", ["rosa@x.example\r\nRCPT TO:<omid@x.example>", "a@b.example>", "a b@c.example"])
def test_address_that_could_end_its_command_is_refused_before_connecting(recipient: str) -> None:
    with relay({}) as (sender, server):
        with pytest.raises(ValueError, match="not a"):
            send(sender, recipient)
        with pytest.raises(ValueError, match="not a"):
            finish(sender.send(sender=recipient, recipient=ROSA, message=MAIL, message_id="<a1@campaign.example>"))
        with pytest.raises(ValueError, match="bare"):
            send(sender, message=b"Subject: a\nBcc: b\r\n\r\n")
    assert server.connections == 0


# --- what the server can carry ---


def test_eight_bit_mail_is_announced_only_when_it_is_one() -> None:
    with relay({}) as (sender, server):
        send(sender, message=MAIL + "گرامی".encode() + b"\r\n")
        send(sender)
    assert [line for line in server.heard if line.startswith(b"MAIL")] == [
        b"MAIL FROM:<contact@campaign.example> BODY=8BITMIME",
        b"MAIL FROM:<contact@campaign.example>",
    ]


def test_international_local_part_is_sent_where_smtputf8_is_offered() -> None:
    offers = b"250-relay.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
    with relay({"EHLO": offers}) as (sender, server):
        assert isinstance(send(sender, "rosa.müller@hamburg.example"), Accepted)
    assert "RCPT TO:<rosa.müller@hamburg.example>".encode() in server.heard
    assert b"MAIL FROM:<contact@campaign.example> BODY=8BITMIME SMTPUTF8" in server.heard


def test_relay_that_reports_delivery_is_told_how_to_name_the_mail_and_its_recipient() -> None:
    with relay({"EHLO": b"250-relay.example\r\n250 DSN\r\n"}) as (sender, server):
        assert isinstance(send(sender, "rosa+list@hamburg.example"), Accepted)
    assert server.heard[1:3] == [
        b"MAIL FROM:<contact@campaign.example> RET=HDRS ENVID=a1@campaign.example",
        b"RCPT TO:<rosa+list@hamburg.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;rosa+2Blist@hamburg.example",
    ]


@pytest.mark.parametrize(
    ("recipient", "message", "enhanced"),
    [
        ("rosa.müller@hamburg.example", MAIL, "5.6.7"),
        (ROSA, MAIL + "گرامی".encode() + b"\r\n", "5.6.3"),
        (ROSA, MAIL + b"long\r\n" * 20, "5.3.4"),
    ],
)
def test_mail_the_server_cannot_carry_fails_before_anything_is_said(
    recipient: str, message: bytes, enhanced: str
) -> None:
    with relay({"EHLO": b"250-relay.example\r\n250 SIZE 150\r\n"}) as (sender, server):
        outcome = send(sender, recipient, message)
        assert isinstance(outcome, Failed)
        assert (outcome.enhanced, outcome.fault) == (enhanced, Fault.MESSAGE)
        assert isinstance(send(sender), Accepted)
    assert (server.connections, [line[:4] for line in server.heard].count(b"MAIL")) == (1, 1)


def test_sender_fits_the_port_that_steps_see() -> None:
    sender: MailSender = sender_to(1)
    assert sender
