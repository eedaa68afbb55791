"""Texts as words are compared: the same by octets as character by character."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.names import fold_character
from outreach.reading.tokens import clause_words, words

_LETTERS = "aZ1 ,'’–…«»\n\xa0éÜßæœøłıİŞőčاآبپیيكکةۀءؤ‌ـًٔڕۆ۵؟،оЖдעשλς中🙂"
_SPELT = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ء": "", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """The letters and digits of a text folded one by one."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFKD", "".join(map(fold_character, small)).translate(_SPELT))
    return "".join(char for char in plain if char.isalnum())


@given(st.text(_LETTERS, max_size=30))
def test_words_hold_the_folded_letters_of_the_text_whatever_its_alphabet(text: str) -> None:
    plain = text.replace("'", " ")  # "we'll" is two words, and longer

    assert "".join(words(plain.replace("’", " "))) == folded(plain.replace("’", " "))


@given(st.text(_LETTERS, max_size=30), st.sampled_from("中🙂Ж"))
def test_a_foreign_letter_changes_no_word_before_it(text: str, foreign: str) -> None:
    assert words(f"{text} . {foreign}")[: len(words(text))] == words(text)


def test_letters_of_both_alphabets_are_folded_as_they_are_alone() -> None:
    assert words("Solidarität با ما «Größe»") == ("solidaritat", "با", "ما", "grosse")
    assert clause_words("Ja – wir, größte Łódź…") == ("ja", ",", "wir", ",", "grosste", "lodz")
