from __future__ import annotations

import pytest

from outreach.reading.clues import read_clues
from outreach.reading.message import open_message
from tests.reading.mails import multipart, part

OURS = "<a1b2@campaign.example>"


@pytest.mark.parametrize(
    "stated",
    [
        b"Original-Envelope-Id: a1b2@campaign.example",
        b"original-envelope-id: <a1b2@campaign.example>",
        b"X-Original-Message-ID: <a1b2@campaign.example>",
        b"Original-Message-ID:  <a1b2@campaign.example>",
    ],
)
def test_our_id_is_found_when_a_report_states_it_and_returns_nothing_of_our_mail(stated: bytes) -> None:
    block = (
        b"Reporting-MTA: dns; mx.example\r\n" + stated + b"\r\n\r\nFinal-Recipient: rfc822; rosa@hamburg.example\r\n"
    )
    report = multipart(
        part(b"It could not be delivered."),
        part(block + b"Action: failed\r\nStatus: 5.1.1\r\n", b"message/delivery-status"),
        kind=b"report; report-type=delivery-status",
    )

    assert read_clues(open_message(report), ()).returned_ids == (OURS,)


@pytest.mark.parametrize("stated", [b"Original-Envelope-Id: 4711", b"Original-Envelope-Id: <a b@c.example>"])
def test_an_envelope_id_that_is_no_id_of_a_mail_finds_none(stated: bytes) -> None:
    report = multipart(
        part(b"It could not be delivered."), part(stated + b"\r\n", b"message/delivery-status"), kind=b"report"
    )

    assert OURS not in read_clues(open_message(report), ()).returned_ids
