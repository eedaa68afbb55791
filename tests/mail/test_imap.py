"""Against real servers: Dovecot, and pymap, which the demo uses."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from outreach.errors import LoginRefused, ServerUnreachable
from outreach.mail.imap import ImapMailbox
from outreach.ports import Mailbox
from outreach.serverurl import ServerUrl, Service
from outreach.words import HandledMail
from tests.cast import NOW, clock
from tests.fakes import named
from tests.mail.pymap import PASSWORD, USER, pymap, pymap_server
from tests.servers.dovecot import Account

__all__ = ["pymap", "pymap_server"]

MAIL = b"From: Rosa <rosa@hamburg.example>\r\nSubject: We join\r\n\r\nYes.\r\n"


@dataclass
class Box:
    """An empty mailbox on a real server: how we reach it, and another client to prepare and to look."""

    url: ServerUrl
    password: str
    other: imaplib.IMAP4

    def mailbox(self, handled: HandledMail = HandledMail.LEAVE, move_to: str = "Handled") -> ImapMailbox:
        return ImapMailbox(self.url, self.password, clock=clock, handled=handled, move_to=move_to, timeout=10)

    def put(self, *mails: bytes) -> None:
        for mail in mails:
            self.other.append("INBOX", "", "", mail)

    def flags(self) -> bytes:
        self.other.select("INBOX", readonly=True)
        return b" ".join(line for line in self.other.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes))

    def count(self, folder: str) -> int:
        _, [count] = self.other.select(f'"{folder}"', readonly=True)
        assert isinstance(count, bytes)
        return int(count)


@pytest.fixture(params=["dovecot", "pymap"])
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    if request.param == "pymap":
        client = request.getfixturevalue("pymap")
        yield Box(ServerUrl.parse(f"imap://{USER}@127.0.0.1:{client.port}", Service.MAILBOX), PASSWORD, client)
        client.logout()
        return
    account: Account = request.getfixturevalue("dovecot")
    with account.connection() as client:
        yield Box(ServerUrl.parse(account.url, Service.MAILBOX), account.password, client)


def test_mail_is_listed_by_rising_uid_with_size_and_arrival_and_fetched_as_it_is(box: Box) -> None:
    box.put(MAIL, MAIL + b"more\r\n")
    with box.mailbox() as mailbox:
        state = mailbox.select(named("INBOX"))
        first, second = mailbox.listing(1)
        assert (first.size, second.size) == (len(MAIL), len(MAIL) + 6)
        assert first.uid < second.uid < state.uidnext
        assert first.arrived.utcoffset() == timedelta(0)
        assert mailbox.fetch(first.uid) == MAIL
        assert mailbox.fetch(second.uid, limit=20) == MAIL[:20]
        assert mailbox.fetch(second.uid, limit=10_000) == MAIL + b"more\r\n"
    assert state.messages == 2


def test_last_old_mail_is_not_listed_again_when_nothing_is_new(box: Box) -> None:
    box.put(MAIL)
    with box.mailbox() as mailbox:
        state = mailbox.select(named("INBOX"))
        assert list(mailbox.listing(state.uidnext)) == []
        assert list(mailbox.listing(state.uidnext + 1000)) == []
        box.put(MAIL)
        mailbox.select(named("INBOX"))
        assert len(list(mailbox.listing(state.uidnext))) == 1


def test_empty_folder_lists_nothing(box: Box) -> None:
    with box.mailbox() as mailbox:
        assert mailbox.select(named("INBOX")).messages == 0
        assert list(mailbox.listing(1)) == []


def test_mail_expunged_by_somebody_else_is_gone_and_stops_nothing(box: Box) -> None:
    box.put(MAIL, MAIL, MAIL)
    with box.mailbox() as mailbox:
        mailbox.select(named("INBOX"))
        one, two, three = mailbox.listing(1)
        box.other.select("INBOX")
        box.other.store("2", "+FLAGS", r"(\Deleted)")
        box.other.expunge()
        assert [mailbox.fetch(mail.uid) for mail in (one, two, three)] == [MAIL, None, MAIL]
        assert [mail.uid for mail in mailbox.listing(1)] == [one.uid, three.uid]


def test_mail_stays_exactly_as_it_was_when_handled_mail_is_left(box: Box) -> None:
    box.put(MAIL)
    before = box.flags()
    with box.mailbox() as mailbox:
        mailbox.select(named("INBOX"))
        uids = [mail.uid for mail in mailbox.listing(1)]
        assert [mailbox.fetch(uid) for uid in uids] == [MAIL]
        mailbox.mark_handled(uids)
    assert box.flags() == before
    assert b"Seen" not in before


def test_fetching_does_not_mark_as_read_and_flagging_does(box: Box) -> None:
    box.put(MAIL, MAIL)
    with box.mailbox(HandledMail.FLAG) as mailbox:
        mailbox.select(named("INBOX"))
        first, second = mailbox.listing(1)
        mailbox.fetch(first.uid)
        mailbox.fetch(second.uid)
        assert b"Seen" not in box.flags()
        mailbox.mark_handled([first.uid])
    assert box.flags().count(b"Seen") == 1


@pytest.mark.parametrize("has_move", [True, False])
def test_handled_mail_is_moved_into_a_folder_made_for_it(box: Box, has_move: bool) -> None:
    folder = f"Handled {has_move} & done"
    box.put(MAIL, MAIL)
    with box.mailbox(HandledMail.MOVE, folder) as mailbox:
        if not has_move:
            mailbox._wire.capabilities -= {"MOVE"}
        mailbox.select(named("INBOX"))
        first, second = mailbox.listing(1)
        mailbox.mark_handled([first.uid])
        assert [mail.uid for mail in mailbox.listing(1)] == [second.uid]
        mailbox.mark_handled([second.uid])
    assert (box.count("INBOX"), box.count(folder.replace("&", "&-"))) == (0, 2)


def test_mail_is_left_where_moving_would_remove_what_others_have_deleted(box: Box) -> None:
    box.put(MAIL)
    with box.mailbox(HandledMail.MOVE) as mailbox:
        mailbox._wire.capabilities -= {"MOVE", "UIDPLUS"}
        mailbox.select(named("INBOX"))
        mailbox.mark_handled([mail.uid for mail in mailbox.listing(1)])
    assert box.count("INBOX") == 1
    assert b"Deleted" not in box.flags()


NOTE = b"From: us@contact.example\r\nSubject: our note: %d\r\n\r\nnumber %d\r\n"


def test_a_note_of_ours_is_put_into_a_folder_that_is_made_and_replaces_the_one_before(box: Box) -> None:
    folder = "Zeichen für گذر"
    with box.mailbox() as mailbox:
        assert mailbox.notes(folder, "our note") == []
        for number in (1, 2, 3):
            mailbox.replace_notes(folder, "our note", NOTE % (number, number))
            assert mailbox.notes(folder, "our note") == [NOTE % (number, number)]


def test_other_mail_in_the_folder_of_notes_is_left_alone(box: Box) -> None:
    box.put(MAIL)
    with box.mailbox() as mailbox:
        mailbox.replace_notes("INBOX", "our note", NOTE % (1, 1))
        mailbox.replace_notes("INBOX", "our note", NOTE % (2, 2))
    assert box.count("INBOX") == 2


def test_octets_of_any_kind_come_back_unchanged(box: Box) -> None:
    raw = b"Subject: \xff\xfe =?x?=\r\n\r\n) A1 OK done\r\n* BYE\r\n{9999}\r\n\x80\x81\r\n"
    box.put(raw)
    with box.mailbox() as mailbox:
        mailbox.select(named("INBOX"))
        assert [mailbox.fetch(mail.uid) for mail in mailbox.listing(1)] == [raw]


def test_refused_password_says_where_passwords_come_from(box: Box) -> None:
    with pytest.raises(LoginRefused, match="OUTREACH_MAILBOX_PASSWORD_FILE"):
        ImapMailbox(box.url, "wrong", clock=clock, timeout=10).__enter__()


def test_folder_that_is_not_there_is_named(box: Box) -> None:
    with box.mailbox() as mailbox, pytest.raises(ServerUnreachable, match="cannot open the folder"):
        mailbox.select(named("Nowhere"))


def test_junk_is_read_beside_the_inbox_where_the_server_has_it(dovecot: Account) -> None:
    url = ServerUrl.parse(dovecot.url, Service.MAILBOX)
    with ImapMailbox(url, dovecot.password, clock=clock) as mailbox:
        assert [folder.name for folder in mailbox.folders()] == ["INBOX", "Junk", "Sent"]


def test_day_of_arrival_is_told_in_utc(dovecot: Account) -> None:
    arrived = NOW - timedelta(days=40, hours=3)
    dovecot.append(MAIL, arrived=arrived)
    with ImapMailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, clock=clock) as mailbox:
        mailbox.select(named("INBOX"))
        assert [mail.arrived for mail in mailbox.listing(1)] == [arrived]


def test_mailbox_of_many_mails_is_listed_in_chunks_without_loss(dovecot: Account) -> None:
    dovecot.append(*[MAIL] * 401)
    with ImapMailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, clock=clock) as mailbox:
        mailbox.select(named("INBOX"))
        assert [mail.uid for mail in mailbox.listing(1)] == list(range(1, 402))


def test_folder_made_anew_has_another_uidvalidity(dovecot: Account) -> None:
    with ImapMailbox(ServerUrl.parse(dovecot.url, Service.MAILBOX), dovecot.password, clock=clock) as mailbox:
        states = []
        with dovecot.connection() as other:
            for _ in range(2):
                other.create("Lists")
                other.append("Lists", "", "", MAIL)
                states.append(mailbox.select(named("Lists")))
                mailbox.select(named("INBOX"))
                other.delete("Lists")
    assert states[0].uidvalidity != states[1].uidvalidity


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_line_is_secured_before_the_password_is_sent(dovecot: Account, scheme: str) -> None:
    port = dovecot.tls_port if scheme == "imaps" else dovecot.port
    url = ServerUrl.parse(f"{scheme}://{dovecot.user}@localhost:{port}", Service.MAILBOX)
    trusted = dovecot.certificate.for_client()
    with ImapMailbox(url, dovecot.password, clock=clock, context=trusted) as mailbox:
        assert mailbox.select(named("INBOX")).messages == 0


def test_certificate_nobody_vouches_for_is_refused(dovecot: Account) -> None:
    url = ServerUrl.parse(f"imaps://{dovecot.user}@localhost:{dovecot.tls_port}", Service.MAILBOX)
    with pytest.raises(ServerUnreachable, match="certificate is not valid"):
        ImapMailbox(url, dovecot.password, clock=clock).__enter__()


def test_url_with_tls_on_a_port_without_it_is_explained(dovecot: Account) -> None:
    url = ServerUrl.parse(f"imaps://{dovecot.user}@localhost:{dovecot.port}", Service.MAILBOX)
    with pytest.raises(ServerUnreachable, match="does not begin with TLS on this port"):
        ImapMailbox(url, dovecot.password, clock=clock).__enter__()


def test_mailbox_fits_the_port_that_steps_see() -> None:
    mailbox: Mailbox = ImapMailbox(ServerUrl.parse("imaps://us@mail.example", Service.MAILBOX), "", clock=clock)
    with pytest.raises(ServerUnreachable, match="not connected"):
        mailbox.folders()
