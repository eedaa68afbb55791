from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_INVITATION, reading_of


def test_a_form_with_a_name_label_for_each_script_is_one_signatory_with_its_place() -> None:
    form = "نام: انجمن زنان کلن\nName: Women's Association Cologne\nCity: Köln\nCountry: Germany\nContact: Mina Rad"
    [signup] = reading_of(form).signups

    assert signup.names == {"fa": "انجمن زنان کلن", "en": "Women's Association Cologne"}
    assert (signup.city, signup.country, signup.contact_person) == ("Köln", "DE", "Mina Rad")


@pytest.mark.parametrize(
    ("form", "name", "city"),
    [
        ("Organizasyonun adı: Kadın Derneği\nŞehir: Ankara\nKim konuşuyor: Ayşe Kaya", "Kadın Derneği", "Ankara"),
        ("Nome dell'organizzazione: Circolo Arci\nCittà: Roma\nPaese: Italia", "Circolo Arci", "Roma"),
        (
            "Name Midwest Peace Fellowship\nCity Madison\nCountry USA\nContact Hank Rowe",
            "Midwest Peace Fellowship",
            "Madison",
        ),
    ],
)
def test_labels_are_understood_in_their_grammar_and_without_any_sign(form: str, name: str, city: str) -> None:
    reading = reading_of(form)

    assert reading.kind is Kind.SIGNUP
    [signup] = reading.signups
    assert (list(signup.names.values()), signup.city) == ([name], city)


def test_prose_that_begins_with_words_of_labels_is_no_form() -> None:
    reading = reading_of("Name one reason why we should sign.\nCity people rarely do.\nContact us again later.")

    assert all(not signup.names for signup in reading.signups)


def test_a_titled_person_who_filled_in_a_contact_form_is_the_contact_and_the_letter_names_who_signs() -> None:
    form = "Name: Prof. Dr. Helga Steiner\nE-Mail: helga@uni.example\n\nThe Harbour Choir wants to sign your statement."
    [signup] = reading_of(form).signups

    assert (list(signup.names.values()), signup.contact_person) == (["Harbour Choir"], "Helga Steiner")


def test_a_titled_person_who_gives_a_place_signs_for_themselves() -> None:
    form = "Name: Dr. Helga Steiner\nCity: Graz\nCountry: Austria\n\nI sign as an individual."
    [signup] = reading_of(form).signups

    assert (signup.individual, signup.country, bool(signup.names)) == (True, "AT", True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "These groups sign:\n\nHarbour Choir – Leeds – UK\nRiver Choir – York – UK",
            ["Harbour Choir", "River Choir"],
        ),
        (
            "Folgende Gruppen unterschreiben:\n\nKulturverein Ost – Celle\nBücherstube Mitte – Göttingen",
            ["Kulturverein Ost", "Bücherstube Mitte"],
        ),
        ("تشکل‌های زیر امضا می‌کنند:\n\nکانون سرو – برمن\nانجمن روشنا – هانوفر", ["کانون سرو", "انجمن روشنا"]),
    ],
)
def test_what_announces_several_lines_is_no_label_of_the_first(text: str, names: list[str]) -> None:
    signups = reading_of(text + QUOTED_INVITATION).signups
    assert [next(iter(signup.names.values())) for signup in signups] == names


@pytest.mark.parametrize(
    "form", ["Organisation signing:\nHarbour Choir\nCity: Leeds", "These groups sign:\nHarbour Choir, Leeds"]
)
def test_a_label_above_one_line_still_asks_for_it(form: str) -> None:
    (signup,) = reading_of(form + QUOTED_INVITATION).signups
    assert (list(signup.names.values()), signup.city) == (["Harbour Choir"], "Leeds")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("نام ما را بنویسید: انجمن روشنا. ما گروهی کوچک در برمن هستیم و به برلین می‌رویم.", "انجمن روشنا", "DE"),
        (
            "Name of the organisation: Harbour Choir. We are a choir in Hull and sing for many.\nCountry: UK",
            "Harbour Choir",
            "GB",
        ),
        (
            "Name des Vereins: Kulturverein Zypresse. Wir freuen uns sehr darauf.\nLand: Österreich",
            "Kulturverein Zypresse",
            "AT",
        ),
    ],
)
def test_a_sentence_behind_the_name_in_a_form_is_none_of_it(text: str, name: str, country: str) -> None:
    (signup,) = reading_of(text + QUOTED_INVITATION).signups
    assert (list(signup.names.values()), signup.country) == ([name], country)


@pytest.mark.parametrize("name", ["Verein St. Lukas der Freien Kirche Ost", "Choir No. 5 of the Harbour Workers"])
def test_a_full_stop_inside_a_name_ends_it_not(name: str) -> None:
    (signup,) = reading_of(f"Name: {name}\nCountry: UK" + QUOTED_INVITATION).signups
    assert list(signup.names.values()) == [name]


def test_the_line_below_a_long_answer_is_not_a_part_of_it_where_no_line_was_wrapped() -> None:
    below = "Our choir sings every Sunday in the old harbour, and whoever is in town is welcome to come and sing. " * 2
    form = f"Name (as it is to be printed, in English, in one line of print): Harbour Choir\n{below}\nCity: Bergen"

    assert reading_of(f"{form}\nCountry: Norway").signups[0].names == {"en": "Harbour Choir"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Please add: 1) Club Nowruz Lyon 2) Atelier Simorgh Lyon. Merci, Kian",
            ["Club Nowruz Lyon", "Atelier Simorgh Lyon"],
        ),
        ("اسم این دو را بنویسید: ۱- کانون سرو، برمن ۲- انجمن روشنا، هانوفر", ["کانون سرو", "انجمن روشنا"]),
        (
            "Wir unterschreiben: 1. Kulturverein Ost, Celle 2. Frauencafé Lila, Kassel 3. Hafenchor, Kiel",
            ["Kulturverein Ost", "Frauencafé Lila", "Hafenchor"],
        ),
    ],
)
def test_items_that_are_numbered_on_one_line_are_signatories(text: str, names: list[str]) -> None:
    signups = reading_of(text + QUOTED_INVITATION).signups
    assert [next(iter(signup.names.values())) for signup in signups] == names


@pytest.mark.parametrize(
    "text",
    [
        "We sign. Harbour Choir, Leeds. 1) No action. 2) Print the city.",
        "We sign: Harbour Choir, Leeds. Two questions: 1) who prints it 2) when?",
    ],
)
def test_other_numbered_things_on_a_line_are_no_signatories(text: str) -> None:
    (signup,) = reading_of(text + QUOTED_INVITATION).signups
    assert list(signup.names.values()) == ["Harbour Choir"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("نام ما: کانون سرو. شهر برمن. رابط ما مهناز صفایی است.", "کانون سرو"),
        ("سلام. گروه ما: همبستگی زنان مهاجر (تورنتو). مخلص، علی ر.", "همبستگی زنان مهاجر (تورنتو)"),
        ("اسم گروه: جمع روشنا. مرسی از زحماتتون", "جمع روشنا"),
    ],
)
def test_a_persian_name_ends_with_its_sentence_however_short(text: str, name: str) -> None:
    (signup,) = reading_of(text + QUOTED_INVITATION).signups
    assert list(signup.names.values()) == [name]
