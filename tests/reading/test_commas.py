"""Commas inside names: slogans that groups call themselves by, and enumerations; and those that part names."""

from __future__ import annotations

import pytest

from outreach.reading.commas import is_in_name, is_slogan
from outreach.reading.result import Signup
from tests.reading.letters import QUOTED_INVITATION, reading_of


def signed(text: str) -> tuple[Signup, ...]:
    return reading_of(text + QUOTED_INVITATION, sender="office77@mail.example").signups


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Yes please list Woman, Life, Freedom Ottawa as a signatory.", "Woman, Life, Freedom Ottawa"),
        ("Frau, Leben, Freiheit Kassel e.V. unterschreibt gerne.", "Frau, Leben, Freiheit Kassel"),
        ("Donna, Vita, Libertà Torino aderisce all'appello.", "Donna, Vita, Libertà Torino"),
        ("Em wek Jin, Jiyan, Azadî Bielefeld îmze dikin.", "Jin, Jiyan, Azadî Bielefeld"),
        ("ما جمع زن، زندگی، آزادی ملبورن هم امضا می‌کنیم", "جمع زن، زندگی، آزادی ملبورن"),
        ("ما «نان، کار، آزادی» هستیم از فرانکفورت، امضای ما را هم بگذارید", "نان، کار، آزادی"),
        ("Please add Justice, Bread and Peace for Iran to the signatories.", "Justice, Bread and Peace for Iran"),
        ("Hi, please count in Dignity, Truth and Memory Network.", "Dignity, Truth and Memory Network"),
    ],
)
def test_the_commas_of_a_slogan_and_of_an_enumeration_stay_in_the_name(text: str, name: str) -> None:
    (signup,) = signed(text)
    assert list(signup.names.values()) == [name]


def test_in_a_list_and_in_a_form_a_slogan_is_a_name() -> None:
    names = ["Woman, Life, Freedom Ottawa", "Frau, Leben, Freiheit Graz", "Harbour Choir"]
    listed = "These groups sign:\n\n{} – Canada\n{} – Österreich\n{} – Leeds – UK".format(*names)
    form = f"Name in English or your language: {names[0]}\nCity: Ottawa\nCountry: Canada"

    assert [signup.names["en"] for signup in signed(listed)] == names
    assert [(signup.names["en"], signup.city) for signup in signed(form)] == [(names[0], "Ottawa")]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("We sign. Harbour Choir, Leeds.\n\nWoman, Life, Freedom!\nSara", "Sara"),
        ("انجمن روشنا، برمن، امضا می‌کند.\n\nزن، زندگی، آزادی\nمینا", "مینا"),
        ("Wir unterschreiben: Kulturverein Ost, Celle.\n\nFrau, Leben, Freiheit!\nKatrin Ehlers", "Katrin Ehlers"),
    ],
)
def test_a_slogan_that_ends_the_letter_is_nobody(text: str, contact: str) -> None:
    (signup,) = signed(text)
    assert signup.contact_person == contact


@pytest.mark.parametrize(
    "text",
    [
        "Our branches in Oslo, Bergen and Trondheim for Iran",
        "Harbour Choir, Riverside Band and Northlight Collective",
        "Yes, Ada and Ben from Leeds",
        "We sign. Woman, of course, Life and Freedom",
    ],
)
def test_other_commas_part_names(text: str) -> None:
    assert not any(is_in_name(text, at) for at, sign in enumerate(text) if sign == ",")


def test_a_slogan_with_more_behind_it_is_not_only_a_slogan() -> None:
    assert is_slogan("Woman, Life, Freedom!")
    assert is_slogan("زن، زندگی، آزادی")
    assert not is_slogan("Woman, Life, Freedom Ottawa")
    assert not is_slogan("life and freedom")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bread, Roses and Rent would like to sign the statement.", "Bread, Roses and Rent"),
        ("Please add Rise, Resist, Rebuild (Glasgow) to the signatories.", "Rise, Resist, Rebuild"),
        ("Laut, Bunt, Quer unterstützt den Aufruf und möchte genannt werden.", "Laut, Bunt, Quer"),
        ("Bitte nehmt auch uns auf: Kein Mensch, kein Grenzzaun (Passau).", "Kein Mensch, kein Grenzzaun"),
        ("Please add No Borders, No Nations to the list.", "No Borders, No Nations"),
    ],
)
def test_three_single_words_and_two_halves_that_begin_alike_are_one_name(text: str, name: str) -> None:
    assert [written for signup in signed(text) for written in signup.names.values()] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Harbour Choir, Leeds, UK",
        "Berlin, Hamburg, Kiel",
        "Asheville, North Carolina",
        "Friday, Saturday and Sunday we meet",
        "Ada Moss, Chair, Harbour Choir",
        "Yes, Please, Mina",
        "the choir, the club",
    ],
)
def test_places_days_offices_and_persons_are_no_such_name(text: str) -> None:
    assert not any(is_in_name(text, at) for at, sign in enumerate(text) if sign == ",")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("La Otra Orilla firma la declaración.", "La Otra Orilla"),
        ("Nous sommes Voix d'Exil, à Grenoble, et nous signons.", "Voix d'Exil"),
        ("Desde Sin Fronteras Málaga nos sumamos al comunicado.", "Sin Fronteras Málaga"),
        ("Zet Thuis aan de Maas maar op de lijst.", "Thuis aan de Maas"),
        ("Sæt Fælles om Freden på listen.", "Fælles om Freden"),
        ("En nombre de Luz de Enero confirmo nuestra adhesión.", "Luz de Enero"),
        ("La Asociación de Vecinos firma la declaración.", "Asociación de Vecinos"),
    ],
)
def test_a_name_without_any_word_for_an_organisation_is_whole(text: str, name: str) -> None:
    assert [written for signup in signed(text) for written in signup.names.values()] == [name]
