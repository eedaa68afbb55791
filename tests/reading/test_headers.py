"""Headers and addresses, from right ones to hostile ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.headers import Address, Headers, parse_addresses


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("a@b.example", "a@b.example", ""),
        ("Anna Berg <Anna@B.Example>", "anna@b.example", "Anna Berg"),
        ('"Berg, Anna" <a@b.example>', "a@b.example", "Berg, Anna"),
        ("'Anna' <a@b.example>", "a@b.example", "Anna"),
        ("a@b.example (Anna)", "a@b.example", ""),
        ("=?utf-8?b?2qnYp9mG2YjZhg==?= <a@b.example>", "a@b.example", "کانون"),
        ('"=?utf-8?q?Gr=C3=BC=C3=9Fe?=" <a@b.example>', "a@b.example", "Grüße"),
        ("Anna [mailto:a@b.example]", "a@b.example", "Anna"),
        ("a@b.example.", "a@b.example", ""),
        ("a@bücher.example", "a@bücher.example", ""),
        ("کانون@مثال.example", "کانون@مثال.example", ""),
        ("Group: a@b.example;", "a@b.example", ""),
        ("Anna\r\n Berg <a@b.example>", "a@b.example", "Anna Berg"),
    ],
)
def test_an_address_is_read(value: str, address: str, name: str) -> None:
    assert parse_addresses(value) == [Address(address, name)]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x:;",
        '"',
        "<>",
        "a@",
        "@b.example",
        "alice@good.example)bob@evil.example",
        '"a@b.example',
        "a b@c",
        "<a@b.example",
    ],
)
def test_what_is_not_clearly_an_address_is_none(value: str) -> None:
    assert parse_addresses(value) == []


def test_several_addresses_are_read_in_their_order() -> None:
    found = parse_addresses('a@b.example, "C, D" <c@d.example>; e@f.example')

    assert [a.address for a in found] == ["a@b.example", "c@d.example", "e@f.example"]


@pytest.mark.parametrize("value", ['"\\' * 30_000, "<" * 60_000, "(" * 60_000, '",' * 30_000, "a@b.example," * 5_000])
def test_a_hostile_address_header_is_read_in_time(value: str) -> None:
    started = time.process_time()
    parse_addresses(value)

    assert time.process_time() - started < 0.5


@given(st.text(max_size=80))
def test_any_header_gives_addresses_of_one_line(value: str) -> None:
    for address in parse_addresses(value):
        assert "@" in address.address
        assert len((address.address + address.name).splitlines()) == 1


def test_message_ids_are_those_that_are_safe() -> None:
    headers = Headers([("References", "<a@b.example> junk <c d@e> <f@g.example>\r\n\t<=?x?=@h>")])

    assert headers.message_ids("references") == ("<a@b.example>", "<f@g.example>")
