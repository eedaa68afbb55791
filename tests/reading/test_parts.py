"""The structure of a mail: what the standard says, and what broken mailers write."""

from __future__ import annotations

import email
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.reading.limits import Unreadable
from outreach.reading.parts import Part, split
from tests.reading.mails import mail, multipart, part

_CORPUS = sorted((Path(__file__).parent.parent / "corpus").rglob("*.eml"))


def texts(root: Part) -> list[bytes]:
    """The content of all leaves, without the spaces around it."""
    return [text for inside in root.inside for text in texts(inside)] if root.inside else [_plain(root.content())]


def leaves(message: Message) -> list[bytes]:
    """The same, as the standard library reads them."""
    payload = message.get_payload()
    if isinstance(payload, list):
        return [leaf for inside in payload if isinstance(inside, Message) for leaf in leaves(inside)]
    content = message.get_payload(decode=True)
    return [_plain(content)] if isinstance(content, bytes) else []


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").strip()


def test_the_mails_of_the_corpus_have_the_parts_that_the_standard_library_finds() -> None:
    read = [(path, path.read_bytes()) for path in _CORPUS]
    # The standard library makes mails of reports and loses what stands in them.
    ordinary = [(path, raw) for path, raw in read if b"multipart/report" not in raw]
    differing = [path.stem for path, raw in ordinary if texts(split(raw)) != leaves(email.message_from_bytes(raw))]

    assert len(ordinary) > 400
    assert differing == []


def test_parts_are_found_when_the_last_delimiter_is_missing() -> None:
    raw = multipart(part(b"one"), part(b"two")).removesuffix(b"--b--\r\n")

    assert texts(split(raw)) == [b"one", b"two"]


def test_parts_below_a_premature_end_are_found() -> None:
    raw = mail(
        b"--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\none\r\n--o--\r\n"
        b"--i\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--i--\r\n",
        b"multipart/mixed; boundary=o",
    )

    assert texts(split(raw)) == [b"one", b"<p>two"]


def test_parts_are_found_when_the_boundary_is_not_stated() -> None:
    raw = mail(b"--x1\r\nContent-Type: text/plain\r\n\r\none\r\n--x1--\r\n", b"multipart/mixed")

    assert texts(split(raw)) == [b"one"]


def test_parts_are_found_when_another_boundary_is_stated() -> None:
    raw = mail(b"--x1\r\nContent-Type: text/plain\r\n\r\none\r\n--x1--\r\n", b"multipart/mixed; boundary=other")

    assert texts(split(raw)) == [b"one"]


def test_the_body_is_text_when_a_multipart_has_no_parts() -> None:
    assert texts(split(mail(b"We sign.", b"multipart/mixed; boundary=b"))) == [b"We sign."]


def test_parts_are_told_apart_when_inner_and_outer_boundary_are_the_same() -> None:
    raw = mail(
        b"--b\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
        b"multipart/mixed; boundary=b",
    )

    assert [text for text in texts(split(raw)) if text] == [b"one", b"two"]


def test_a_boundary_that_begins_like_another_is_not_that_one() -> None:
    raw = mail(b"--b\r\n\r\n--bb\r\nstays\r\n--b--\r\n", b"multipart/mixed; boundary=b")

    assert texts(split(raw)) == [b"--bb\nstays"]


def test_a_boundary_may_hold_spaces_and_signs() -> None:
    raw = multipart(part(b"one"), boundary=b"=_ (x) 'y' ?")

    assert texts(split(raw)) == [b"one"]


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_lines_may_end_in_any_way(ending: bytes) -> None:
    raw = multipart(part(b"one\r\nmore"), part(b"two")).replace(b"\r\n", ending)

    assert texts(split(raw)) == [b"one\nmore", b"two"]


@pytest.mark.parametrize("envelope", [b"From a@b.example Wed Jul 15\r\n", b">From x\r\n", b"\r\n\r\n"])
def test_what_stands_above_the_headers_is_skipped(envelope: bytes) -> None:
    assert split(envelope + mail(b"yes")).get("from") == "a@b.example"


def test_a_line_that_is_no_header_begins_the_body() -> None:
    root = split(b"From: a@b.example\r\nWe sign.\r\nBest, A")

    assert (root.get("from"), root.body) == ("a@b.example", b"We sign.\nBest, A")


def test_headers_keep_their_order_and_folded_lines() -> None:
    root = split(b"A: 1\r\nB: x\r\n y\r\nA: 2\r\n\r\n")

    assert root.fields == (("a", "1"), ("b", "x\n y"), ("a", "2"))


@pytest.mark.parametrize("stated", ["text", "plain/text", "x", "text/plain/x", "", "тип/x", "text /plain"])
def test_an_absurd_type_is_plain_text(stated: str) -> None:
    assert split(mail(b"yes", stated.encode())).type == "text/plain"


def test_an_attached_mail_is_read_under_its_transfer_encoding() -> None:
    raw = mail(b"U3ViamVjdDogeA0KDQpoZWxsbw==", b"message/rfc822", b"base64")

    assert split(raw).inside[0].body == b"hello"


def test_a_digest_holds_mails() -> None:
    root = split(multipart(b"\r\nSubject: x\r\n\r\nhello", kind=b"digest"))

    assert root.inside[0].inside[0].get("subject") == "x"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (multipart(*[part(b"x")] * 201), "more than 200 parts"),
        (b"Content-Type: message/rfc822\n\n" * 30 + b"\nx", "20 deep"),
        (b"X: y\n" * 501 + b"\nx", "500 headers"),
        (b"X: " + b"y" * 70_000 + b"\n\nx", "64 kB"),
    ],
    ids=["parts", "depth", "headers", "header"],
)
def test_a_mail_beyond_the_limits_is_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        split(raw)


@settings(max_examples=200)
@given(
    st.lists(
        st.binary(min_size=1, max_size=60).filter(lambda text: b"--b" not in text and b"\r" not in text),
        min_size=1,
        max_size=5,
    )
)
def test_any_content_comes_out_of_a_multipart_as_it_went_in(contents: list[bytes]) -> None:
    root = split(multipart(*(part(b"\n" + content + b"\n") for content in contents)))

    assert [inside.content().strip() for inside in root.inside] == [content.strip() for content in contents]
