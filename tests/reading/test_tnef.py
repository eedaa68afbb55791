"""The text that Outlook hides in a winmail.dat."""

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading import rtf, tnef
from outreach.reading.message import open_message
from outreach.reading.read import read
from outreach.words import Kind
from tests.reading.mails import mail, mapi, multipart, part, winmail

BODY, FILE, PROPERTIES, CODE_PAGE, CLASS = 0x800C, 0x8010, 0x9003, 0x9007, 0x8008
#: The example of MS-OXRTFCP, 4.1.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def attached(stream: bytes, text: bytes = b"") -> bytes:
    """A mail with a winmail.dat."""
    return multipart(
        part(text),
        part(
            base64.encodebytes(stream), b"application/ms-tnef; name=winmail.dat", b"Content-Transfer-Encoding: base64"
        ),
    )


def test_the_body_is_read_when_there_is_no_other_text() -> None:
    message = open_message(
        attached(winmail((CODE_PAGE, struct.pack("<Q", 1256)), (BODY, "سلام، امضا".encode("cp1256") + b"\0")))
    )

    assert message.text == "سلام، امضا"


def test_the_text_of_the_mail_is_read_when_there_is_one() -> None:
    message = open_message(attached(winmail((BODY, b"other"), (FILE, b"form.doc\0")), b"We sign."))

    assert (message.text, [a.name for a in message.attachments]) == ("We sign.", ["form.doc"])


@pytest.mark.parametrize(
    ("number", "kind", "value"),
    [
        (0x1000, 0x1F, "We sign – ما".encode("utf-16-le")),
        (0x1000, 0x1E, "We sign – ما".encode()),
        (0x1013, 0x102, "<html><body><p>We sign – ما</p></body></html>".encode()),
    ],
)
def test_the_body_is_found_among_the_properties(number: int, kind: int, value: bytes) -> None:
    stream = winmail(
        (
            PROPERTIES,
            mapi((0x1A, 0x1E, b"IPM.Note\0"), (0x3FDE, 0x102, struct.pack("<I", 65001)), (number, kind, value)),
        )
    )

    assert open_message(attached(stream)).text == "We sign – ما"


def test_rich_text_is_read_when_the_body_is_in_no_other_form() -> None:
    stream = winmail((PROPERTIES, mapi((0x1009, 0x102, COMPRESSED))))

    assert open_message(attached(stream)).text.strip() == "hello world"


def test_a_read_receipt_inside_is_a_machine_mail() -> None:
    stream = winmail((CLASS, b"IPM.Microsoft Mail.Read Receipt\0"))

    assert read(attached(stream)).kind is Kind.AUTO_REPLY


def test_a_winmail_that_cannot_be_read_is_for_a_person() -> None:
    assert "attachment only" in read(mail(b"xxxx", b"application/ms-tnef; name=winmail.dat")).needs_human


def test_a_stream_cut_off_gives_what_is_whole() -> None:
    stream = winmail((BODY, b"We sign."), (PROPERTIES, mapi((0x1000, 0x1F, "We sign.".encode("utf-16-le")))))
    for end in range(len(stream)):
        assert tnef.read(stream[:end]).text in ("", *("We sign."[:n] for n in range(9)))


@given(st.binary(max_size=200))
def test_any_octets_are_a_stream_or_none(octets: bytes) -> None:
    tnef.read(struct.pack("<I", 0x223E9F78) + octets)
    tnef.read(winmail((PROPERTIES, octets)))


def test_compressed_rich_text_is_expanded() -> None:
    assert rtf.decompressed(COMPRESSED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@given(st.binary(max_size=200))
def test_any_octets_are_rich_text_or_none(octets: bytes) -> None:
    rtf.decompressed(struct.pack("<IIII", 0, 5000, 0x75465A4C, 0) + octets)
    text, _ = rtf.read(b"{\\rtf1 " + octets)
    text.encode()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}We \b sign\b0 .\par Anna}", "We sign.\nAnna"),
        (rb"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe}", "Grüße"),
        (rb"{\rtf1\uc1 \u1587?\u1604?\u1575?\u1605?}", "سلام"),
        (rb"{\rtf1 a\u-10179?\u-8704?b}", "a😀b"),
        (rb"{\rtf1 {\*\generator x;}a\~b\{c\}\\d\tab e}", "a\xa0b{c}\\d\te"),
        (rb"{\rtf1 {\pict 0123}yes}", "yes"),
    ],
)
def test_rich_text_is_read(source: bytes, text: str) -> None:
    assert rtf.read(source) == (text, False)


def test_the_html_in_rich_text_comes_out_of_it() -> None:
    source = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 We sign\htmlrtf\par}\htmlrtf0 "
        rb"{\*\htmltag72 </p>}{\*\mhtmltag64 no}}"
    )

    assert rtf.read(source) == ("<p>We sign</p>", True)
