"""Names that a text introduces in so many words."""

from __future__ import annotations

import pytest

from outreach.reading.called import called, in_languages
from outreach.reading.sentences import sentences


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We are small, in Essen, name is Haus am Fluss, and we agree.", "Haus am Fluss"),
        ("Vi är med. Skriv Rosa Husets vänner Lund.", "Rosa Husets vänner Lund"),
        ("Bitte als\n\n»Stimme vom Rand«\n\nohne e.V.", "Stimme vom Rand"),
        ("Vous pouvez écrire : Les Voisins de l'Est, à Metz.", "Les Voisins de l'Est"),
        ("ما هم هستیم لطفا بنویسید آوای سپیده\nشهر لیل", "آوای سپیده"),
        ('Der Verein "Genf ohne Zaun" macht mit.', "Genf ohne Zaun"),
    ],
)
def test_a_name_is_found_when_its_introduction_stands_before(text: str, name: str) -> None:
    assert [c.piece.text for c in called(sentences(text))] == [name]


@pytest.mark.parametrize(
    "text",
    ["What does it say, the name is Haus am Fluss?", "Your name is known to us.", "Skriv gärna till oss igen."],
)
def test_no_name_is_found_when_nothing_is_named(text: str) -> None:
    assert called(sentences(text)) == []


def test_two_names_are_found_when_their_languages_stand_behind() -> None:
    text = "Vi heter صدای رود på persiska och Flodröst på svenska."

    assert [piece.text for piece in in_languages(sentences(text))] == ["صدای رود", "Flodröst"]
