"""The bytes of a mail: exactly the intended headers, whatever the values; nothing of the machine they were made on."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import TemplateProblem
from outreach.mail.compose import MAX_REFERENCES, Envelope, compose, date_line, hides, visible

PLAIN: Final = Envelope(
    author="Mina Rad, joint statement 5 September",
    contact="contact@campaign.example",
    recipient="info@council.example",
    subject="Will your committee sign?",
    message_id="<k7q2m9px3n5r8t2w@campaign.example>",
)
FULL: Final = replace(
    PLAIN,
    in_reply_to="<theirs@council.example>",
    references=("<first@campaign.example>", "<theirs@council.example>"),
    auto_replied=True,
    unsubscribable=True,
)
WHAT: Final = ["From", "To", "Subject", "Message-ID"]
ALWAYS: Final = [*WHAT, "References", "MIME-Version", "Content-Type"]


def headers(raw: bytes) -> list[str]:
    """The names at the line starts of the header block, found without any parser of mail."""
    return re.findall(r"^([^\s:]+):", raw.partition(b"\r\n\r\n")[0].decode("ascii"), re.MULTILINE)


def decoded(value: str) -> str:
    """A header as RFC 2047 has it read. CPython's newer parser reads one space too many between two encoded words."""
    return str(make_header(decode_header(value)))


def test_mail_has_exactly_the_usual_headers() -> None:
    assert headers(compose(PLAIN, "a", "b")) == ALWAYS


def test_full_mail_has_exactly_the_intended_headers() -> None:
    expected = [*WHAT, "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe"]
    assert headers(compose(FULL, "a", "b")) == [*expected, "MIME-Version", "Content-Type"]


def test_one_click_stands_before_the_mail_that_does_the_same() -> None:
    mail = message_from_bytes(
        compose(replace(FULL, unsubscribe_url="https://sign.campaign.example/stop/k7q2"), "a", "b")
    )
    assert " ".join(mail["List-Unsubscribe"].split()) == (
        "<https://sign.campaign.example/stop/k7q2>, <mailto:contact@campaign.example?subject=unsubscribe>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "url", ["https://x.example/>, <https://y.example/", "https://x.example/\r\nBcc: a@b.example", ""]
)
def test_address_that_would_end_its_header_is_refused(url: str) -> None:
    with pytest.raises(TemplateProblem, match="may not stand in a header"):
        compose(replace(FULL, unsubscribe_url=url), "a", "b")


def test_persian_name_is_written_even_where_it_fills_two_encoded_words() -> None:
    raw = compose(replace(PLAIN, author="Mina Rahimi, بیانیهٔ مشترک ۱۴ شهریور"), "a", "b")
    name = parseaddr(str(message_from_bytes(raw)["From"]))[0]
    assert decoded(name) == "Mina Rahimi, بیانیهٔ مشترک ۱۴ شهریور"


def test_values_come_back_as_they_were_given() -> None:
    mail = message_from_bytes(compose(FULL, "a", "b"), policy=policy.default)
    assert {name: str(mail[name]) for name in ("To", "Subject", "Message-ID", "In-Reply-To", "References")} == {
        "To": "info@council.example",
        "Subject": "Will your committee sign?",
        "Message-ID": "<k7q2m9px3n5r8t2w@campaign.example>",
        "In-Reply-To": "<theirs@council.example>",
        "References": "<first@campaign.example> <theirs@council.example> <k7q2m9px3n5r8t2w@campaign.example>",
    }
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert mail["List-Unsubscribe"] == "<mailto:contact@campaign.example?subject=unsubscribe>"


def test_persian_subject_and_sender_come_back_whole() -> None:
    subject = "آیا تشکل شما امضا می‌کند؟ بیانیهٔ مشترک برای زندانیان سیاسی، ۱۴ شهریور"
    raw = compose(replace(PLAIN, subject=subject, author="مینا راد، بیانیهٔ مشترک ۱۴ شهریور"), "متن", "متن")
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert decoded(parseaddr(str(message_from_bytes(raw)["From"]))[0]) == "مینا راد، بیانیهٔ مشترک ۱۴ شهریور"
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_same_letter_gives_the_same_bytes() -> None:
    assert compose(FULL, "سلام", "<p>سلام</p>") == compose(FULL, "سلام", "<p>سلام</p>")


def test_nothing_of_the_machine_is_in_the_mail() -> None:
    raw = compose(FULL, "a", "b")
    assert socket.gethostname().encode() not in raw
    assert not {"date", "user-agent", "x-mailer", "received"} & {name.lower() for name in headers(raw)}


@pytest.mark.parametrize(
    "text", ["Zeilen mit Umlauten: äöüß\n" * 50, "متن فارسی با نیم‌فاصله‌ها\n" * 50, "a\r.\rMAIL\n.\n", "x" * 5_000]
)
def test_text_comes_back_in_short_ascii_lines_with_crlf(text: str) -> None:
    raw = compose(PLAIN, text, "<p></p>")
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    plain = next(message_from_bytes(raw, policy=policy.default).iter_parts())
    assert plain.get_content().splitlines() == text.splitlines()


@pytest.mark.parametrize(
    "subject",
    [
        "a\r\nBcc: x@y.example",
        "a\nb",
        "a\x00b",
        "A \U0001f600 x=?UTF-8?Q?=0A?=Bcc: x@y.example",
        "\u202eabc",
        " ",
        "x" * 251,
    ],
)
def test_subject_that_could_be_more_than_a_subject_is_refused(subject: str) -> None:
    with pytest.raises(TemplateProblem, match="the subject"):
        compose(replace(PLAIN, subject=subject), "a", "b")


def test_text_hides_something_exactly_where_a_character_of_it_is_not_visible() -> None:
    assert [chr(code) for code in range(0x11000) if hides(f"a{chr(code)}b") is visible(chr(code))] == []


def test_name_of_the_sender_with_an_encoded_line_break_is_refused() -> None:
    with pytest.raises(TemplateProblem, match="the sender's name"):
        compose(replace(PLAIN, author="Mina =?utf-8?q?=0D=0ABcc:_x?="), "a", "b")


@pytest.mark.parametrize(
    "recipient",
    [
        "a@x.example, b@x.example",
        "A <a@x.example>",
        "a@x.example\r\nBcc: b@x.example",
        "a@x.example)b@y.example",
        '"a b"@x.example',
        "a@@x.example",
        "a@x.example;",
        "a..b@x.example",
        "a@x..example",
        "a@-x.example",
        "گروه@x.example",
        "=?utf-8?q?=0A?=@x.example",
        "",
    ],
)
def test_anything_but_one_plain_recipient_is_refused(recipient: str) -> None:
    with pytest.raises(TemplateProblem, match="not one plain ASCII address"):
        compose(replace(PLAIN, recipient=recipient), "a", "b")


@pytest.mark.parametrize("message_id", ["k7q2@campaign.example", "<a\r\nBcc: x>", "<=?utf-8?q?=0A?=>", "<>", "<a b@c>"])
def test_own_message_id_must_be_safe(message_id: str) -> None:
    with pytest.raises(TemplateProblem, match="message id"):
        compose(replace(PLAIN, message_id=message_id), "a", "b")


def test_unsafe_ids_of_others_are_left_out_and_the_letter_still_goes() -> None:
    unsafe = "<a=?utf-8?q?=0A?=Bcc@x>"
    raw = compose(replace(PLAIN, in_reply_to=unsafe, references=(unsafe, "<good@x.example>")), "a", "b")
    assert headers(raw) == [*WHAT, "References", "MIME-Version", "Content-Type"]
    assert b"References: <good@x.example>\r\n " in raw


@pytest.mark.parametrize("odd", ["<[[[>", "<@@@>", "<a(b@c>", "<" + "x" * 200 + "@x.example>"])
def test_odd_but_safe_ids_are_kept_as_they_are(odd: str) -> None:
    raw = compose(replace(PLAIN, in_reply_to=odd, references=(odd, odd)), "a", "b")
    assert f"In-Reply-To: {odd}\r\nReferences: {odd}\r\n {odd}\r\n ".encode() in raw


def test_long_thread_is_shortened_to_its_first_and_newest_ids() -> None:
    thread = tuple(f"<{number:04}@x.example>" for number in range(100))
    mail = message_from_bytes(compose(replace(PLAIN, references=thread), "a", "b"), policy=policy.default)
    assert mail["References"].split() == [thread[0], *thread[-MAX_REFERENCES + 2 :], PLAIN.message_id]


def test_our_own_id_also_stands_last_in_references_for_relays_that_write_a_new_one() -> None:
    mail = message_from_bytes(compose(PLAIN, "a", "b"), policy=policy.default)
    assert mail["References"] == mail["Message-ID"] == PLAIN.message_id


def test_header_that_python_would_break_in_two_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first guard is switched off. Without the second, CPython 3.11.7 writes a Bcc (CVE-2024-6923).
    monkeypatch.setattr("outreach.mail.compose.header_phrase", lambda value, what: value)
    try:
        raw = compose(replace(PLAIN, subject="A \U0001f600 x=?UTF-8?Q?=0A?=Bcc: inj@y.example"), "a", "b")
    except TemplateProblem:
        return
    assert headers(raw) == ALWAYS


@given(subject=st.text(max_size=120), author=st.text(max_size=80), theirs=st.text(max_size=80))
def test_no_value_makes_another_header(subject: str, author: str, theirs: str) -> None:
    letter = replace(PLAIN, subject=subject, author=author, in_reply_to=theirs)
    try:
        raw = compose(letter, "a", "b")
    except TemplateProblem:
        return
    assert [name for name in headers(raw) if name != "In-Reply-To"] == ALWAYS
    assert message_from_bytes(raw, policy=policy.default)["Subject"].split() == subject.split()


def test_date_is_in_utc() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert date_line(datetime(2026, 9, 5, 15, 30, tzinfo=tehran)) == b"Date: Sat, 05 Sep 2026 12:00:00 +0000\r\n"


def test_date_of_a_moment_in_utc_is_its_own() -> None:
    assert date_line(datetime(2026, 1, 1, tzinfo=UTC)) == b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
