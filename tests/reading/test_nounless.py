"""A name without any word for an organisation, by where it stands in a sign-off; the persons and places around it."""

from __future__ import annotations

import pytest

from outreach.reading.result import Signup
from tests.reading.letters import QUOTED_INVITATION, reading_of


def only(text: str) -> Signup:
    (signup,) = reading_of(text + QUOTED_INVITATION, sender="A. B. <office77@mail.example>").signups
    return signup


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "We will sign.\n\nBest wishes\nAda Moss\nChair\nNorth of the Trent\n12 Mill Lane, Leeds LS1 4AP",
            "North of the Trent",
        ),
        (
            "Wir unterschreiben gern.\n\nViele Grüße\nJana Holm\nSprecherin\nGrenzenlos Weimar\nTel. 03643 555012",
            "Grenzenlos Weimar",
        ),
        (
            "Nous signons.\n\nCordialement\nZoé Marin\nPrésidente\nLes Voix Debout\n12 rue Haute, 35000 Rennes",
            "Les Voix Debout",
        ),
        ("Wij tekenen graag.\n\nGroeten\nJoke Visser, voorzitter\nThuis aan de Maas", "Thuis aan de Maas"),
    ],
)
def test_the_line_below_a_function_names_who_signs(text: str, name: str) -> None:
    assert list(only(text).names.values()) == [name]


@pytest.mark.parametrize(
    "below",
    [
        "Peter Holm\nSecretary",
        "Peter Holm\n01478 555 0142",
        "Kirk Brae, Portree",
        "12 Mill Lane\nLeeds LS1 4AP",
        "All Views My Own\n01478 555 0142",
        "Sent from my iPhone",
    ],
)
def test_no_name_is_made_of_another_person_an_address_or_a_remark(below: str) -> None:
    assert only(f"We would be glad to sign.\n\nBest wishes\nAda Moss\nChair\n{below}").names == {}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Harbour Choir signs.\n\nEvery blessing\nMoira\n\nRev Dr Moira Tennant\nMinister", "Moira Tennant"),
        ("Der Hafenchor Kiel unterschreibt.\n\nViele Grüße\nJana\n\nJana Holm\nSprecherin", "Jana Holm"),
        ("La Chorale du Port signe.\n\nCordialement\nZoé\n\nZoé Marin\nPrésidente", "Zoé Marin"),
        ("Harbour Choir signs.\n\nBest wishes\nMoira\n\nPeter Holm\nMinister", "Moira"),
        ("Harbour Choir signs.\n\nBest wishes\nMoira Hay\n\nMoira Tennant\nMinister", "Moira Hay"),
    ],
)
def test_a_first_name_is_completed_by_the_block_below_it(text: str, person: str) -> None:
    assert only(text).contact_person == person


@pytest.mark.parametrize(
    ("line", "city"),
    [
        ("ul. Piotrkowska 999, 90-999 Łódź", "Łódź"),
        ("Rua das Flores 9, 4050-999 Porto", "Porto"),
        ("Storgatan 9, 753 31 Uppsala", "Uppsala"),
        ("Room 101-102 Annexe", None),
    ],
)
def test_a_city_is_known_behind_the_post_codes_of_its_country(line: str, city: str | None) -> None:
    assert only(f"We sign.\n\nBest wishes\nAda Moss\nChair\nHarbour Choir\n{line}").city == city
