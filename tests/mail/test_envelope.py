from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.mail.envelope import Envelope, wire_address, wire_body

ID = "<a1@campaign.example>"


def test_domain_is_sent_in_ascii_and_the_local_part_as_it_is() -> None:
    assert wire_address("Rosa.Müller@straße.example") == "Rosa.Müller@xn--strae-oqa.example"
    assert wire_address("info@سازمان.example") == "info@xn--mgba6ac6gh.example"
    assert wire_address("Info+tag@Hamburg.example") == "Info+tag@Hamburg.example"


def test_envelope_is_international_only_for_a_local_part_beyond_ascii() -> None:
    assert Envelope.of("us@campaign.example", "müller@hamburg.example", ID).is_international
    assert not Envelope.of("us@campaign.example", "info@münchen.example", ID).is_international


def test_sender_may_be_null_and_the_recipient_may_not() -> None:
    assert Envelope.of("", "rosa@hamburg.example", ID).sender == ""
    with pytest.raises(ValueError, match="not an address"):
        Envelope.of("us@campaign.example", "", ID)


@pytest.mark.parametrize(
    "address",
    [
        "rosa@hamburg.example\r\nRCPT TO:<other@x.example>",
        "rosa@hamburg.example\n",
        "rosa @hamburg.example",
        "rosa@ham burg.example",
        "<rosa@hamburg.example>",
        "rosa>@hamburg.example",
        "rosa@hamburg.example> SIZE=1",
        "rosa,omid@hamburg.example",
        "rosa@a.example@b.example",
        "ro\x00sa@hamburg.example",
        "ro\u202esa@hamburg.example",
        "ro\u2028sa@hamburg.example",
        "rosa@",
        "@hamburg.example",
        "rosa",
        "rosa@hamburg..example",
        "alice@example.org)bob@evil.example",
        '"a b"@hamburg.example',
    ],
)
def test_address_is_refused_when_it_could_end_its_command_or_name_two(address: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        wire_address(address)


@given(st.text() | st.from_regex(r"[^@]{0,8}@[^@]{0,8}"))
def test_no_address_brings_a_space_a_control_or_a_bracket_into_a_command(address: str) -> None:
    try:
        wired = wire_address(address)
    except ValueError:
        return
    assert wired.isprintable()
    assert not set(wired) & set(" <>\r\n\0,;")
    assert wired.count("@") == 1


def test_lines_that_begin_with_a_dot_get_another_one() -> None:
    assert wire_body(b".\r\n..a\r\nb.\r\n") == b"..\r\n...a\r\nb.\r\n.\r\n"


def test_last_line_gets_the_end_it_lacks() -> None:
    assert wire_body(b"a") == b"a\r\n.\r\n"


@pytest.mark.parametrize(
    "message", [b"", b"a\nb\r\n", b"a\rb\r\n", b"a\r\n\rb\r\n", b"a\r\r\n", b"a\n.\r\n", b"a\0\r\n"]
)
def test_bytes_that_two_servers_may_read_differently_are_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match="mail"):
        wire_body(message)


@given(st.lists(st.binary(max_size=20).filter(lambda line: not set(line) & set(b"\r\n\0")), min_size=1))
def test_server_finds_the_mail_again_and_nothing_behind_it(lines: list[bytes]) -> None:
    message = b"".join(line + b"\r\n" for line in lines)
    wired = wire_body(message).split(b"\r\n")
    end = wired.index(b".")
    assert wired[end + 1 :] == [b""]
    assert b"".join(line.removeprefix(b".") + b"\r\n" for line in wired[:end]) == message


def test_identification_is_left_out_when_it_is_longer_than_a_relay_must_take() -> None:
    long = f"<{'a' * 90}@campaign.example>"
    assert Envelope.of("us@campaign.example", "rosa@hamburg.example", long).identification == ()


def test_text_of_a_parameter_cannot_end_it() -> None:
    odd = Envelope.of("us@campaign.example", "rosa@hamburg.example", "<a b=c+d@campaign.example>")
    assert odd.identification == ("ENVID=a+20b+3Dc+2Bd@campaign.example",)
