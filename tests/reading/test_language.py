"""The language of short answers, which hold few common words: by single phrases and by letters."""

from __future__ import annotations

import pytest

from outreach.reading.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oui.", "fr"),
        ("ABMELDEN", "de"),
        ("Evet, doğrudur.", "tr"),
        ("désinscription", "fr"),
        ("Självklart är vi med, sätt upp oss.", "sv"),
        ("Ja, klopt helemaal! Groet, Marijke", "nl"),
        ("withdraw", "en"),
        ("بله", "fa"),
        ("", "und"),
        ("12345", "und"),
    ],
)
def test_the_language_of_a_short_answer_is_told(text: str, language: str) -> None:
    assert language_of(text) == language
