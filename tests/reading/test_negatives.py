"""A "no" inside a name denies nothing, and a "no" that stands for itself is heard though capitals are near it."""

from __future__ import annotations

import pytest

from tests.reading.letters import QUOTED_INVITATION, reading_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("No Borders Leeds would like to sign.", "No Borders Leeds"),
        ("Please add No More Deaths Tucson to the list.", "No More Deaths Tucson"),
        ("We are Never Again Action and we sign.", "Never Again Action"),
        ("Bridges Not Walls Bristol signs the statement.", "Bridges Not Walls Bristol"),
        ("Non Una di Meno Torino aderisce alla dichiarazione.", "Non Una di Meno Torino"),
        ("A nome di Ponti non Muri vi comunico la nostra adesione.", "Ponti non Muri"),
        ("Ni Una Menos Madrid firma la declaración.", "Ni Una Menos Madrid"),
        ("Bitte setzen Sie Nie Allein Ulm auf die Liste.", "Nie Allein Ulm"),
        ("Keine Grenzen Graz unterzeichnet gern.", "Keine Grenzen Graz"),
        ("Jamais Sans Elles signe le texte.", "Jamais Sans Elles"),
        ("Inte En Till Malmö skriver under.", "Inte En Till Malmö"),
        ("Geen Mens Illegaal Gent ondertekent.", "Geen Mens Illegaal Gent"),
    ],
)
def test_a_name_with_a_no_in_it_signs(text: str, name: str) -> None:
    reading = reading_of(text + QUOTED_INVITATION)

    assert reading.kind == "signup"
    assert [written for signup in reading.signups for written in signup.names.values()] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "No Harbour Choir member can sign.",
        "No Mina, we will not sign. Harbour Choir",
        "Not The Harbour Choir. We will not sign.",
        "WE DO NOT SIGN",
        "We Will Not Be Signing This. Harbour Choir",
        "We are Not Able to sign this. Harbour Choir",
        "We do Not Support this text. Harbour Choir, Leeds",
        "Keine Gruppe von uns unterzeichnet.",
        "Keine Unterstützung Unseres Vereins erfolgt.",
        "Unser Plenum hat entschieden: Kein Ja von uns, wir unterzeichnen nicht.",
        "Non firmiamo. Coro del Porto",
        "Nobody in our group signs.",
        "Niemand von uns unterschreibt.",
        "Nadie de nosotros firma.",
    ],
)
def test_a_real_no_beside_capitals_is_a_no(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind == "decline"


@pytest.mark.parametrize(
    "text",
    [
        "Nobody voted against. Harbour Choir, Leeds, signs.",
        "None of us had doubts: Harbour Choir Leeds signs.",
        "Niemand war dagegen, der Hafenchor Kiel unterschreibt.",
    ],
)
def test_that_nobody_was_against_it_is_no_refusal(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind == "signup"


@pytest.mark.parametrize(
    "text", ["We do not.", "Natürlich nicht. Hafenchor Kiel", "Of course not. Harbour Choir, Leeds"]
)
def test_a_yes_with_a_not_right_behind_it_signs_nothing(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind != "signup"
