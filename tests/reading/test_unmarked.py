"""Our own mail below an answer that nothing marks as quoted."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_INVITATION, reading_of

_OURS = "\n".join(line[2:] for line in QUOTED_INVITATION.splitlines() if line.startswith(">"))


@pytest.mark.parametrize("between", ["", "+++ Ihre Nachricht +++\n", "Message 1\n"])
def test_our_own_words_decide_nothing_when_no_mark_says_that_they_are_quoted(between: str) -> None:
    reading = reading_of(f"Thank you, we would rather not sign.\n\nAnna\n\n{between}{_OURS}")

    assert reading.kind is Kind.DECLINE
    assert "joint statement" in reading.parts["quoted"]
    assert "rather not" in reading.parts["new"]


def test_a_text_that_only_mentions_the_signatories_stays_whole() -> None:
    text = "We have read your statement. " * 12 + "\n\nSignatories appear like this on your page, is that right?"

    assert reading_of(text).parts["quoted"] == ""


def test_a_mail_of_ours_that_somebody_sends_back_alone_is_left_as_it_is() -> None:
    assert reading_of(_OURS).parts["quoted"] == ""
