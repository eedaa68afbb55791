"""What must hold for every input: an outcome in bounded time, and no word of the sender lost."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.reading import reply
from outreach.reading.message import Unreadable
from outreach.reading.read import as_answer, read
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, letter

_PIECES = st.sampled_from(
    ["> ", "On 7 July 2026, A <a@b.example> wrote:", "-- ", "From: x", "Sent: y", "Subject: z", "Name: ",
     "کمیته", "\n", " – ",
     "Berlin", "yes", "بله", "1. ", "<a@b.example>", "\u202e", "\u200c", "(", ")", "«", "»", "5 September",
     "۱۴ شهریور", QUOTED_ASKING,
     QUOTED_INVITATION, "----- Forwarded message -----", "\x00", "&nbsp;", "\t"]
)  # fmt: skip
_TEXT = st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=30).map("".join)
_HEADERS = st.sampled_from(
    [b"From: ", b"Subject: =?utf-8?q?", b"Content-Type: multipart/mixed; boundary=b\r\n",
     b"Content-Type: text/html\r\n",
     b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: message/rfc822\r\n",
     b"Content-Type: text/plain; charset=utf-7\r\n",
     b"\r\n", b"--b\r\n", b"--b--", b"Message-ID: <[>\r\n", b'From: "\r\n', b"Date: x\r\n", b"begin 644 x\n",
     b"<div hidden>", b"=0A"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.binary(max_size=40), _HEADERS), max_size=25).map(b"".join))
def test_any_bytes_end_in_a_reading_or_in_a_reason(raw: bytes) -> None:
    try:
        json.dumps(as_answer("x", read(raw))).encode()
    except Unreadable as refusal:
        assert str(refusal)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXT)
def test_any_text_is_read_and_its_evidence_lies_inside_its_part(text: str) -> None:
    reading = read(letter(text.encode("utf-8", "replace").decode()))
    for signup in reading.signups:
        for evidence in signup.evidence.values():
            assert 0 <= evidence.start < evidence.end <= len(reading.parts[evidence.part])


@settings(max_examples=200)
@given(_TEXT)
def test_splitting_loses_no_character_of_the_text(text: str) -> None:
    parts = reply.split(text).parts.values()

    assert sorted("".join("".join(part.split()) for part in parts)) == sorted("".join(text.split()))


@settings(max_examples=200)
@given(_TEXT)
def test_the_parts_put_one_after_another_are_the_text(text: str) -> None:
    joined = "".join(line.text for line in reply.split(text).lines)

    assert "".join(joined.split()) == "".join(text.split())


@settings(max_examples=100)
@given(_TEXT)
def test_every_line_stands_in_its_part_where_the_split_says(text: str) -> None:
    split = reply.split(text)
    for line in split.lines:
        assert split.parts[line.part][line.start : line.start + len(line.text)] == line.text
