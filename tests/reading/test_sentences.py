"""Where a sentence ends."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "text",
    [
        "Vi samles kl. 19 den 5. september på torget.",
        "Wir sind ca. 15 Leute bzw. zwei Gruppen.",
        "We are St. Mary's and Prof. Holm speaks for us.",
    ],
)
def test_no_sentence_ends_behind_an_abbreviation(text: str) -> None:
    assert len(sentences(text)) == 1


@pytest.mark.parametrize("text", ["We sign. Thank you.", "Vi skriver under. Hej då.", "Ja. Mit Gruß, Ada"])
def test_a_sentence_ends_behind_a_short_word_that_is_none(text: str) -> None:
    assert len(sentences(text)) == 2
