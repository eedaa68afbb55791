"""Names at the ends of lines that a client wrapped: none that may be cut is believed."""

from __future__ import annotations

import pytest

from tests.reading.letters import QUOTED_ASKING, reading_of

#: Three lines of about the same length, as a client leaves them that wraps at 60 columns.
WRAPPED = (
    "Dear friends, we have read your letter with much joy in the\n"
    "last meeting of our board, and everybody there said that we\n"
    "want to stand with the families. Here is what you asked for:\n\n"
)


def test_a_name_that_was_wrapped_is_read_whole() -> None:
    reading = reading_of(
        f"{WRAPPED}Name in English or your language: Lantern Workers of Kochi\nSupport Committee\n"
        "City: Kochi\nCountry: India"
    )

    assert reading.signups[0].names["en"].split() == ["Lantern", "Workers", "of", "Kochi", "Support", "Committee"]
    assert reading.signups[0].city == "Kochi"


def test_a_name_that_was_wrapped_twice_is_not_believed_by_half() -> None:
    reading = reading_of(
        f"{WRAPPED}Name in English or your language: Lantern Workers of Kochi\nSupport and\nRelief\n"
        "City: Kochi\nCountry: India"
    )

    assert reading.confidence < 0.9


@pytest.mark.parametrize("place", ["City: Kochi\n", "\n"])
def test_a_name_with_room_on_its_line_ends_there(place: str) -> None:
    reading = reading_of(f"{WRAPPED}Name in English: Lantern Films\n{place}Country: India\nContact: Asha Nair")

    assert reading.signups[0].names["en"] == "Lantern Films"
    assert reading.confidence >= 0.9


def test_what_is_said_below_a_name_with_room_stays_a_sentence() -> None:
    reading = reading_of(f"{WRAPPED}Name: Lantern Films\nwe will be many\nCity: Kochi\nCountry: India{QUOTED_ASKING}")

    assert reading.signups[0].names["en"] == "Lantern Films"
