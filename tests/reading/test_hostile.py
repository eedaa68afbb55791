"""Hostile mails: each ends within a second in a reading or in a reasoned refusal, and nothing of it is believed."""

from __future__ import annotations

import time

import pytest

from outreach.reading.message import Unreadable
from outreach.reading.read import read

_HEAD = b"From: a@b.example\r\nSubject: x\r\nDate: Wed, 15 Jul 2026 10:00:00 +0200\r\n"


def _body(body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return _HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


_HOSTILE = {
    "encoded newline in subject": b"From: a@b.example\r\nSubject: A =?UTF-8?Q?=0A?=Bcc: inj@x.example\r\n\r\nhi",
    "message id with an open bracket": b"Message-ID: <[>\r\n\r\nx",
    "from is one quote": b'From: "\r\n\r\nx',
    "encoded newline in the name": b"From: =?utf-8?q?a=0Ab?= <a@b.example>\r\n\r\nx",
    "5,000 nested comments": b"From: " + b"(" * 5000 + b"\r\n\r\nx",
    "two from headers": b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nyes",
    "empty group": b"From: x:;\r\n\r\nx",
    "1,000 deep multipart": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(1000)
    ),
    "2,000 deep rfc822": b"Content-Type: message/rfc822\r\n\r\n" * 2000,
    "100,000 parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
    "100,000 headers": b"".join(b"X-%d: y\r\n" % i for i in range(100_000)) + b"\r\nx",
    "20,000 encoded words": b"Subject: " + b" =?utf-8?q?x?=\r\n" * 20_000 + b"\r\nx",
    "4,000 encoded words": b"Subject: " + b" =?utf-8?q?x?=\r\n" * 4_000 + b"\r\nx",
    "20,000 addresses": b"To: " + b"a@b.example," * 20_000 + b"\r\n\r\nx",
    "unknown charset": _body(b"\xff\xfe", b"text/plain; charset=x-evil"),
    "idna": _body(b"\xff", b"text/plain; charset=idna"),
    "rot13": _body(b"uryyb", b"text/plain; charset=rot13"),
    "utf-7": _body(b"+AAA-+2AA-", b"text/plain; charset=utf-7"),
    "utf-16 without a mark": _body(b"\xd8\x00", b"text/plain; charset=utf-16"),
    "broken base64": _HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!=a=",
    "broken uuencode": _HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n#",
    "no boundary": _body(b"--x\r\n\r\nx", b"multipart/mixed"),
    "boundary of 10 kB": _body(b"--" + b"x" * 10_000 + b"\r\n\r\ny", b"multipart/mixed; boundary=" + b"x" * 10_000),
    "50 MB": _body(b"x" * 50 * 2**20),
    "9 MB of short lines": _body(b"x y z\n" * (9 * 2**20 // 6)),
    "8 MB in one line": _body(b"a " * (4 * 2**20)),
    "200,000 nested div": _body(b"<div>" * 200_000, b"text/html"),
    "499 blockquotes and 20,000 lines": _body(b"<blockquote>" * 499 + b"x<br>" * 20_000, b"text/html"),
    "200,000 paragraphs": _body(b"<p>a " * 200_000, b"text/html"),
    "a million open angles": _body(b"<" * 1_000_000, b"text/html"),
    "svg and math": _body(b"<svg><math><mglyph><style><img src=x onerror=1>", b"text/html"),
    "100,000 newlines": _body(b"\n" * 100_000),
    "100,000 dashes": _body(b"-" * 100_000),
    "20,000 beginnings of attributions": _body(b"On a b c\n" * 20_000),
    "20,000 attributions": _body(b"On 7 July 2026 he wrote:\n" * 20_000),
    "100,000 quote marks": _body(b">" * 100_000),
    "50,000 labels": _body(b"Name: x\n" * 50_000),
    "20,000 list items": _body(b"1. Committee of x, Berlin\n" * 20_000),
    "200,000 commas": _body(b"a, " * 200_000),
    "100,000 quotation marks": _body(b'"' * 100_000),
    "50,000 nouns": _body("کمیته ".encode() * 50_000),
    "a megabyte of spaces": _body(b" " * 1_000_000 + b"x"),
    "100,000 brackets": _body(b"(" * 100_000),
    "a name of 20 kB": _body(b"Name: " + b"x" * 20_000 + b"\nCity: Berlin"),
    "terminal sequence": b"Subject: \x1b]52;c;aGk=\x07\r\nFrom: a@b.example\r\n\r\nhello",
    "file name that climbs": _HEAD + b"Content-Type: application/pdf; name*=utf-8''%ff..%2f\r\n\r\nx",
    "year 99999": b"Date: Fri, 1 Jan 99999999 00:00:00 +9999\r\nFrom: a@b.example\r\n\r\nwe meet on 5 September",
    "nothing": b"",
    "only NUL": b"\0" * 100,
    "30,000 brackets in a verdict": b"Authentication-Results: " + b"(" * 30_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
}


@pytest.mark.parametrize("raw", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_a_hostile_mail_ends_within_a_second(raw: bytes) -> None:
    started = time.process_time()
    try:
        read(raw)
    except Unreadable as refusal:
        assert str(refusal)

    assert time.process_time() - started < 1.0


def test_an_address_with_two_readings_is_none() -> None:
    reading = read(b"From: alice@good.example)bob@evil.example\r\n\r\nyes")

    assert reading.clues.sender is None
    assert reading.clues.may_be_answered is False


def test_an_address_in_the_display_name_is_not_the_sender() -> None:
    reading = read(b'From: "a@good.example" <evil@bad.example>\r\n\r\nyes')

    assert reading.clues.sender == "evil@bad.example"
    assert "display name shows another address" in reading.warnings


def test_hidden_text_is_not_read() -> None:
    html = b'<div style="display:none">We sign: Evil Committee, Berlin</div><p>Who are you?</p>'

    assert "Evil" not in read(_body(html, b"text/html")).parts["new"]


def test_two_texts_that_disagree_are_for_a_person() -> None:
    raw = (
        _HEAD + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nWe sign. Please add the Harbour Workers Union to the list.\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n"
        b"<p>We will never support anything that this campaign does.</p>\r\n--b--\r\n"
    )

    assert "texts disagree" in read(raw).needs_human


def test_our_quoted_yes_does_not_outweigh_a_new_no() -> None:
    reading = read(
        _body(b"We do NOT sign.\r\n\r\nOn 7 July 2026, A <a@b.example> wrote:\r\n> We sign. Please add us.\r\n")
    )

    assert reading.kind.value == "decline"


def test_a_message_id_with_a_line_break_is_no_clue() -> None:
    reading = read(b"In-Reply-To: <x@y.example\r\n A1 DELETE INBOX>\r\nFrom: a@b.example\r\n\r\nyes")

    assert reading.clues.in_reply_to == ()


@pytest.mark.parametrize("name", ["{{7*7}}", "=HYPERLINK(1)", "${x}", "%(x)s"])
def test_template_and_formula_signs_come_out_as_they_are(name: str) -> None:
    reading = read(_body(f"Name: {name} Committee\nCity: Berlin\nCountry: Germany".encode()))

    assert list(reading.signups[0].names.values()) == [f"{name} Committee"]


def test_bidi_controls_are_cleaned_from_a_name() -> None:
    reading = read(_body("Name: North\u202e Committee\u202c\nCity: Berlin\nCountry: Germany".encode()))

    assert list(reading.signups[0].names.values()) == ["North Committee"]
