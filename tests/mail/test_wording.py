"""Header lines and parts: whatever the words, a reader of RFC 2047 and MIME gets them back, from short ASCII lines."""

from __future__ import annotations

from binascii import b2a_qp
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.mail.wording import Named, are_whole_lines, header_line, part

#: What ``compose.header_phrase`` lets through: visible characters, at most 250 of them.
PHRASE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=250).filter(
    lambda text: "=?" not in text and text.strip()
)


def read(line: str, name: str) -> str:
    """The value as a mail program sees it: unfolded."""
    assert line.isascii()
    assert line.endswith("\r\n")
    assert max(map(len, line.split("\r\n"))) <= 78
    assert all(more.startswith(" ") and more.strip() for more in line.split("\r\n")[1:-1])
    value: str = message_from_bytes(line.encode() + b"\r\n")[name]
    return value.replace("\r\n", "")


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


@given(PHRASE)
def test_any_subject_comes_back_whole(subject: str) -> None:
    assert decoded(read(header_line("Subject", subject), "Subject")) == subject


@given(PHRASE)
def test_any_display_name_comes_back_whole_with_its_address(name: str) -> None:
    found, address = parseaddr(read(header_line("From", Named(name, "contact@campaign.example")), "From"))
    assert (decoded(found), address) == (name, "contact@campaign.example")


@pytest.mark.parametrize("name", ['Mina "the voice" Rad', "a\\b", "Rad, Mina (Berlin)", "a@b.example", "x;y:z"])
def test_a_name_with_special_characters_is_quoted(name: str) -> None:
    line = header_line("From", Named(name, "contact@campaign.example"))
    assert line.startswith('From: "')
    assert parseaddr(read(line, "From")) == (name, "contact@campaign.example")


def test_a_long_text_in_latin_letters_stays_legible() -> None:
    assert header_line("Subject", "Déclaration commune") == "Subject: =?utf-8?q?D=C3=A9claration_commune?=\r\n"


def test_tokens_stand_one_on_a_line_as_they_are() -> None:
    assert header_line("References", ("<a@x>", "<b@x>")) == "References: <a@x>\r\n <b@x>\r\n"


@given(st.text(max_size=600))
def test_any_text_comes_back_from_its_part(text: str) -> None:
    raw = part(text, "plain")
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    octets = message_from_bytes(raw).get_payload(decode=True)
    assert isinstance(octets, bytes)
    assert octets.splitlines() == text.encode().splitlines() or (octets.splitlines(), text) == ([b""], "")


#: Lines with what quoted-printable treats in its own way: dots, blanks at the end, length, tabs, equals signs.
QUOTED_LINES = st.lists(
    st.text(st.sampled_from("abé=. \t") | st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)
)


@given(QUOTED_LINES, QUOTED_LINES)
def test_a_text_in_blocks_is_written_as_the_text_as_a_whole(first: list[str], then: list[str]) -> None:
    blocks = tuple("".join(f"{line}\n" for line in lines) for lines in (first, then) if lines)
    for _ in range(2):  # the second time from memory
        assert part(blocks, "plain") == part("".join(blocks), "plain")


@given(QUOTED_LINES)
def test_latin_text_is_written_as_quoted_printable_has_it(lines: list[str]) -> None:
    text = "a" * 1000 + "".join(f"\n{line}" for line in lines)
    whole = b"".join(line + b"\r\n" for line in text.encode().splitlines())
    assert part(text, "plain").partition(b"\r\n\r\n")[2] == b2a_qp(whole, istext=True)


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"\x0b", b"\x85"]), max_size=12))
def test_lines_are_whole_when_no_half_of_a_line_end_stands_alone(pieces: list[bytes]) -> None:
    octets = b"".join(pieces)
    rest = octets.replace(b"\r\n", b"")
    assert are_whole_lines(octets) == (octets.endswith(b"\r\n") and b"\r" not in rest and b"\n" not in rest)
