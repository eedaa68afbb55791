"""Reports of mail systems without a machine-readable block, and mails that look like one and are none."""

from __future__ import annotations

import pytest

from outreach.reading import bounce
from outreach.reading.machine import machine_sign
from outreach.reading.message import Message, open_message
from outreach.words import Kind

RETURNED = "\n\n--- Original message ---\nReceived: from mail.campaign.example by gate.b.example\nSubject: Statement\n"


def mail(sender: str, subject: str, body: str, *more: str, path: str = "") -> Message:
    head = [f"From: {sender}", f"Subject: {subject}", "To: contact@campaign.example", *more]
    return open_message("\r\n".join([*([f"Return-Path: {path}"] if path else []), *head, "", body]).encode())


def report(*blocks: str, text: str = "It failed.") -> Message:
    inside = "\r\n\r\n".join(["Reporting-MTA: dns; mx.b.example", *blocks])
    body = f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{inside}\r\n--b--\r\n"
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    return mail("MAILER-DAEMON@mx.b.example", "Delivery report", body, kind)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "MAILER-DAEMON@big.example",
            "failure delivery",
            "Unable to deliver to these addresses:\n\n<a@b.example>:\ngone",
        ),
        ("Mail Transfer Agent <mta@b.example>", "Notice", "Your message could not be delivered to:\n\n<a@b.example>\n"),
        (
            "scan@gate.example",
            "Mail could not be delivered",
            "Unable to deliver message to <a@b.example>.\n550 5.1.1 no",
        ),
        ("MAILER-DAEMON@old.example", "Processing error", "Intended recipient: a@b.example\n\nIt has been returned."),
        ('"Gate" <>', "Mail error", "Your mail cannot be delivered to the following:\n\n  a@b.example\n"),
    ],
)
def test_address_is_found_when_the_mail_system_only_writes_a_text(sender: str, subject: str, text: str) -> None:
    found = bounce.read_bounce(mail(sender, subject, text + RETURNED))
    assert found is not None
    assert found.recipients == ("a@b.example",)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("Ana <ana@b.example>", "Re: Mail could not be delivered", "Your mail could not be delivered to a@b.example."),
        ("Ana <ana@b.example>", "Fwd: Undelivered mail", "Unable to deliver to a@b.example. Please write to us again."),
        ("Ana <ana@b.example>", "Our address", "Our mail to a@b.example could not be delivered. Which one is right?"),
        ("Ana <ana@b.example>", "Delivery problem", "We had a problem with a@b.example, but we sign with pleasure."),
    ],
)
def test_person_who_writes_about_a_delivery_is_no_mail_system(sender: str, subject: str, text: str) -> None:
    assert machine_sign(mail(sender, subject, text)) is None


def test_vacation_note_with_an_empty_path_is_no_bounce_when_it_says_that_nothing_is_forwarded() -> None:
    note = mail("ana@b.example", "Out of office", "Your mail was not delivered to c@b.example, I am away.", path="<>")
    sign = machine_sign(note)
    assert sign is not None
    assert sign.kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "Delivered (to the mailbox)"])
def test_report_of_success_is_no_bounce(action: str) -> None:
    block = f"Final-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: 2.0.0"
    assert bounce.read_bounce(report(block)) is None


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("failed", "4.4.7", False), ("delayed", "4.4.1", False), ("failed", "5.2.2", False)],
)
def test_code_says_whether_it_is_for_good(action: str, status: str, permanent: bool) -> None:
    block = f"Final-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: {status}"
    found = bounce.read_bounce(report(block))
    assert found is not None
    assert (found.recipients, found.permanent) == (("a@b.example",), permanent)


def test_stated_recipient_is_found_when_its_domain_is_misspelt() -> None:
    found = bounce.read_bounce(report("Final-Recipient: RFC822; a@#b.example\r\nAction: failed\r\nStatus: 5.1.2"))
    assert found is not None
    assert found.recipients == ("a@#b.example",)


def test_receipt_by_which_a_server_refuses_our_mail_is_a_bounce() -> None:
    kind = 'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"'
    body = (
        "--b\r\n\r\nYour message to <a@b.example> was automatically rejected:\r\nQuota exceeded\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\r\n--b--\r\n"
    )
    refused = mail("Mail Delivery Subsystem <postmaster@b.example>", "Automatically rejected mail", body, kind)
    found = bounce.read_bounce(refused)
    sign = machine_sign(refused)
    assert sign is not None
    assert sign.kind is Kind.BOUNCE
    assert found is not None
    assert (found.recipients, found.permanent) == (("a@b.example",), False)
