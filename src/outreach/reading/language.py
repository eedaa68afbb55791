"""The language of a text (BCP 47): by script first, then by its common words."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading import names
from outreach.reading.lexicon import clause_words, lexicon, words

_ARABIC_ONLY = re.compile(r"[ةىيك]|\b(?:ال|من|في|على|إلى|هذا|التي)\w*")
_PERSIAN_ONLY = re.compile(r"[پچژگکی]|\b(?:است|را|که|می|ما|از)\b")
_KURDISH_ONLY = re.compile(r"[ڕڵێۆە]")
_BY_SCRIPT: Final = {"Cyrl": "ru", "Hebr": "he", "Grek": "el", "Hani": "zh", "Armn": "hy", "Geor": "ka"}
_SAMPLE: Final = 4000


def language_of(text: str) -> str:
    """The language of the text, "und" when there is none or nothing is recognised."""
    sample = text[:_SAMPLE]
    script = names.script(sample)
    if script == "Arab":
        return _arabic(sample)
    if script == "Latn":
        known, letters = lexicon(), _by_letters(sample)
        found = known.plain_language_of(words(sample), letters) or known.language_of(clause_words(sample), letters)
        return found if found and found != "fa" else "und"
    return _BY_SCRIPT.get(script, "und")


#: Letters that few languages have, and those that have them. What is written without its accents shows none.
_LETTERS: Final = {
    "ß": ("de",), "å": ("sv", "da", "no"), "ä": ("de", "sv", "fi"), "ö": ("de", "sv", "fi", "tr", "az"),
    "æ": ("da", "no"),
    "ø": ("da", "no"), "ı": ("tr", "az"), "ğ": ("tr", "az"), "ə": ("az",), "ñ": ("es",), "¿": ("es",), "¡": ("es",),
    "ã": ("pt",), "õ": ("pt",), "ł": ("pl",), "ę": ("pl",), "ț": ("ro",), "ă": ("ro",), "ù": ("fr", "it"),
    "è": ("fr", "it"), "ê": ("fr", "pt", "kmr"), "î": ("kmr", "ro", "fr"), "û": ("kmr", "fr"), "ş": ("tr", "az", "kmr"),
}  # fmt: skip


def _by_letters(sample: str) -> dict[str, float]:
    """How much the letters of a short text speak for a language."""
    said: dict[str, float] = {}
    if sample.isascii():
        return said
    lower = sample.lower()
    for letter, languages in _LETTERS.items():
        if letter in lower:
            for name in languages:
                said[name] = said.get(name, 0.0) + 1.5 / len(languages)
    return said


def _arabic(sample: str) -> str:
    if len(_KURDISH_ONLY.findall(sample)) * 12 > len(sample.split()):
        return "ckb"
    tokens = words(sample)
    said, azeri = lexicon().stopwords["fa"], lexicon().stopwords["az-Arab"]
    if sum(word in azeri for word in tokens) > sum(word in said for word in tokens):
        return "az-Arab"
    persian = len(_PERSIAN_ONLY.findall(sample)) + 2 * sum(word in said for word in tokens)
    return "fa" if persian * 2 >= len(_ARABIC_ONLY.findall(sample)) else "ar"
