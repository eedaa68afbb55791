"""Who writes no capital letters is read like others: the place of a form, a line that is rewritten."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, reading_of


@pytest.mark.parametrize("city", ["leeds", "novi sad", "malmö", "göttingen"])
def test_a_known_city_in_small_letters_is_the_forms_city(city: str) -> None:
    assert reading_of(f"name: harbour choir\ncity: {city}\ncontact: ada berg").signups[0].city == city


@pytest.mark.parametrize("answer", ["please do not print it", "we have none", "wherever you like", "lieber nicht"])
def test_an_answer_in_small_letters_that_is_no_city_is_none(answer: str) -> None:
    assert reading_of(f"name: harbour choir\ncity: {answer}\ncontact: ada berg").signups[0].city is None


def test_a_line_rewritten_in_small_letters_corrects_and_does_not_confirm() -> None:
    reading = reading_of(f"thanks! please print it like this instead:\n\nharbour choir – malmö – sweden{QUOTED_ASKING}")

    assert reading.kind is Kind.CORRECTION
    assert reading.signups[0].names == {"en": "harbour choir"}


def test_the_rest_of_a_sentence_that_was_wrapped_before_dashes_is_no_line_of_a_list() -> None:
    text = "we are many here in the north and all of us want to stand with\nthe families – malmö – sweden"

    assert all("the families" not in name for s in reading_of(text).signups for name in s.names.values())
