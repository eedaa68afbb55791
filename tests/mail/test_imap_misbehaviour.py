"""Against a scripted server that does what real ones do only on bad days."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from outreach.errors import MailUnfetchable, NotOffered, ServerUnreachable
from outreach.mail.imap import ImapMailbox
from outreach.ports import Listed
from outreach.serverurl import ServerUrl, Service
from outreach.words import HandledMail
from tests.cast import NOW, clock
from tests.fakes import named
from tests.mail.scripted import Act, Answer, ImapAnswer, Scripted, imap, serving

MAIL = b"Subject: We join\r\n\r\nYes.\r\n"
BODY = rb"UID FETCH (\d+) \(BODY\.PEEK\[\]\)"
FACTS = rb"UID FETCH [\d,]+ \(RFC822\.SIZE INTERNALDATE\)"
DATE = b'INTERNALDATE "20-Aug-2026 14:00:00 +0200"'

Answers = Sequence[tuple[bytes, bytes | ImapAnswer]]


def opened(server: Scripted, handled: HandledMail = HandledMail.LEAVE) -> ImapMailbox:
    url = ServerUrl.parse(f"imap://contact@127.0.0.1:{server.port}/INBOX", Service.MAILBOX)
    return ImapMailbox(url, "geheim", clock=clock, handled=handled, timeout=0.4)


def literal(raw: bytes, announced: int | None = None) -> bytes:
    size = len(raw) if announced is None else announced
    return b"BODY[] {%d}\r\n%b" % (size, raw)


def hands_out(raw: bytes) -> ImapAnswer:
    return lambda tag, asked: b"* 1 FETCH (UID %b %b)\r\n%b OK done\r\n" % (asked[1], literal(raw), tag)


def test_mail_that_the_server_stumbles_over_is_set_aside_and_the_next_is_fetched() -> None:
    answers: Answers = [
        (rb"UID FETCH 2 .*", b"{tag} NO [SERVERBUG] Internal \x1b[31merror\r\n"),
        (rb"UID FETCH 3 .*", b"{tag} BAD parser fell over\r\n"),
        (BODY, hands_out(MAIL)),
    ]
    with serving(imap(answers)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        with pytest.raises(MailUnfetchable, match="lists mail 2 .*Internal .31merror"):
            mailbox.fetch(2)
        with pytest.raises(MailUnfetchable):
            mailbox.fetch(3)
        assert mailbox.fetch(1) == MAIL


@pytest.mark.parametrize(
    "answer",
    [
        b"{tag} OK done\r\n",
        b"* 1 FETCH (FLAGS (\\Seen))\r\n{tag} OK done\r\n",
        b"* 1 FETCH (BODY[] {1}\r\nx)\r\n{tag} OK done\r\n",  # for nobody knows which mail
        b"* 1 FETCH (UID 2 BODY[] NIL)\r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID 2 BODY[])\r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID 2 BODY[] {1}\r\nx\r\n{tag} OK done\r\n",
        b"* 1 FETCH ((((\r\n{tag} OK done\r\n",
        b"* 1 FETCH " + b"(" * 5000 + b"\r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID two BODY[] {1}\r\nx)\r\n{tag} OK done\r\n",
        b"* 9 FETCH (UID 9 BODY[] {1}\r\nx)\r\n{tag} OK done\r\n",
    ],
)
def test_answer_without_the_mail_is_never_taken_for_a_mail_that_is_gone(answer: bytes) -> None:
    with serving(imap([(rb"UID FETCH 2 .*", answer), (BODY, hands_out(MAIL))])) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        with pytest.raises(MailUnfetchable):
            mailbox.fetch(2)
        assert mailbox.fetch(3) == MAIL


@pytest.mark.parametrize("answer", [b"{tag} OK done\r\n", b"{tag} NO [EXPUNGEISSUED] gone\r\n"])
def test_mail_that_is_listed_no_more_is_gone(answer: bytes) -> None:
    answers: Answers = [
        (BODY, answer),
        (rb"NOOP", b"* 2 EXPUNGE\r\n{tag} OK done\r\n"),
        (rb"UID SEARCH UID 2", b"* SEARCH\r\n{tag} OK done\r\n"),
    ]
    with serving(imap(answers)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        assert mailbox.fetch(2) is None


@pytest.mark.parametrize(
    "answer",
    [
        literal(b"x" * 10, announced=10_000_000_000),
        literal(b"x" * 10, announced=64 * 1024 * 1024 + 1),
        literal(MAIL, announced=len(MAIL) + 100),
        literal(MAIL + MAIL, announced=len(MAIL)),
        b"BODY[] {12",
        b"x" * 1_100_000,
    ],
)
def test_wrong_size_ends_in_an_error_and_never_in_a_wrong_mail(answer: bytes) -> None:
    answers: Answers = [(BODY, lambda tag, _: b"* 1 FETCH (UID 2 %b)\r\n%b OK done\r\n" % (answer, tag))]
    with serving(imap(answers)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        with pytest.raises((ServerUnreachable, MailUnfetchable)):
            mailbox.fetch(2)


ENDS: list[Answer] = [
    Act.CLOSE,
    Act.RESET,
    Act.STALL,
    (b"* 1 FETCH (UID 2 BODY[] {100}\r\nhalf", Act.CLOSE),
    (b"* 1 FETCH (UID 2 BODY[] {100}\r\nhalf", Act.STALL),
    (b"* BYE Server \x1b]0;shutting down\r\n", Act.CLOSE),
    (b"HTTP/1.1 400 Bad Request\r\n", Act.CLOSE),
]


@pytest.mark.parametrize("end", ENDS)
def test_broken_connection_is_said_in_one_line_and_can_be_made_anew(end: Answer) -> None:
    with serving(imap([(rb"UID FETCH 2 .*", lambda tag, _: end), (BODY, hands_out(MAIL))])) as server:
        mailbox = opened(server)
        with mailbox:
            mailbox.select(named("INBOX"))
            before = time.monotonic()
            with pytest.raises(ServerUnreachable, match="127.0.0.1") as broken:
                mailbox.fetch(2)
            assert str(broken.value).isprintable()
            with pytest.raises(ServerUnreachable):
                mailbox.fetch(1)
        assert time.monotonic() - before < 3
        with mailbox:
            mailbox.select(named("INBOX"))
            assert mailbox.fetch(1) == MAIL


@pytest.mark.parametrize(
    "greeting",
    [Act.CLOSE, Act.RESET, Act.STALL, b"* BYE Too many connections\r\n", b"220 relay.example\r\n", b"\x16\x03\x01\r\n"],
)
def test_server_that_does_not_greet_is_unreachable(greeting: Answer) -> None:
    with serving(imap([], greeting)) as server, pytest.raises(ServerUnreachable) as raised:
        opened(server).__enter__()
    assert str(raised.value).isprintable()


def test_news_between_answers_confuses_nothing() -> None:
    news = b"* 4 EXISTS\r\n* 1 EXPUNGE\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* OK [ALERT] Quota\r\n* 3 RECENT\r\n"
    answers: Answers = [
        (rb"UID SEARCH UID 1:\* ALL", news + b"* SEARCH 3 1 2 2\r\n{tag} OK done\r\n"),
        (FACTS, news + b"".join(b"* %d FETCH (RFC822.SIZE 27 UID %d %b)\r\n" % (n, n, DATE) for n in (3, 1, 2))
         + news + b"{tag} OK done\r\n"),
        (BODY, lambda tag, asked: news + b"* 9 FETCH (UID 9 FLAGS ())\r\n* 1 FETCH (FLAGS () UID %b %b)\r\n"
         % (asked[1], literal(MAIL)) + news + tag + b" OK done\r\n"),
    ]  # fmt: skip
    with serving(imap(answers)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        listed = list(mailbox.listing(1))
        assert listed == [Listed(uid, 27, datetime(2026, 8, 20, 12, tzinfo=UTC)) for uid in (1, 2, 3)]
        assert mailbox.fetch(2) == MAIL


def test_mail_whose_facts_cannot_be_told_is_listed_all_the_same() -> None:
    def facts(tag: bytes, asked: re.Match[bytes]) -> bytes:
        uids = [int(uid) for uid in re.findall(rb"\d+", asked[0].split(b"(")[0])]
        if 2 in uids:
            return tag + b" NO [SERVERBUG] cannot\r\n"
        date = {1: DATE, 3: b'INTERNALDATE "31-Feb-0000 25:00:00 +9999"'}
        return b"".join(b"* 1 FETCH (UID %d RFC822.SIZE 5 %b)\r\n" % (n, date[n]) for n in uids) + tag + b" OK done\r\n"

    with serving(imap([(FACTS, facts)])) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        one, two, three = mailbox.listing(1)
    assert (one.uid, one.size) == (1, 5)
    assert two == Listed(2, 0, NOW)
    assert three == Listed(3, 5, NOW)


def test_huge_folder_is_searched_in_windows() -> None:
    answers: Answers = [
        (rb"EXAMINE .*", b"* 90000 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 170000] x\r\n{tag} OK done\r\n"),
        (rb"UID SEARCH UID 10:.*", b"* SEARCH 10 11\r\n{tag} OK done\r\n"),
        (rb"UID SEARCH UID 80010:.*", b"* SEARCH 80010\r\n{tag} OK done\r\n"),
        (rb"UID SEARCH UID 160010:.*", b"* SEARCH\r\n{tag} OK done\r\n"),
        (FACTS, b"".join(b"* 1 FETCH (UID %d RFC822.SIZE 5 %b)\r\n" % (n, DATE) for n in (10, 11, 80010))
         + b"{tag} OK done\r\n"),
    ]  # fmt: skip
    with serving(imap(answers)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        assert [mail.uid for mail in mailbox.listing(10)] == [10, 11, 80010]


def test_folder_that_can_only_be_read_is_read_and_left() -> None:
    state = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK [READ-ONLY] done\r\n"
    with serving(imap([(rb"(SELECT|EXAMINE) .*", state)])) as server, opened(server, HandledMail.FLAG) as mailbox:
        selected = mailbox.select(named("INBOX"))
        mailbox.mark_handled([1])
    assert (selected.uidvalidity, selected.uidnext) == (7, 4)  # UIDNEXT is missing: one more than the last UID
    assert not any(b"STORE" in line for line in server.heard)


def test_server_without_uidvalidity_cannot_be_used() -> None:
    answers: Answers = [(rb"EXAMINE .*", b"* 1 EXISTS\r\n{tag} OK done\r\n")]
    with (
        serving(imap(answers)) as server,
        opened(server) as mailbox,
        pytest.raises(ServerUnreachable, match="UIDVALIDITY is missing"),
    ):
        mailbox.select(named("INBOX"))


def test_nothing_of_a_mail_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(imap([(BODY, hands_out(MAIL))])) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        mailbox.fetch(1)
    assert caplog.text == ""


def test_a_server_that_keeps_no_notes_is_told_apart_from_one_that_fails() -> None:
    answers: Answers = [
        (rb"LIST .*", b"{tag} OK done\r\n"),
        (rb"CREATE .*", b"{tag} NO [OVERQUOTA] Mailbox is full\r\n"),
    ]
    with serving(imap(answers)) as server, opened(server) as mailbox:
        assert mailbox.notes("outreach", "our note") == []
        with pytest.raises(NotOffered, match="Mailbox is full"):
            mailbox.replace_notes("outreach", "our note", MAIL)


def test_mail_that_goes_while_the_folder_is_listed_is_passed_over() -> None:
    gone: Answers = [
        (rb"UID SEARCH UID 1,2,3", b"* SEARCH 1 3\r\n{tag} OK done\r\n"),
        (FACTS, b"{tag} OK done\r\n"),
    ]
    with serving(imap(gone)) as server, opened(server) as mailbox:
        mailbox.select(named("INBOX"))
        assert [mail.uid for mail in mailbox.listing(1)] == [1, 3]


COMMANDS: list[tuple[bytes, Callable[[ImapMailbox], object]]] = [
    (rb"UID SEARCH .*", lambda mailbox: list(mailbox.listing(1))),
    (rb"UID STORE .*", lambda mailbox: mailbox.mark_handled([1])),
    (rb"SELECT .*", lambda mailbox: mailbox.select(named("INBOX"))),
]


@pytest.mark.parametrize(("refused", "command"), COMMANDS)
def test_refused_command_is_an_error_that_quotes_the_server(
    refused: bytes, command: Callable[[ImapMailbox], object]
) -> None:
    calls = iter([b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n%b OK done\r\n"])
    refusal = b"%b NO [OVERQUOTA] Mailbox is\x07 full\r\n"
    answers: Answers = [
        (rb"SELECT .*", lambda tag, _: next(calls, refusal) % tag),
        (refused, lambda tag, _: refusal % tag),
    ]
    with serving(imap(answers)) as server, opened(server, HandledMail.FLAG) as mailbox:
        mailbox.select(named("INBOX"))
        with pytest.raises(ServerUnreachable, match="Mailbox is full"):
            command(mailbox)
