"""A wish that no name be printed, which a letter may add to its yes: "we sign, but do not publish our name".

Told clause by clause, by a word for the name, one for printing and a denial; a person looks at it, whatever else the
letter says. Words are compared as ``lexicon.words`` gives them, by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence

#: By language: how words for the name begin, and words for printing it.
_TABLE: Final = {
    "en": ("name", "print publi appear list mention disclos show post reveal"),
    "de": ("name", "druck abdruck gedruckt veröffentl publi nenn genannt erschein auftauch aufführ zeig preisgeb"),
    "fr": ("nom", "publi imprim paraî parait apparaî apparait cit mentionn divulgu affich diffus"),
    "es": ("nombre", "publi imprim aparec aparezc mencion mostr difund"),
    "it": ("nome nomi", "pubblic stamp appar compa menzion mostr"),
    "pt": ("nome", "publi imprim aparec apareç mencion divulg"),
    "nl": ("naam namen", "publi druk afdruk afgedrukt noem genoemd vermeld verschijn toon"),
    "sv": ("namn", "publi tryck nämn skriv visa"),
    "da": ("navn", "offentlig publi tryk nævn vis"),
    "no": ("navn", "offentlig publi trykk nevn vis"),
    "pl": ("nazw imi", "publik druk wymien podaw"),
    "ru": ("имя имен назван", "публик опублик печат напечат упомин указыв называ"),
    "tr": ("adım adi isim ismi", "yayın yayım bas yaz geç an"),
    "fa": ("نام اسم", "چاپ منتشر نشر ذکر درج بیاور نیاور بنویس ننویس"),
    "ar": ("اسم", "نشر تنشر ینشر تذکر ذکر یظهر تطبع"),
}  # fmt: skip
#: Denials that stand inside the verb.
_INSIDE: Final = {
    "tr": re.compile(r"\w+m[ae](?:y[aeiı]?n|s[iı]n|yal[iı]m|mal[iı]|mel[iı]|z\b)"),
    "fa": re.compile(r"(?:نکن|نشو|نیاور|نیای|ننویس|نباید|نباشد|نگذار|نزن|نبر|نده|نمی)\w*"),
}
_STEMS: Final = {
    language: tuple(tuple(words(stem)[0] for stem in stems.split()) for stems in row)
    for language, row in _TABLE.items()
}
#: The words for printing, with their languages, by their first two letters.
_BY_LETTERS: Final = {
    letters: tuple((stem, language) for language, (_, stems) in _STEMS.items() for stem in stems if stem[:2] == letters)
    for letters in {stem[:2] for _, stems in _STEMS.values() for stem in stems}
}
_BARE: Final = 4  #: words of a clause that need not say what is not to be printed
_WITH_PRONOUN: Final = 8  #: words of a clause that says "it" or "us"
_THIS: Final = frozenset(
    words(
        "it us this that uns es das dies nous le la l lo ci ons het dit oss det onu bizi bunu нас это его را آن این هذا"
    )
)
_PLACES: Final = frozenset({"city", "country", "where"})  #: what may be left out though the name is printed


def wishes_no_name(sentences: Iterable[Sentence]) -> bool:
    """Whether a clause of these says that a name, or all, is not to be printed."""
    return any(
        _is_wish(clause, language)
        for sentence in sentences
        if (languages := _printing(sentence.words))
        for clause in _clauses(sentence.words)
        for language in languages
    )


def _printing(tokens: Iterable[str]) -> set[str]:
    """The languages that have one of these words for printing: in most sentences none, and nothing else is asked."""
    return {language for token in tokens for stem, language in _BY_LETTERS.get(token[:2], ()) if token.startswith(stem)}


def _clauses(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    start = 0
    for at, token in enumerate([*tokens, ","]):
        if token == ",":
            if at - start >= 2:
                yield tokens[start:at]
            start = at + 1


def _is_wish(clause: Sequence[str], language: str) -> bool:
    names, printing = _STEMS[language]
    at = next((number for number, token in enumerate(clause) if token.startswith(printing)), None)
    if at is None or not _is_denied(clause, at, language):
        return False
    if any(token.startswith(names) for token in clause):
        return True
    if len(clause) > (_BARE if _THIS.isdisjoint(clause) else _WITH_PRONOUN):
        return False
    return not any(lexicon().label_classes(token) & _PLACES for token in clause)


def _is_denied(clause: Sequence[str], at: int, language: str) -> bool:
    """Whether the clause denies; a denial that is inside a verb stands in the verb for printing or behind it."""
    negators = lexicon().negators.get(language, frozenset())
    inside = _INSIDE.get(language)
    return any(token in negators for token in clause) or (
        inside is not None and any(inside.fullmatch(token) for token in clause[at:])
    )
