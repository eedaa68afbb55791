"""Invented names for real ones: nothing real is left, the same stays the same, and the text stays readable."""

from __future__ import annotations

import pytest

from outreach.reading.pseudonyms import Pseudonyms


@pytest.fixture
def names() -> Pseudonyms:
    found = Pseudonyms({"statement@campaign.invalid"})
    found.organisation({"en": "Refugee Council Hamburg", "fa": "شورای پناهندگان هامبورگ"})
    found.person("Rosa Marwood")
    found.person("مریم احمدی")
    return found


def test_known_names_are_replaced_whole_in_parts_and_across_lines(names: Pseudonyms) -> None:
    said = names.text(
        "We, the REFUGEE\n  Council Hamburg, sign. Rosa Marwood. Yours, Rosa. شورای پناهندگان هامبورگ، مریم"
    )
    for real in ("Refugee", "REFUGEE", "Rosa", "Marwood", "پناهندگان", "مریم"):
        assert real not in said
    assert "sign" in said


def test_same_name_is_the_same_invented_one_and_another_is_not(names: Pseudonyms) -> None:
    names.person("Otto Kling")
    assert names.text("Rosa Marwood") == names.text("rosa  marwood") != names.text("Otto Kling")
    assert names.address("a@b.invalid") == names.address("A@B.invalid") != names.address("c@b.invalid")
    assert names.address("c@b.invalid").partition("@")[2] == names.address("a@b.invalid").partition("@")[2]


def test_names_of_one_organisation_stay_in_their_scripts(names: Pseudonyms) -> None:
    assert names.text("Refugee Council Hamburg").isascii()
    assert not names.text("شورای پناهندگان هامبورگ").isascii()


@pytest.mark.parametrize(
    "real",
    [
        "office@council.invalid",
        "https://www.council.invalid/rosa?id=7",
        "www.council.invalid",
        "council.invalid",
        "council.invalid/rosa",
        "@rosa_marwood",
        "+49 40 1234567",
        "(040) 123 45 67 89",
        "۰۲۱ ۱۲۳۴ ۵۶۷۸",
        "K7Q2-M9PX",
    ],
)
def test_what_leads_to_somebody_is_replaced(names: Pseudonyms, real: str) -> None:
    said = names.text(f"Write to {real} please.")
    assert real not in said
    assert "council" not in said
    assert said.startswith("Write to ")


@pytest.mark.parametrize("kept", ["2026-09-05", "5.9.2026", "05.09.2026 14:00", "14:00", "33 organisations"])
def test_days_hours_and_counts_stay(names: Pseudonyms, kept: str) -> None:
    assert kept in names.text(f"We meet, {kept}, on the square.")


def test_our_own_address_stays_recognisable_as_ours(names: Pseudonyms) -> None:
    assert names.text("statement@campaign.invalid") == "statement@contact.example"


@pytest.mark.parametrize(
    "text",
    [
        "On Mon, 3 Aug 2026 at 10:00, Kim Lenz <kim@council.invalid> wrote:",
        "On Mon, Aug 3, 2026 at 10:00 AM Kim Lenz\n<kim@council.invalid> wrote:",
        "Am 3. August 2026 schrieb Kim Lenz <kim@council.invalid>:",
        "From: Lenz, Kim [mailto:kim@council.invalid]",
        'To: "Kim Lenz (Council)" <kim@council.invalid>; Somebody <some@body.invalid>',
        "On 3 Aug 2026 kim lenz <kim.lenz@council.invalid> wrote:",
        "Yours\nKim Lenz\nkim.lenz@council.invalid",
        "Yours\nLenz, Kim\nkim.lenz@council.invalid",
    ],
)
def test_owner_of_an_address_is_replaced_though_no_record_knows_the_name(names: Pseudonyms, text: str) -> None:
    names.owners(text)
    said = names.text(f"{text}\nKim said so.").casefold()
    assert "kim" not in said
    assert "lenz" not in said


def test_owner_in_a_script_without_capitals_is_replaced(names: Pseudonyms) -> None:
    text = "در ۳ اوت ۲۰۲۶ ۱۰:۰۰، رزا کریمی <rosa@council.invalid> نوشت:"
    names.owners(text)
    assert "رزا" not in names.text(text)
    assert "نوشت" in names.text(text)


@pytest.mark.parametrize("text", ["please write to <office@council.invalid>", "Am 3. schrieb <press.team@c.invalid>"])
def test_words_before_an_address_that_are_no_name_stay(names: Pseudonyms, text: str) -> None:
    names.owners(text)
    assert names.text(text).partition("<")[0] == text.partition("<")[0]


def test_three_hundred_people_have_three_hundred_names(names: Pseudonyms) -> None:
    real = [f"{chr(97 + number // 26)}{chr(97 + number % 26)} real" for number in range(300)]
    for name in real:
        names.person(name)
    assert len({names.text(name) for name in real}) == len(real)
