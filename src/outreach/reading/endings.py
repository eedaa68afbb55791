"""Where a name ends in running text: before a verb, and in Arabic script, which has no capitals, before much else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading import names
from outreach.reading.commas import is_comma_of_name
from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import has_noun

#: Persian nouns whose complement follows with a preposition: "solidarity with …", "defence of …".
_TAKES_MORE: Final = frozenset(
    [
        "جمعی",
        "گروهی",
        "شماری",
        "نه",
        "همبستگی",
        "دفاع",
        "حمایت",
        "پشتیبانی",
        "مبارزه",
        "وابسته",
        "حامی",
        "مخالف",
        "داکوکی",
        "بهرگری",
        "هاوپشتی",
    ]
)
#: What a name is given for, and none fights for.
_NOT_FOR: Final = frozenset(["درج", "امضا", "شما"])
#: Where a name is to stand: «نام کانون در ردیف امضاکنندگان».
_RANKS: Final = frozenset(
    [
        "ردیف",
        "میان",
        "جمع",
        "کنار",
        "زمره",
        "صف",
        "شمار",
        "پایین",
        "زیر",
        "بین",
        "نشست",
        "جلسه",
        "مجمع",
        "تاریخ",
        "پاسخ",
    ]
)
_PREPOSITIONS: Final = frozenset(["با", "از", "به", "له"])
MAX_WORDS: Final = 18  #: of a name
AND: Final = frozenset(["and", "und", "et", "och", "en", "y", "e", "ve", "og"])


def is_verb(word: str) -> bool:
    """Whether a small word says what the signatory before it does: "signs", "hat", "souhaite"; also "pls", "too"."""
    if word in POLITE:
        return True
    return word[:1].islower() and lexicon().is_in("verbs", "".join(words(word))) and not _joins(word)


def is_first_person(word: str) -> bool:
    """ "I", "I'm", "I’d": a capital that goes on with no name."""
    return word == "I" or word.startswith(("I'", "I’"))


#: "You" and "your" with a capital, as German letters write them.
POLITE: Final = frozenset(
    [
        "Ihr",
        "Ihre",
        "Ihren",
        "Ihrem",
        "Ihrer",
        "Ihres",
        "Sie",
        "Ihnen",
        "Euer",
        "Eure",
        "Euren",
        "Eurem",
        "Eurer",
        "Euch",
    ]
)


def is_uncased(text: str) -> bool:
    """Whether somebody wrote the sentence without any capital letter but its first."""
    return text[1:].islower()


def _joins(word: str) -> bool:
    return lexicon().is_in("connectors", word)


def arabic_end(tokens: Sequence[re.Match[str]], at: int) -> int:
    """The last word of a Persian name: up to a verb, a particle or a sign; brackets belong to it."""
    last, depth = at, 0
    for i in range(at + 1, min(at + MAX_WORDS, len(tokens))):
        token = tokens[i][0]
        folded = "".join(words(token))
        if token == "(":
            depth = 1
        elif token == ")" and depth:
            last, depth = i, 0
        elif depth or token in "–-ـ" or is_comma_of_name(tokens[i]) or _goes_on(tokens, i, folded, first=at):
            continue
        elif (
            not folded
            or (folded == "در" and _is_listing(tokens, i))
            or _ends_line(tokens, i)
            or lexicon().is_in("stops", folded)
            or (folded[0] == "و" and len(folded) > 3 and lexicon().is_in("stops", folded[1:]))  # Arabic "and we …"
            or folded.startswith(("می", "نمی"))
            and len(folded) > 4
            or folded == "ما"
            or names.script(token) == "Latn"
        ):
            break
        else:
            last = i
    return last - 1 if last > at and tokens[last][0] == "و" else last


def _is_listing(tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether «در» leads to the list in which the name is to stand."""
    behind = "".join(words(tokens[at + 1][0])) if at + 1 < len(tokens) else ""
    return behind in _RANKS or lexicon().is_in("listed", behind)


def _ends_line(tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a line ends before the word, and the next one is the closing."""
    between = tokens[at].string[tokens[at - 1].end() : tokens[at].start()]
    return "\n" in between and lexicon().opens_with(tokens[at][0], "closing") > 0


def _goes_on(tokens: Sequence[re.Match[str]], at: int, folded: str, *, first: int) -> bool:
    """Whether a word that may end a Persian name goes on with it: "solidarity *with*", "committee in *support* of"."""
    before = "".join(words(tokens[at - 1][0]))
    behind = "".join(words(tokens[at + 1][0])) if at + 1 < len(tokens) else ""
    if folded == "من" and behind == "اجل":
        return True  # Arabic "for the sake of"
    if folded in _PREPOSITIONS:
        return before in _TAKES_MORE
    if folded == "برای":  # «اتحاد برای رفع تبعیض», but not «نام انجمن برای درج»
        return (before in _TAKES_MORE or has_noun(before)) and len(behind) > 2 and behind not in _NOT_FOR
    return folded in _TAKES_MORE and at <= first + 2 and behind in _PREPOSITIONS
