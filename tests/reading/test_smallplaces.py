"""Where the signatory is, in letters without any capital letter."""

from __future__ import annotations

import pytest

from outreach.reading.result import Signup
from tests.reading.letters import QUOTED_INVITATION, reading_of


def only(text: str) -> Signup:
    (signup,) = reading_of(text + QUOTED_INVITATION, sender="A. B. <office77@mail.example>").signups
    return signup


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ('hallo, wir unterschreiben. wir heißen "offenes haus". stadt weimar, thüringen', "weimar", "DE"),
        ("hoi, wij doen mee! wij zijn huiskamer de brug uit nijmegen", "nijmegen", "NL"),
        ("apuntanos porfa, somos el comedor la olla brava de rosario, argentina", "rosario", "AR"),
        ("yes, sign us up. we are the harbour choir. all of us are from glasgow", "glasgow", "GB"),
    ],
)
def test_a_city_is_told_by_what_introduces_it(text: str, city: str, country: str) -> None:
    signup = only(text)

    assert (signup.city, signup.country) == (city, country)


@pytest.mark.parametrize(
    "text",
    [
        "hi, we sign as harbour choir. we read the text in bed, of course",
        "we sign, harbour choir. mobile number below, reading it now",
        "we sign, harbour choir. there is a rally in glasgow, we go there",
        "wir unterschreiben, die gruppe wildwuchs. essen und singen tun wir auch gern",
    ],
)
def test_no_city_is_made_of_words_or_of_a_rally_elsewhere(text: str) -> None:
    assert only(text).city is None


def test_capitals_elsewhere_leave_a_small_word_a_word() -> None:
    assert only("Harbour Choir signs. We come from nice, quiet folk.").city is None
