"""Which folders are read, and where handled mail goes, by what servers say of their folders."""

from __future__ import annotations

import pytest

from outreach.errors import ServerUnreachable
from outreach.words import HandledMail
from tests.fakes import named
from tests.mail.scripted import imap, serving
from tests.mail.test_imap_misbehaviour import Answers, opened

FOLDERS: list[tuple[bytes, bytes, list[str]]] = [
    (b"SPECIAL-USE", b'* LIST (\\Junk) "/" "&BkcGMQYyBkYGJwZFBkc-"\r\n* LIST () "/" Spam\r\n', ["INBOX", "هرزنامه"]),
    (b"SPECIAL-USE", b'* LIST () "/" Spam\r\n', ["INBOX"]),
    (b"", b'* LIST () "." INBOX.Junk-E-Mail\r\n', ["INBOX", "INBOX.Junk-E-Mail"]),
    (b"", b'* LIST () "/" "[Gmail]/Spam"\r\n', ["INBOX", "[Gmail]/Spam"]),
    (b"", b'* LIST (\\Noselect) "/" Spam\r\n* LIST () NIL SPAM\r\n', ["INBOX", "SPAM"]),
    (b"", b'* LIST () "/" "&broken"\r\n* LIST () "/" "\xc3\xa9"\r\n* LIST () "/" 2026\r\n* LIST () "/" Junk\r\n',
     ["INBOX", "Junk"]),
    (b"", b"* LIST () \"/\" {4}\r\nJunk\r\n", ["INBOX", "Junk"]),
    (b"", b"", ["INBOX"]),
]  # fmt: skip


@pytest.mark.parametrize(("capability", "listed", "expected"), FOLDERS)
def test_folder_for_spam_is_found_by_attribute_or_else_by_its_usual_name(
    capability: bytes, listed: bytes, expected: list[str]
) -> None:
    answers: Answers = [
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 " + capability + b"\r\n{tag} OK done\r\n"),
        (rb"LIST .*", listed + b"{tag} OK done\r\n"),
    ]
    with serving(imap(answers)) as server, opened(server) as mailbox:
        assert [folder.name for folder in mailbox.folders()] == expected


@pytest.mark.parametrize("answer", [b"{tag} NO no\r\n", b"* LIST " + b"(" * 5000 + b"\r\n{tag} OK done\r\n"])
def test_list_of_folders_that_cannot_be_had_is_an_error_of_the_server(answer: bytes) -> None:
    with serving(imap([(rb"LIST .*", answer)])) as server, opened(server) as mailbox, pytest.raises(ServerUnreachable):
        mailbox.folders()


def test_folder_for_handled_mail_gets_the_servers_prefix() -> None:
    answers: Answers = [
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 NAMESPACE MOVE\r\n{tag} OK done\r\n"),
        (rb"NAMESPACE", b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n{tag} OK done\r\n'),
        (rb"LIST .*", b'* LIST () "." INBOX\r\n{tag} OK done\r\n'),
        (rb"(CREATE|SUBSCRIBE|UID MOVE) .*", b"{tag} OK done\r\n"),
    ]
    with serving(imap(answers)) as server, opened(server, HandledMail.MOVE) as mailbox:
        mailbox.select(named("INBOX"))
        mailbox.mark_handled([1, 2])
        mailbox.mark_handled([3])
    said = [line.split(b" ", 1)[1] for line in server.heard]
    assert said.count(b'CREATE "INBOX.Handled"') == 1
    assert [line for line in said if b"MOVE" in line] == [
        b'UID MOVE 1,2 "INBOX.Handled"', b'UID MOVE 3 "INBOX.Handled"'
    ]  # fmt: skip
