"""Hostile mails: each ends within a second in a reading or in a reasoned refusal, and nothing of it is believed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import outreach
from outreach.reading.message import Unreadable
from outreach.reading.read import read
from tests.reading.hostile import HEAD, HOSTILE, body


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_ends_within_a_second(raw: bytes) -> None:
    assert any(_took(raw) < 1.0 for _ in range(3))  # a busy machine counts some of its waiting


def _took(raw: bytes) -> float:
    """Seconds of the processor for one reading, or a reasoned refusal."""
    started = time.process_time()
    try:
        read(raw)
    except Unreadable as refusal:
        assert str(refusal)
    return time.process_time() - started


_MEASURE = """
import re, sys
from pathlib import Path
from outreach.reading.limits import Unreadable
from outreach.reading.read import read
raw = sys.stdin.buffer.read()
try:
    read(raw)
except Unreadable:
    pass
print(int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


# Not ru_maxrss: that of a child begins with the size of the process that forked it.
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize(
    "name",
    ["8 MB in one line", "9 MB of short lines", "290,000 lines of one letter", "200,000 paragraphs", "400,000 entities",
     "190 HTML parts", "90 attached mails", "a million closed pieces of base64", "499 blockquotes and 20,000 lines"],
)  # fmt: skip
def test_a_hostile_mail_takes_less_than_200_mb(name: str) -> None:
    """In a process of its own, together with all that the reading loads."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        input=HOSTILE[name],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(outreach.__file__).parents[1])},
    )

    assert int(done.stdout) < 200


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

    assert "Evil" not in read(body(html, b"text/html")).parts["new"]


def test_two_texts_that_disagree_are_for_a_person() -> None:
    raw = (
        HEAD + b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nWe sign. Please add the Harbour Workers Union to the list.\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n"
        b"<p>We will never support anything that this campaign does.</p>\r\n--b--\r\n"
    )

    assert "texts disagree" in read(raw).needs_human


def test_our_quoted_yes_does_not_outweigh_a_new_no() -> None:
    reading = read(
        body(b"We do NOT sign.\r\n\r\nOn 7 July 2026, A <a@b.example> wrote:\r\n> We sign. Please add us.\r\n")
    )

    assert reading.kind.value == "decline"


def test_a_message_id_with_a_line_break_is_no_clue() -> None:
    reading = read(b"In-Reply-To: <x@y.example\r\n A1 DELETE INBOX>\r\nFrom: a@b.example\r\n\r\nyes")

    assert reading.clues.in_reply_to == ()


@pytest.mark.parametrize("name", ["{{7*7}}", "=HYPERLINK(1)", "${x}", "%(x)s"])
def test_template_and_formula_signs_come_out_as_they_are(name: str) -> None:
    reading = read(body(f"Name: {name} Committee\nCity: Berlin\nCountry: Germany".encode()))

    assert list(reading.signups[0].names.values()) == [f"{name} Committee"]


def test_bidi_controls_are_cleaned_from_a_name() -> None:
    reading = read(body("Name: North\u202e Committee\u202c\nCity: Berlin\nCountry: Germany".encode()))

    assert list(reading.signups[0].names.values()) == ["North Committee"]
