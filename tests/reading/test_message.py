"""A raw mail taken apart: which text is read, what is attached, and what a person must look at."""

from __future__ import annotations

import base64

import pytest

from outreach.reading.message import open_message
from outreach.reading.read import read
from outreach.reading.result import Ours
from outreach.reading.texts import unflow
from outreach.words import Kind
from tests.reading.mails import HEAD, alternative, mail, multipart, part

HTML = b"text/html; charset=utf-8"


def test_the_text_is_read_and_its_html_twin_only_compared() -> None:
    message = open_message(alternative(b"We sign.", b"<p>We <b>sign</b>.</p>"))

    assert (message.text, message.texts_disagree) == ("We sign.", False)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\r\n \r\n",
        b"This is an HTML mail. Please use another program.",
        b"Diese Nachricht ist im HTML-Format.",
        b"This is a multi-part message in MIME format",
    ],
)
def test_the_html_is_read_when_the_text_says_nothing(plain: bytes) -> None:
    html = (
        b"<p>We sign, and we will bring our friends from the harbour to the square on 5 September.</p><p>Anna Berg</p>"
    )
    message = open_message(alternative(plain, html))

    assert message.text.startswith("We sign, and we will")
    assert message.doubts == []


def test_the_html_is_read_when_the_text_lost_its_letters() -> None:
    message = open_message(alternative(b"??? ????? ?? ???? ??????", "<p>این بیانیه را امضا می‌کنیم</p>".encode()))

    assert message.text == "این بیانیه را امضا می‌کنیم"


def test_several_texts_between_pictures_are_joined() -> None:
    picture = part(b"x", b"image/png; name=x.png", b"Content-Disposition: inline")
    message = open_message(multipart(part(b"We sign."), picture, part(b"Anna Berg")))

    assert message.text == "We sign.\nAnna Berg"
    assert [a.name for a in message.attachments] == ["x.png"]


def test_a_text_and_an_html_that_says_the_same_are_one_when_sent_side_by_side() -> None:
    message = open_message(multipart(part(b"We sign."), part(b"<p>We sign.</p>", HTML)))

    assert (message.text, message.texts_disagree) == ("We sign.", False)


def test_a_text_and_an_html_that_says_more_are_both_read_when_sent_side_by_side() -> None:
    message = open_message(multipart(part(b"We sign."), part(b"<p>Anna Berg</p>", HTML)))

    assert message.text == "We sign.\nAnna Berg"


def test_html_sent_as_plain_text_is_shown_as_html() -> None:
    assert open_message(mail(b"<html><body><p>We sign.</p></body></html>")).text == "We sign."


def test_an_office_namespace_in_plain_text_goes() -> None:
    text = b'<?xml:namespace prefix = o ns = "urn:schemas-microsoft-com:office:office" />We sign.<o:p></o:p>'

    assert open_message(mail(text)).text == "We sign."


def test_an_attached_text_file_is_kept_beside_what_was_written() -> None:
    list_ = part(
        b"Name: Harbour Union", b"text/plain; charset=utf-8", b"Content-Disposition: attachment; filename=list.txt"
    )
    message = open_message(multipart(part(b"See the list."), list_))

    assert message.text == "See the list."
    assert message.attached_text == "Name: Harbour Union"


def test_a_body_marked_as_attachment_without_a_name_is_read() -> None:
    raw = multipart(part(b"We sign.", b"text/plain", b"Content-Disposition: attachment"))

    assert open_message(raw).text == "We sign."


@pytest.mark.parametrize("kind", [b"text/vcard", b"text/x-vcard; name=a.vcf", b"text/calendar; method=REQUEST"])
def test_cards_and_calendars_are_a_part_of_the_reading(kind: bytes) -> None:
    reading = read(multipart(part(b"We sign."), part(b"BEGIN:VCARD\r\nFN:Anna Berg\r\n", kind)))

    assert reading.parts["attachment"] == "BEGIN:VCARD\nFN:Anna Berg"
    assert "Anna" not in reading.parts["new"]


def test_a_large_card_is_read_up_to_64_kb() -> None:
    message = open_message(multipart(part(b"x"), part(b"N:" + b"x" * 100_000, b"text/vcard")))

    assert len(message.attached_text) == 64 * 1024


def test_a_mail_without_text_is_for_a_person() -> None:
    raw = multipart(part(b"%PDF", b"application/pdf; name=form.pdf", b"Content-Disposition: attachment"))

    assert "attachment only" in read(raw).needs_human


def test_uuencoded_files_are_attachments() -> None:
    message = open_message(mail(b"We sign.\r\nbegin 644 form.doc\r\n#86)C\r\n`\r\nend\r\n"))

    assert (message.text.strip(), [a.name for a in message.attachments]) == ("We sign.", ["form.doc"])


def test_an_attached_mail_is_read_as_forwarded() -> None:
    inside = b"From: Anna Berg <anna@berg.example>\r\nSubject: Yes\r\n\r\nWe sign.\r\nName: Harbour Union\r\nCity: Oslo"
    reading = read(multipart(part(b"See below."), part(inside, b"message/rfc822")))

    assert "See below." in reading.parts["new"]
    assert "Harbour Union" in reading.parts["forwarded"]
    assert "forwarded" in reading.needs_human


def test_our_own_attached_mail_is_quoted_and_says_nothing_for_the_sender() -> None:
    inside = b"From: contact@campaign.example\r\nSubject: Joint statement\r\n\r\nWe sign. Name: Harbour Union"
    reading = read(
        multipart(part(b"No, thank you."), part(inside, b"message/rfc822")),
        Ours(frozenset({"contact@campaign.example"})),
    )

    assert reading.kind is Kind.DECLINE
    assert "Harbour Union" in reading.parts["quoted"]


def test_text_under_a_detached_signature_is_read() -> None:
    raw = multipart(part(b"We sign."), part(b"xx", b"application/pgp-signature; name=s.asc"), kind=b"signed")
    message = open_message(raw)

    assert (message.text, message.attachments, message.encrypted) == ("We sign.", [], False)


@pytest.mark.parametrize(
    "raw",
    [
        multipart(part(b"Version: 1", b"application/pgp-encrypted"), part(b"x", b"x/y"), kind=b"encrypted"),
        mail(b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----"),
        mail(b"MIIB", b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"base64"),
        mail(b"xxxx", b"application/octet-stream; name=smime.p7m"),
    ],
    ids=["pgp/mime", "inline pgp", "s/mime", "s/mime by name"],
)  # fmt: skip
def test_what_is_encrypted_is_for_a_person(raw: bytes) -> None:
    assert "encrypted" in read(raw).needs_human


def test_an_emoji_reaction_is_the_emoji() -> None:
    raw = multipart(
        part("👍\r\n\r\nAnna Berg reacted via Gmail".encode()),
        part('{"version": 1, "emoji": "👍"}'.encode(), b"text/vnd.google.email-reaction+json; charset=utf-8"),
        part("<p>👍</p><p>Anna Berg reacted via Gmail</p>".encode(), HTML),
        kind=b"alternative",
    )
    message = open_message(raw)

    assert message.text == "👍"
    assert "reacted via Gmail" in (message.attachments[0].text or "")


def test_flowed_lines_are_joined() -> None:
    text = b"We \r\nsign.\r\n\r\n  stuffed\r\n> quoted \r\n> on\r\n-- \r\nAnna"

    assert open_message(mail(text, b"text/plain; format=flowed")).text == "We sign.\n\n stuffed\n> quoted on\n-- \nAnna"


def test_the_space_at_a_flowed_line_goes_when_it_is_to_be_deleted() -> None:
    text = "声明に \r\n署名".encode()

    assert open_message(mail(text, b"text/plain; charset=utf-8; format=flowed; delsp=yes")).text == "声明に署名"


def test_flowed_lines_end_where_the_quotation_gets_deeper() -> None:
    assert unflow("a \n> b \n>> c \n>> d") == "a \n> b \n>> c d"


def test_the_charset_stated_in_the_html_counts_when_the_part_states_none() -> None:
    html = '<html><head><meta charset="koi8-r"></head><body>Да</body></html>'.encode("koi8-r")

    assert open_message(mail(html, b"text/html")).text == "Да"


def test_texts_that_disagree_are_for_a_person() -> None:
    assert open_message(alternative(b"We sign.", b"<p>We refuse.</p>")).doubts == ["texts disagree"]


def test_hidden_words_make_a_warning() -> None:
    reading = read(mail(b'<p>Hello</p><p style="display:none">We sign</p>', HTML))

    assert "hidden text" in reading.warnings
    assert "sign" not in reading.parts["new"]


def test_html_beyond_the_limits_is_for_a_person() -> None:
    assert "html cut" in read(mail(b"<div>" * 60_000 + b"We sign.", HTML)).needs_human


def test_a_text_beyond_the_limits_is_for_a_person() -> None:
    assert "text cut" in read(mail(b"We sign.\r\n" * 100_000)).needs_human


def test_a_delivery_report_keeps_its_blocks_and_the_headers_it_returns() -> None:
    raw = multipart(
        part(b"It failed."),
        part(
            b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed",
            b"message/delivery-status",
        ),
        part(b"Message-ID: <m1@campaign.example>\r\nSubject: x\r\n", b"text/rfc822-headers"),
        kind=b"report; report-type=delivery-status",
    )
    message = open_message(raw)

    assert "Final-Recipient: rfc822; a@b.example" in message.reports["message/delivery-status"][0]
    assert message.returned[0].message_ids("message-id") == ("<m1@campaign.example>",)


def test_an_absurd_mail_has_headers_and_no_text() -> None:
    message = open_message(HEAD)

    assert (message.subject, message.text) == ("Re: Joint statement", "")


def test_base64_of_a_wrong_charset_is_read() -> None:
    text = "کانون پناهندگان سیاسی ایران را امضا کنید".replace("ی", "ي").replace("ک", "ك")
    raw = mail(base64.b64encode(text.encode("cp1256")), b"text/plain; charset=utf-8", b"base64")

    assert open_message(raw).text == text
