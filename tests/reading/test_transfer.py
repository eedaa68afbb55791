"""Transfer encodings undone, whole and broken."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.transfer import from_base64, from_quoted_printable, from_uuencode, undo, without_uuencoded


@given(st.binary(max_size=300))
def test_base64_comes_back(octets: bytes) -> None:
    assert undo(base64.encodebytes(octets), "Base64") == octets


@given(st.binary(max_size=300))
def test_quoted_printable_comes_back(octets: bytes) -> None:
    encoded = quopri.encodestring(octets.replace(b"\r", b""), quotetabs=True)

    assert undo(encoded, " quoted-printable ") == octets.replace(b"\r", b"")


@given(st.binary(max_size=200))
def test_uuencoded_text_comes_back(octets: bytes) -> None:
    lines = b"".join(binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45))

    assert undo(b"begin 644 x\n" + lines + b"`\nend\n", "x-uuencode") == octets


@pytest.mark.parametrize(
    ("encoded", "octets"),
    [
        (b"V2Ugc2lnbg", b"We sign"),  # padding missing
        (b"V2Ug!c2ln\nbg==", b"We sign"),  # foreign characters
        (b"V2Ugc2lnbg==V2Ugc2lnbg==", b"We signWe sign"),  # closed, and gone on
        (b"V2Ugc2lnb", b"We sig"),  # cut
        (b"", b""),
    ],
)
def test_broken_base64_gives_what_is_whole(encoded: bytes, octets: bytes) -> None:
    assert from_base64(encoded) == octets


@pytest.mark.parametrize(
    ("encoded", "octets"), [(b"a=\nb", b"ab"), (b"a=ZZb", b"a=ZZb"), (b"a=", b"a"), (b"=C3=A", b"\xc3=A")]
)
def test_broken_quoted_printable_keeps_what_it_cannot_read(encoded: bytes, octets: bytes) -> None:
    assert from_quoted_printable(encoded) == octets


def test_broken_uuencoding_gives_what_is_whole() -> None:
    assert from_uuencode(b"begin 644 x\n#86)C\n#\nxxxx") == b"abc"


def test_an_unknown_encoding_leaves_the_octets() -> None:
    assert undo(b"We sign", "x-own") == b"We sign"


def test_uuencoded_files_are_taken_out_of_a_text() -> None:
    text = b"We sign.\nbegin 644 list.doc\n#86)C\n`\nend\nBest, A\n"

    assert without_uuencoded(text) == (b"We sign.\nBest, A\n", [b"list.doc"])


@pytest.mark.parametrize("text", [b"begin 644 times over\nand end\n", b"we\nbegin 100 x\nand never stop\n"])
def test_prose_that_says_begin_stays(text: bytes) -> None:
    assert without_uuencoded(text) == (text, [])
