"""A mail as it came: its headers, its HTML, what hangs on it; nothing of it understood."""

from __future__ import annotations

import pytest

from outreach.reading.limits import Unreadable
from outreach.reading.original import Hanging, original

MIXED = b"""\
From: =?utf-8?q?R=C3=B3sa?= <rosa@elsewhere.example>
Subject: Hello
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain

plain
--c
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>caf=E9</p>
--c--
--b
Content-Type: text/html; name=page.html
Content-Disposition: attachment; filename="../../page.html"

<p>hangs</p>
--b
Content-Type: message/rfc822

Content-Type: text/html

<p>inside another mail</p>
--b
Content-Type: application/pdf
Content-Transfer-Encoding: base64

eHh4eA==
--b--
"""


def test_html_of_the_mail_itself_is_decoded_and_that_of_what_hangs_on_it_left_out() -> None:
    assert original(MIXED).html.strip() == "<p>caf\u00e9</p>"


def test_what_hangs_on_it_has_a_name_without_path_its_type_and_its_octets() -> None:
    found = original(MIXED).hanging
    assert found[0].name == "page.html"
    assert [one.type for one in found] == ["text/html", "message/rfc822", "application/pdf"]
    assert found[2] == Hanging("", "application/pdf", 4)


def test_headers_are_decoded_in_their_order() -> None:
    assert original(MIXED).headers[:2] == (("from", "R\u00f3sa <rosa@elsewhere.example>"), ("subject", "Hello"))


def test_headers_are_no_more_and_no_longer_than_a_page_holds() -> None:
    raw = b"".join(b"X-%d: %s\n" % (at, b"y" * 900) for at in range(100)) + b"\nhello\n"
    found = original(raw).headers
    assert len(found) == 60
    assert max(len(value) for _, value in found) == 500


def test_mail_without_html_has_none() -> None:
    assert original(b"Subject: a\n\nhello\n").html == ""


def test_mail_beyond_the_limits_is_not_taken_apart() -> None:
    with pytest.raises(Unreadable):
        original(b"  \n")
