"""Security, finding 2: nothing that came from a mail may reach an IMAP command."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.words import HandledMail
from tests.fakes import named
from tests.mail.scripted import imap, serving
from tests.mail.test_imap_misbehaviour import DATE, FACTS, Answers, opened

#: Every command there is. Numbers, names from the settings and words of the protocol; nothing else.
COMMANDS = re.compile(
    rb"CAPABILITY|LOGIN \"contact\" \"geheim\"|NOOP|LOGOUT|SELECT \"INBOX\"|LIST \"\" \"\*\"|CREATE \"Handled\""
    rb"|UID SEARCH UID [\d,:*]+( ALL)?|UID FETCH [\d,]+ \((RFC822\.SIZE INTERNALDATE|BODY\.PEEK\[\](<0\.\d+>)?)\)"
    rb"|SUBSCRIBE \"Handled\"|UID MOVE [\d,]+ \"Handled\""
)

INJECTIONS = [b"\r\nA9 DELETE INBOX\r\n", b'"', b")", b"{5}", b"* BYE\r\n", b'<a"\r\nX1 LOGOUT>']
HOSTILE = st.sampled_from(INJECTIONS) | st.binary()


@settings(max_examples=25)
@given(st.lists(HOSTILE, min_size=3, max_size=3), st.none() | st.integers(1, 50))
def test_no_text_of_a_mail_ever_appears_in_a_command(parts: list[bytes], limit: int | None) -> None:
    mails = [b"Message-ID: " + part + b"\r\n\r\n" + part for part in parts]

    def hand_out(tag: bytes, asked: re.Match[bytes]) -> bytes:
        raw = mails[int(asked[1]) - 1][:limit]
        part = b"" if limit is None else b"<0>"
        return b"* %b FETCH (UID %b BODY[]%b {%d}\r\n%b)\r\n%b OK done\r\n" % (
            asked[1], asked[1], part, len(raw), raw, tag
        )  # fmt: skip

    answers: Answers = [
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 MOVE\r\n{tag} OK done\r\n"),
        (rb"LIST .*", b'* LIST () "/" INBOX\r\n{tag} OK done\r\n'),
        (rb"(CREATE|SUBSCRIBE|UID MOVE) .*", b"{tag} OK done\r\n"),
        (FACTS, b"".join(b"* %d FETCH (UID %d RFC822.SIZE 5 %b)\r\n" % (n, n, DATE) for n in (1, 2, 3))
         + b"{tag} OK done\r\n"),
        (rb"UID FETCH (\d+) \(BODY\.PEEK.*", hand_out),
    ]  # fmt: skip
    with serving(imap(answers)) as server, opened(server, HandledMail.MOVE) as mailbox:
        mailbox.folders()
        mailbox.select(named("INBOX"))
        uids = [mail.uid for mail in mailbox.listing(1)]
        assert [mailbox.fetch(uid, limit) for uid in uids] == [mail[:limit] for mail in mails]
        mailbox.mark_handled(uids)
    for line in server.heard:
        assert COMMANDS.fullmatch(line.split(b" ", 1)[1]), line
