"""Words that change nothing may stand anywhere in a phrase; what one leaves out of the line is no refusal."""

from __future__ import annotations

import pytest

from outreach.reading.read import read
from outreach.words import Kind
from tests.reading.letters import QUOTED_INVITATION, letter


def _kind(text: str) -> Kind:
    return read(letter(text + QUOTED_INVITATION)).kind


@pytest.mark.parametrize(
    "text",
    [
        "Wir sind natürlich ebenfalls mit dabei: Frauenhaus Celle",
        "Nous nous associons bien volontiers à votre appel. Maison des Exilés, Brest",
        "Vi ställer oss självklart också bakom uppropet. Fredsgruppen Lund",
        "Queremos igualmente firmar. Ateneo Popular, Sevilla",
        "Vi vil meget gerne være med. Kvindecentret, Aarhus",
    ],
)
def test_a_phrase_is_found_around_words_that_change_nothing(text: str) -> None:
    assert _kind(text) is Kind.SIGNUP


@pytest.mark.parametrize(
    "text",
    [
        "Wir sind natürlich nicht mit dabei.",
        "Nous ne signons évidemment pas votre appel.",
        "Vi ställer oss absolut inte bakom uppropet.",
    ],
)
def test_a_negation_between_them_still_turns_the_phrase(text: str) -> None:
    assert _kind(text) is Kind.DECLINE


@pytest.mark.parametrize(
    "text",
    [
        "Setzt uns auf die Liste: Archiv Freies Wort. Stadt bitte nicht aufnehmen.",
        "Firmamos: Biblioteca Abierta. La ciudad no la incluyan.",
        "Nous signons, Librairie du Pont. N'ajoutez pas la ville.",
    ],
)
def test_who_wants_a_value_left_out_refuses_no_signature(text: str) -> None:
    assert _kind(text) is Kind.SIGNUP


@pytest.mark.parametrize("text", ["Bitte nehmt uns nicht auf.", "No nos incluyan en la lista."])
def test_who_does_not_want_to_be_listed_refuses(text: str) -> None:
    assert _kind(text) is Kind.DECLINE
