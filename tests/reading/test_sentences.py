"""Where a sentence ends."""

from __future__ import annotations

from outreach.reading.sentences import sentences
from outreach.words import Kind
from tests.reading.letters import reading_of


def test_a_clause_in_small_letters_below_a_comma_goes_on() -> None:
    assert len(sentences("We sign as the Nordic Forum,\nbut only if it is taken out.")) == 1


def test_a_condition_below_a_wrapped_name_is_heard() -> None:
    text = (
        'Hi Mina,\n\nwe would be happy to sign as "Nordic Forum for Free Speech" (Oslo,\nNorway),\n'
        "but only if the sentence about sanctions is taken out.\n\nLeila Brandt"
    )

    assert reading_of(text).kind is Kind.QUESTION


def test_a_greeting_stands_by_itself_though_the_letter_goes_on_in_small_letters() -> None:
    assert len(sentences("Liebe Mina,\n\nwir unterschreiben gern.")) == 2


def test_names_below_each_other_stay_apart() -> None:
    assert len(sentences("Harbour Choir,\nNordic Forum,\nLantern Films")) == 3
