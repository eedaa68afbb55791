"""Texts as words are compared: the same by octets as character by character."""

from __future__ import annotations

import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.reading.names import fold_character
from outreach.reading.spoken import WRITTEN
from outreach.reading.tokens import clause_words, words, words_before

_LETTERS = "aZ1 ,'’–…«»\n\xa0éÜßæœøłıİŞőčاآبپیيكکةۀءؤ‌ـًٔڕۆ۵؟،оЖдעשλς中🙂"
_SPELT = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ء": "", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """The letters and digits of a text folded one by one."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFKD", "".join(map(fold_character, small)).translate(_SPELT))
    return "".join(char for char in plain if char.isalnum())


@given(st.text(_LETTERS, max_size=30))
def test_words_hold_the_folded_letters_of_the_text_whatever_its_alphabet(text: str) -> None:
    plain = text.replace("'", " ").replace("’", " ")  # "we'll" is two words, and longer
    assume(set(WRITTEN.values()).isdisjoint(words(plain)))  # what is spoken is compared as it is written

    assert "".join(words(plain)) == folded(plain)


@given(st.text(f"{_LETTERS}Bcd_-.:", max_size=30), st.integers(0, 30))
def test_words_before_a_place_are_those_of_the_text_up_to_it(text: str, end: int) -> None:
    assert words_before(text, end) == len(words(text[:end]))


@given(st.text(_LETTERS, max_size=30), st.sampled_from("中🙂Ж"))
def test_a_foreign_letter_changes_no_word_before_it(text: str, foreign: str) -> None:
    assert words(f"{text} . {foreign}")[: len(words(text))] == words(text)


def test_letters_of_both_alphabets_are_folded_as_they_are_alone() -> None:
    assert words("Solidarität با ما «Größe»") == ("solidaritat", "با", "ما", "grosse")
    assert clause_words("Ja – wir, größte Łódź…") == ("ja", ",", "wir", ",", "grosste", "lodz")
