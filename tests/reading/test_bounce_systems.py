"""Reports of many mail systems in their own words, without a machine-readable part; and mail that only looks like one.

``bounces.txt`` holds them: a line "system | From | Subject | recipient | for good, not for good or none", then the
text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.reading.read import read
from outreach.words import Kind

_MAIL = (
    "From: {sender}\nTo: contact@north.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}"
)


def _cases() -> list[tuple[str, ...]]:
    blocks = Path(__file__).with_name("bounces.txt").read_text(encoding="utf-8").split("=====\n")
    return [
        (*(cell.strip() for cell in head.split(" | ")), text) for head, _, text in (b.partition("\n") for b in blocks)
    ]


_BOUNCES = [case for case in _cases() if case[4] != "none"]
_OTHERS = [case for case in _cases() if case[4] == "none"]


@pytest.mark.parametrize(
    ("sender", "subject", "recipient", "lasting", "text"),
    [case[1:] for case in _BOUNCES],
    ids=[f"{number}-{case[0]}" for number, case in enumerate(_BOUNCES)],
)
def test_a_report_in_a_mail_systems_own_words_names_whom_it_did_not_reach(
    sender: str, subject: str, recipient: str, lasting: str, text: str
) -> None:
    reading = read(_MAIL.format(sender=sender, subject=subject, text=text).encode())

    assert reading.kind is Kind.BOUNCE
    assert reading.bounce is not None
    assert reading.bounce.recipients == (recipient,)
    assert reading.bounce.permanent is (lasting == "for good")


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [(case[1], case[2], case[5]) for case in _OTHERS],
    ids=[case[0] for case in _OTHERS],
)
def test_what_is_no_report_of_a_failure_is_no_bounce(sender: str, subject: str, text: str) -> None:
    reading = read(_MAIL.format(sender=sender, subject=subject, text=text).encode())

    assert reading.kind is not Kind.BOUNCE
    assert reading.bounce is None
