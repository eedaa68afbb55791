"""An answer to us that somebody forwards: our own mail below it is not its author's."""

from __future__ import annotations

import pytest

from outreach.reading.reply import split
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of

HEAD = """---------- Forwarded message ---------
From: Ada Berg <ada@choir.example>
Date: Wed, 15 Jul 2026 at 09:00
Subject: Re: Will your organisation sign?
To: Campaign <contact@campaign.example>

"""
BLOCK = """

From: Campaign <contact@campaign.example>
Sent: Tuesday, July 7, 2026 10:14 AM
To: Ada Berg <ada@choir.example>
Subject: Will your organisation sign?

Would your organisation sign too? Signatories appear like this: Example Committee - Zurich - Switzerland.
A short "no" helps too; then we stop writing. If you want no more mail, answer "unsubscribe".
"""


@pytest.mark.parametrize("below", [QUOTED_INVITATION, BLOCK])
def test_our_mail_below_a_forwarded_answer_is_quoted(below: str) -> None:
    reading = reading_of(f"{HEAD}Please add us: Harbour Choir, Bergen, Norway.{below}", subject="Fwd: Re: statement")

    assert reading.kind is Kind.SIGNUP
    assert reading.signups[0].names == {"en": "Harbour Choir"}
    assert reading.parts["forwarded"].endswith("Norway.")
    assert "forwarded" in reading.needs_human


@pytest.mark.parametrize(("said", "kind"), [("Sorry, we do not sign.", Kind.DECLINE), ("Who are you?", Kind.QUESTION)])
def test_a_forwarded_refusal_or_question_signs_nobody(said: str, kind: Kind) -> None:
    assert reading_of(f"{HEAD}{said}{BLOCK}", subject="Fwd: Re: statement").kind is kind


def test_a_forwarded_yes_to_our_question_is_a_yes_that_a_person_looks_at() -> None:
    reading = reading_of(f"{HEAD}Yes, that is right.{QUOTED_ASKING}", subject="Fwd: Re: your line")

    assert reading.kind is Kind.CONFIRMATION
    assert "forwarded" in reading.needs_human


def test_a_forward_inside_a_forward_stays_one() -> None:
    inner = HEAD.replace("ada@choir.example", "ada.berg@post.example")
    reading = reading_of(
        f"{HEAD}for your list:\n\n{inner}Please add us: Harbour Choir, Bergen, Norway.", subject="Fwd: Fwd: statement"
    )

    assert "Harbour Choir" in reading.parts["forwarded"]
    assert reading.kind is Kind.SIGNUP


@pytest.mark.parametrize(("sender", "part"), [("ada@choir.example", "forwarded"), ("us@campaign.example", "quoted")])
def test_a_forwarded_mail_is_ours_by_its_sender_and_not_by_whom_it_was_for(sender: str, part: str) -> None:
    head = HEAD.replace("ada@choir.example", sender).replace("contact@campaign.example", "us@campaign.example")
    parts = split(f"{head}Would your organisation sign?", own=frozenset({"us@campaign.example"})).parts

    assert parts[part].endswith("sign?")


def test_a_forwarded_answer_is_read_in_its_own_language_and_not_in_that_of_its_headers() -> None:
    reading = reading_of(f"{HEAD}Добрый день. Подпишу от своего имени: Павел Громов, Алматы.", subject="Fwd: Re: line")

    assert (reading.language, reading.kind) == ("ru", Kind.SIGNUP)
