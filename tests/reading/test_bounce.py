"""Reports of mail systems without a machine-readable block, and mails that look like one and are none."""

from __future__ import annotations

import pytest

from outreach.reading import bounce
from outreach.reading.clues import read_clues
from outreach.reading.machine import machine_sign
from outreach.reading.message import Message, open_message
from outreach.words import Kind

RETURNED = "\n\n--- Original message ---\nReceived: from mail.campaign.example by gate.b.example\nSubject: Statement\n"


def mail(sender: str, subject: str, body: str, *more: str, path: str = "") -> Message:
    head = [f"From: {sender}", f"Subject: {subject}", "To: contact@campaign.example", *more]
    return open_message("\r\n".join([*([f"Return-Path: {path}"] if path else []), *head, "", body]).encode())


def unreached(message: Message) -> tuple[str, ...] | None:
    found = bounce.read_bounce(message)
    return found.recipients if found else None


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
    assert unreached(mail(sender, subject, text + RETURNED)) == ("a@b.example",)


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
    assert unreached(report("Final-Recipient: RFC822; a@#b.example\r\nAction: failed\r\nStatus: 5.1.2")) == (
        "a@#b.example",
    )


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


def attached(sender: str, subject: str, text: str, original: str) -> Message:
    body = f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--b--\r\n"
    return mail(sender, subject, body, 'Content-Type: multipart/mixed; boundary="b"')


ORIGINAL = "From: contact@campaign.example\r\nTo: a@b.example\r\nMessage-ID: <1@campaign.example>\r\n\r\nHello"
INNER = (
    "From: MAILER-DAEMON@mx.b.example\r\nSubject: Returned mail\r\n"
    'Content-Type: multipart/report; boundary="c"\r\n\r\n--c\r\n\r\nIt failed.\r\n'
    "--c\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.b.example\r\n\r\n"
    "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    f"--c\r\nContent-Type: message/rfc822\r\n\r\n{ORIGINAL}\r\n--c--\r\n"
)


def test_report_that_a_filter_at_the_door_passes_on_in_its_own_is_read() -> None:
    passed_on = attached("Mail Delivery Subsystem <MAILER-DAEMON@gate.b.example>", "Returned mail", "See below.", INNER)
    found = bounce.read_bounce(passed_on)
    assert found is not None
    assert (found.recipients, found.status) == (("a@b.example",), "5.1.1")
    assert read_clues(passed_on, ()).returned_ids == ("<1@campaign.example>",)


def test_report_that_a_person_attaches_to_a_letter_is_none_of_theirs() -> None:
    letter = attached("Ana <ana@b.example>", "Fwd: returned mail", "This came back. Have you another address?", INNER)
    assert machine_sign(letter) is None


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("MAILER-DAEMON@mx.b.example", "Returned mail: User unknown", "Unknown user: a"),
        (
            '"Jetmail System" <>',
            "Mail Error",
            'Your mail cannot be delivered to:\r\n\r\n a "(0), ErrMsg=no such account"',
        ),
        ("no-reply@phone.example", "Notice", "Your mail could not be delivered to the phone of your friend."),
        ("ann@phone.example", "Mail", "Your mail could not be delivered: the mailbox is unknown."),
    ],
)
def test_who_was_written_to_is_found_in_the_mail_that_came_back_when_the_report_names_nobody(
    sender: str, subject: str, text: str
) -> None:
    assert unreached(attached(sender, subject, text, ORIGINAL)) == ("a@b.example",)


def test_who_was_written_to_is_found_in_headers_below_the_report_too() -> None:
    text = (
        "Your mail cannot be delivered.\r\n" * 9
        + "--- Header of the mail ---\r\nReceived: from x\r\nTo: a@b.example\r\n"
    )
    assert unreached(mail("MAILER-DAEMON@mx.b.example", "Mail error", text)) == ("a@b.example",)


def test_phone_company_that_answers_below_our_subject_is_a_mail_system() -> None:
    text = (
        "Error: Invalid user address\r\n\r\n550 - Requested action not taken: no such user\r\n  RCPT TO: 555@b.example"
    )
    assert unreached(mail("post_master@b.example", "Re: A joint statement", text)) == ("555@b.example",)


def test_older_feedback_loop_is_a_complaint_and_a_person_who_complains_is_none() -> None:
    report = attached("staff@mailbox.example", "complaint about message from 192.0.2.1", "", ORIGINAL)
    letter = attached("Ana <ana@b.example>", "Complaint about message from 7 July", "Take us off.", ORIGINAL)
    signs = [machine_sign(report), machine_sign(letter)]
    assert [sign and sign.kind for sign in signs] == [Kind.COMPLAINT, None]


def test_path_that_names_nobody_lets_the_patterns_of_mail_systems_speak_whatever_the_sender_is_called() -> None:
    text = "Delivery to the following recipients failed.\r\n\r\n       a@b.example\r\n\r\n"
    for path, kind in (("<>", Kind.BOUNCE), ("<MAILER-DAEMON@b.example>", Kind.BOUNCE), ("<info@b.example>", None)):
        sign = machine_sign(mail("info@b.example", "Hello", text, path=path))
        assert (sign and sign.kind) is kind


def test_own_address_and_message_id_below_a_report_are_not_taken_for_whom_it_is_about() -> None:
    text = (
        "This message was created automatically by mail delivery software.\r\nA message that you sent could not be "
        "delivered to one or more of its recipients. This is a permanent error.\r\n\r\na@b.example Invalid Address\r\n"
        "\r\n\r\nReceived:from x by y\r\nMessage-ID:<1@campaign.example>\r\nFrom:C <contact@campaign.example>\r\n"
        "To:<a@b.example>\r\n"
    )
    assert unreached(mail("mailer-daemon@b.example", "Undelivered Mail Returned to Sender", text)) == ("a@b.example",)


def test_person_who_sends_our_letter_back_with_an_answer_is_no_mail_system() -> None:
    letter = attached("Ana <ana@b.example>", "Your letter", "We sign: Harbour Choir, Leeds. It is attached.", ORIGINAL)
    assert machine_sign(letter) is None


@pytest.mark.parametrize("more", ["X-Failed-Recipients: a@b.example", "X-Other: 1"])
def test_block_that_names_a_file_leaves_the_address_to_the_rest_of_the_report(more: str) -> None:
    body = (
        "--b\r\n\r\nA message that you sent could not be delivered.\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.b.example\r\n\r\n"
        "Action: failed\r\nFinal-Recipient: rfc822;/mail/spool/x\r\nStatus: 5.0.0\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{ORIGINAL}\r\n--b--\r\n"
    )
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    assert unreached(mail("Mailer-Daemon@b.example", "Mail delivery failed", body, kind, more)) == ("a@b.example",)


def test_block_without_an_action_tells_of_success_by_its_code() -> None:
    assert bounce.read_bounce(report("Final-Recipient: rfc822; a@b.example\r\nStatus: 2.0.0")) is None


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("AUTO: Anna Berg is out of the office (returning 05/01/2026)", Kind.AUTO_REPLY),
        ("AUTO: Anna Berg ist abwesend (Rückkehr am 05.01.2026)", Kind.AUTO_REPLY),
        ("Re: A joint statement (Automatic Response)", Kind.AUTO_REPLY),
        ("[Auto-Reply] A joint statement", Kind.AUTO_REPLY),
        ("Auto: wer fährt zur Kundgebung?", None),
        ("Re: automatic pay rise", None),
    ],
)
def test_notes_of_absence_are_told_by_their_subjects(subject: str, kind: Kind | None) -> None:
    sign = machine_sign(mail("ana@b.example", subject, "Gone fishing."))
    assert (sign and sign.kind) is kind


def test_who_was_not_reached_is_found_behind_the_link_of_their_name() -> None:
    page = '<p>Delivery has failed to these recipients:</p><a href="mailto:gone@b.example">Gone Person</a>'

    assert unreached(mail("postmaster@b.example", "Undeliverable: hello", page, "Content-Type: text/html")) == (
        "gone@b.example",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Your message was automatically rejected: you may not post. Questions: club-owner@b.example",
        "Your mail could not be delivered. Please write to postmaster@b.example if you feel this is an error.",
        "Delivery failed. For help write to support@b.example.",
    ],
)
def test_who_looks_after_a_mail_system_or_a_list_is_not_who_was_not_reached(text: str) -> None:
    returned = (
        "\n\n----- Original message -----\nReceived: from a\nFrom: contact@campaign.example\nTo: club@b.example\n"
    )

    assert unreached(mail("MAILER-DAEMON@b.example", "Mail failure", text + returned)) == ("club@b.example",)


def test_caretaker_is_named_where_the_report_names_nobody_else() -> None:
    text = "550 5.1.1 support@b.example: user unknown"

    assert unreached(mail("MAILER-DAEMON@b.example", "Mail failure", text)) == ("support@b.example",)


@pytest.mark.parametrize(
    "said", ["auto-generated (failure)", "auto-replied; owner-email=a@b.example", "Auto-Replied(x)"]
)
def test_a_comment_behind_the_keyword_changes_nothing(said: str) -> None:
    sign = machine_sign(mail("Anna <anna@b.example>", "Re: Statement", "<<< nothing >>>", f"Auto-Submitted: {said}"))

    assert sign is not None
    assert (sign.kind, sign.what) == (Kind.AUTO_REPLY, "auto-submitted")
