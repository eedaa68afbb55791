"""Texts as words are compared: letter by letter to small ones without accents. Called by ``tokens`` alone.

A text of the letters that most are written in is folded as octets, ten times as fast as character by character.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from outreach.reading.names import fold_character

#: What a sign between words becomes: it parts them as a space does, but nothing is joined over it.
SIGN: Final = "\n"
_LETTERS: Final = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ء": "", "æ": "ae", "œ": "oe"})
#: The letters of most texts in Latin letters that are two when folded.
_TWO: Final = {"ß": "ss", "æ": "ae", "œ": "oe"}
_SIGNS: Final = "’‘“”„«»–—…•·\xa0€"
_LATIN: Final = f"{_SIGNS}\u202f°¿¡àáâãäåçèéêëìíîïñòóôõöøùúûüýÀÁÂÄÅÇÈÉÊÍÎÑÓÔÖØÚÜąćęłńśźżŁŚŻğışĞİŞășțčďđěňřšťůžČŠŽ"
_ARABIC: Final = f"{_SIGNS}،؛؟\u200c\u200e\u200fـًٌٍَُِّْٔءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگیڕڵێۆە۰۱۲۳۴۵۶۷۸۹"
_NO_CHARACTER: Final = "\ufffe"


class _Table(dict[int, str]):
    """A table for ``str.translate``, worked out as characters are met: what each is in a word, or what parts words."""

    def __missing__(self, code: int) -> str:
        small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        folded = unicodedata.normalize("NFKD", "".join(map(fold_character, small)).translate(_LETTERS))
        kept = [char for char in folded if unicodedata.category(char) != "Mn"]
        self[code] = found = "".join(char if char.isalnum() or char == " " else SIGN for char in kept)
        return found


class _Alphabet:
    """ASCII and up to 128 more characters. What they become stands among them, one for one or not at all."""

    def __init__(self, characters: str, table: Mapping[int, str]) -> None:
        self._characters = "".join(map(chr, range(128))) + characters
        self._octets: Any = codecs.charmap_build(self._characters.ljust(256, _NO_CHARACTER))  # its type has no name
        folded = [table[ord(char)][:1] for char in self._characters]  # of the three signs of "…" one is enough
        self._gone = bytes(octet for octet, found in enumerate(folded) if not found)
        self._folded = bytes(self._characters.index(found) if found else 0 for found in folded).ljust(256)

    def fold(self, text: str) -> str:
        """The folded text. Raises UnicodeEncodeError for a text with other characters."""
        octets = codecs.charmap_encode(text, "strict", self._octets)[0].translate(self._folded, self._gone)
        return octets.decode() if octets.isascii() else codecs.charmap_decode(octets, "strict", self._characters)[0]


class Folding:
    """One way to fold: as all texts are folded, but for the characters that ``own`` says otherwise."""

    def __init__(self, own: Mapping[int, str]) -> None:
        self._table = _Table(own)
        self._alphabets = [_Alphabet(letters, self._table) for letters in (_LATIN, _ARABIC)]

    def fold(self, text: str) -> str:
        """The text in small letters without marks, with ``SIGN`` for what is no letter, digit or space."""
        if text.isascii():
            return text.lower().translate(self._table)
        short = text
        for letter, two in _TWO.items():
            short = short.replace(letter, two)
        for alphabet in self._alphabets:
            try:
                return alphabet.fold(short)
            except UnicodeEncodeError:
                continue
        return text.translate(self._table)
