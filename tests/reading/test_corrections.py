"""What a correction changes: what is new in it, by whatever words, and nothing that was printed so already."""

from __future__ import annotations

import pytest

from outreach.reading.result import Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_ASKING_FA, reading_of


def changed(text: str) -> Signup:
    reading = reading_of(text)
    assert reading.kind is Kind.CORRECTION, reading
    (signup,) = reading.signups
    return signup


@pytest.mark.parametrize(
    ("text", "name", "city", "country"),
    [
        ("It should read:\nSolidarity Union – Stockholm – Sweden" + QUOTED_ASKING, "Solidarity Union", None, None),
        ("Solidarity Council – Malmö – Sweden" + QUOTED_ASKING, None, "Malmö", "SE"),
        ("Almost. Solidarity Council – Malmö – Sweden please" + QUOTED_ASKING, None, "Malmö", "SE"),
        ("شکل درست آن این است:\nانجمن حمایت – استکهلم – سوئد" + QUOTED_ASKING_FA, "انجمن حمایت", None, None),
        ("شورای حمایت – اسلو – نروژ" + QUOTED_ASKING_FA, None, "اسلو", "NO"),
    ],
)
def test_a_line_written_anew_holds_what_differs_from_the_printed_one(
    text: str, name: str | None, city: str | None, country: str | None
) -> None:
    signup = changed(text)
    assert (next(iter(signup.names.values()), None), signup.city, signup.country) == (name, city, country)


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Wrong city, we're in Gothenburg.", "Gothenburg"),
        ("You have us down as being in Oslo. We're in Bergen (Northlight Collective).", "Bergen"),
        ("Please change Stockholm to Uppsala.", "Uppsala"),
        ("شهر ما استکهلم نیست، گوتنبرگ است", "گوتنبرگ"),
    ],
)
def test_the_city_is_where_they_say_they_are(text: str, city: str) -> None:
    assert changed(text + QUOTED_ASKING).city == city


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bitte „Solidaritätsrat“ statt „Solidarity Council“.", "Solidaritätsrat"),
        (
            'On your website we appear as "Northligth Collective". It\'s "Northlight Collective".',
            "Northlight Collective",
        ),
        ("نام ما اشتباه چاپ شده، به جای «کانون همبستگی» نوشته‌اید «کانون همبسته». لطفا اصلاح کنید", "کانون همبستگی"),
        ("نام ما اشتباه است، به جای «کانون همبسته» بنویسید «کانون همبستگی».", "کانون همبستگی"),
    ],
)
def test_the_right_name_is_told_from_the_printed_one(text: str, name: str) -> None:
    assert list(changed(text).names.values()) == [name]


def test_a_new_contact_with_another_address_is_a_named_one() -> None:
    signup = changed("The person in charge has changed. New contact: Ben Carr, ben@northlight.example. Northlight")
    assert (signup.contact_person, signup.named_email) == ("Ben Carr", "ben@northlight.example")


@pytest.mark.parametrize(
    "text", ["Would you list us as Sisters Unbound, please?", "Please have us listed as Northlight Collective, Leeds."]
)
def test_who_asks_to_be_listed_corrects_nothing(text: str) -> None:
    assert reading_of(text).kind is not Kind.CORRECTION
