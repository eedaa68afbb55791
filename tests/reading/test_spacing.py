"""The layout of a text: what nobody sees in it changes no reading."""

from __future__ import annotations

import pytest

from outreach.reading.spacing import evened
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, reading_of

FORM = (
    "Dear friends,\n\nplease add us:\n\nName in English: Solidarity council with the struggles of the Iranian\npeople\n"
    "City: Stockholm\nCountry: Sweden\n\nBehzad"
)
NAME = "Solidarity council with the struggles of the Iranian\npeople"


@pytest.mark.parametrize("blank", [" ", "  ", "\t", "\xa0"])
def test_blanks_behind_the_lines_cut_no_name(blank: str) -> None:
    reading = reading_of(FORM.replace("\n", f"{blank}\n"))

    assert reading.signups[0].names["en"].split() == NAME.split()


def test_a_blank_line_after_every_line_cuts_no_name() -> None:
    reading = reading_of(FORM.replace("\n", "\n\n"))

    assert reading.signups[0].names["en"].split() == NAME.split()
    assert reading.signups[0].city == "Stockholm"


def test_a_blank_line_after_every_line_hides_no_refusal() -> None:
    text = "Hoi,\n\nwe hebben het besproken maar we kiezen ervoor om dit niet te\nondertekenen. Sterkte ermee!\n\nFleur"

    assert reading_of(f"{text}\n{QUOTED_ASKING}".replace("\n", "\n\n")).kind is not Kind.SIGNUP


def test_paragraphs_of_one_line_each_stay_paragraphs() -> None:
    text = "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix.\n\nSeven."

    assert evened(text) == text


def test_the_blank_behind_the_dashes_of_a_signature_stays() -> None:
    assert evened("Yes. \n-- \nRosa \n") == "Yes.\n-- \nRosa\n"


def test_a_mark_of_direction_before_a_line_hides_no_question() -> None:
    text = "\u202bبا سلام. آیا امضای گروه‌های موسیقی را هم قبول می‌کنید یا فقط سازمان‌های سیاسی؟\u202c"

    assert reading_of(text).kind is Kind.QUESTION


def test_a_mark_that_turns_letters_round_is_left_for_people_to_see() -> None:
    assert evened("a\u202eb\u202c\nc") == "a\u202eb\nc"


@pytest.mark.parametrize("blank", ["\xa0", "\u202f"])
def test_hard_blanks_between_words_cut_no_name(blank: str) -> None:
    reading = reading_of(FORM.replace(" ", blank))

    assert reading.signups[0].names["en"].split() == NAME.split()
    assert reading.signups[0].city == "Stockholm"
