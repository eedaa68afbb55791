"""What a mailing list puts below a mail that somebody forwards from it."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import reading_of

FORWARDED = """this reached me, please add them

---------- Forwarded message ---------
From: Siamak Ardalan <s.ardalan@council.example>
Date: Sat, Aug 15, 2026 at 6:02 PM
Subject: statement
To: Roya <roya@post.example>

Dear Roya, please add our name to the statement: Harbour Choir, Bergen, Norway.
Siamak Ardalan

-- 
You received this message because you are subscribed to the Google Groups "Board" group.
To unsubscribe from this group and stop receiving emails from it, send an email to board+unsubscribe@groups.example.
"""


def test_the_footer_of_a_list_below_a_forwarded_mail_unsubscribes_nobody() -> None:
    reading = reading_of(FORWARDED)

    assert reading.kind is Kind.SIGNUP
    assert reading.also == ()
    assert reading.signups[0].names == {"en": "Harbour Choir"}
    assert "unsubscribe" in reading.parts["forwarded"]


@pytest.mark.parametrize(
    "said",
    ["Take me off your mailing list please.", "Unsubscribe me from this, please.", "Bitte vom Verteiler abbestellen."],
)
def test_what_a_forwarded_mail_says_of_a_list_is_heard(said: str) -> None:
    head, _, footer = FORWARDED.partition("Dear Roya")
    reading = reading_of(f"{head}{said}\n\nSiamak\n\n-- {footer.partition('-- ')[2]}")

    assert reading.kind is Kind.UNSUBSCRIBE
    assert "forwarded" in reading.needs_human
