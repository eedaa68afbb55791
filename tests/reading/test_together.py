"""Several organisations that one sentence of a letter signs for, each with its place and the action of all."""

from __future__ import annotations

import pytest

from outreach.reading.read import read
from outreach.reading.result import Signup
from tests.reading.letters import QUOTED_INVITATION, letter


def _signups(text: str) -> list[Signup]:
    return list(read(letter(text + QUOTED_INVITATION, sender="A. B. <office77@mail.example>")).signups)


def _names(text: str) -> list[str]:
    return [name for signup in _signups(text) for name in signup.names.values()]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Please add both groups I look after: Left Alliance of Iranians and also the Solidarity Kitchen.",
            ["Left Alliance of Iranians", "Solidarity Kitchen"],
        ),
        (
            "firmano sia Donne in Rete che Radio Spazio Aperto, volentieri.",
            ["Donne in Rete", "Radio Spazio Aperto"],
        ),
        (
            "Wir unterschreiben, beide Vereine: der Frauenverein Lichtblick und die Initiative Offene Tür.",
            ["Frauenverein Lichtblick", "Initiative Offene Tür"],
        ),
    ],
)
def test_each_organisation_of_a_sentence_for_several_signs(text: str, names: list[str]) -> None:
    assert _names(text) == names


def test_each_has_the_place_behind_it_and_the_rest_what_is_said_of_both() -> None:
    said = "Two of us sign: the Harbour Choir in Oslo and the Women's Forum in Bergen."
    shared = "Both of us sign: the Harbour Choir and the Women's Forum. Both in Oslo."

    assert [signup.city for signup in _signups(said)] == ["Oslo", "Bergen"]
    assert [signup.city for signup in _signups(shared)] == ["Oslo", "Oslo"]


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Choir signs. We work with the Women's Forum and the Tenants' Union.",
        "Did both organisations sign, the Harbour Choir and the Women's Forum?",
    ],
)
def test_who_is_only_spoken_of_does_not_sign(text: str) -> None:
    assert "Women's Forum" not in _names(text)


@pytest.mark.parametrize("note", ["(no city please)", "(شهر لازم نیست)", "(city not to be printed, none)"])
def test_a_remark_about_the_city_is_no_part_of_a_listed_name(note: str) -> None:
    said = _names(f"Please add:\n1. Harbour Choir – Oslo – Norway\n2. Women's Forum {note}\n")

    assert said == ["Harbour Choir", "Women's Forum"]


@pytest.mark.parametrize(
    "value", ["please do not print (we are in Mainz)", "bitte nicht drucken (Mainz)", "not to be published, Mainz"]
)
def test_a_city_that_must_not_be_printed_is_not_taken_from_the_form(value: str) -> None:
    form = f"Name in English: Harbour Choir\nCity: {value}\nCountry: Germany\nWho speaks for you: Ada Holm"

    assert [signup.city for signup in _signups(form)] == [None]


def test_a_city_in_the_form_is_taken_when_nothing_withholds_it() -> None:
    form = "Name in English: Harbour Choir\nCity: Mainz (not the big one)\nCountry: Germany"

    assert [signup.city for signup in _signups(form)] == ["Mainz"]
