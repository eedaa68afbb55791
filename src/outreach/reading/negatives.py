"""A "no" that is a part of a name: "No Borders Leeds signs", "Non Una di Meno aderisce", "Bridges Not Walls".

Such a word denies nothing, and is hidden from the phrases (``sentences``). In doubt it stays what it is: at the head of
a sentence only capitals and the verb behind them tell a name from "No member of ours signs".
"""

from __future__ import annotations

import re
from typing import Final

from outreach.reading.endings import POLITE, is_verb
from outreach.reading.lexicon import lexicon, words
from outreach.reading.memory import remembered
from outreach.reading.tokens import clause_words, words_before
from outreach.reading.values import has_noun

HIDDEN: Final = "·"  #: behind a hidden word
_WORDS: Final = (
    "No Not Never Nobody Non Ni Né Mai Nessun Nessuna Nie Niemals Nicht Kein Keine Ne Pas Jamais Aucun Aucune Nunca"
    " Jamás Ningún Ninguna Não Nem Nenhum Nenhuma Inte Ingen Inga Aldrig Ikke Aldri Niet Geen Nooit Nigdy"
)
_NEGATOR: Final = re.compile(rf"(?<![\w'’])(?:{'|'.join(_WORDS.split())})\s+(?=[^\W\d_a-z])")
#: "Ponti non Muri", "Puentes no Muros": two words and nothing of a longer name around them. In German all nouns have
#: capitals, so there it tells nothing.
_BETWEEN: Final = re.compile(
    r"(?:^|[.:,]\s|\b[a-zà-ÿ]\w*\s)[A-ZÀ-Þ]\w+ (?P<no>non|not|no|pas|niet|inte|ikke|não) [A-ZÀ-Þ]\w+"
)
#: What a sentence holds if one of the two can be in it: found at once, where they are tried at every letter.
_SIGNS: Final = (*_WORDS.split(), *(f" {word} " for word in ("non", "not", "no", "pas", "niet", "inte", "ikke", "não")))
_TOKEN: Final = re.compile(r"[^\W_][\w'’-]*|[^\w\s]|\n")
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_HEAD: Final = re.compile(r"(?:^|[.:!?\n])[\s\"'“„«(*–-]*$")
#: Behind these at the head of a sentence a noun follows in a real denial too: "No member of ours", "Keine Gruppe".
_DETERMINERS: Final = frozenset(
    ["no", "kein", "keine", "nessun", "nessuna", "aucun", "aucune", "ningun", "ninguna", "nenhum", "nenhuma", "ingen"]
    + ["inga", "geen"]
)
_AUXILIARIES: Final = frozenset(
    ["am", "are", "is", "was", "were", "do", "does", "did", "will", "would", "can", "could", "shall", "should", "have"]
    + ["has", "had", "may", "might", "must"]
)
_CAPITAL_NOUNS: Final = frozenset(["nie", "niemals", "nicht", "kein", "keine"])


def heard_words(text: str) -> tuple[str, ...]:
    """The words of a sentence as phrases are compared, with the negations hidden that belong to names."""
    said = clause_words(text)
    starts = in_names(text)
    if not starts:
        return said
    hidden, count = {words_before(text, start) for start in starts}, -1
    heard = []
    for word in said:
        count += word != ","
        heard.append(word + HIDDEN if word != "," and count in hidden else word)
    return tuple(heard)


@remembered
def in_names(text: str) -> tuple[int, ...]:
    """Where the negations stand that belong to names."""
    if not any(map(text.__contains__, _SIGNS)):
        return ()
    found = [match.start() for match in _NEGATOR.finditer(text) if _is_named(text, match)]
    found += [match.start("no") for match in _BETWEEN.finditer(text) if not _is_said(match[0])]
    return tuple(sorted(found)) if found and not _is_title(text) else ()


def begins_name(text: str, start: int) -> bool:
    """Whether a name begins with the negation that stands here."""
    return start in in_names(text)


def _is_named(text: str, match: re.Match[str]) -> bool:
    run, behind = _run(text, match.end())
    if not run or _is_said(" ".join(run)) or any(word in POLITE for word in run):
        return False
    before = text[: match.start()]
    if not _HEAD.search(before):
        return len(run) > 1 or before.split()[-1].lower() not in _AUXILIARIES  # "we are Not Able to"
    (negator,) = words(match[0])[:1]
    if negator in _DETERMINERS and has_noun(" ".join(run)):
        return False
    least = 2 if negator in _CAPITAL_NOUNS else 1
    return len(run) >= least and (is_verb(behind) or bool(lexicon().opens_with(behind, "signup")))


def _run(text: str, start: int) -> tuple[list[str], str]:
    """The words of the name from here on, and the word behind it."""
    run: list[str] = []
    for token in _TOKEN.finditer(text, start):
        word = token[0]
        if word[0].isupper():
            run.append(word)
        elif not lexicon().is_in("connectors", word.lower()) or is_verb(word):
            return run, word
    return run, ""


def _is_said(text: str) -> bool:
    """Whether the words speak of signing themselves: "Keine Unterschrift"."""
    known = lexicon()
    return known.assents(words(text)) or bool(known.opens_with(text, "closing") or known.opens_with(text, "greeting"))


def _is_title(text: str) -> bool:
    """Whether capitals tell nothing: "Harbour Choir Will Not Sign", "WE DO NOT SIGN"."""
    return all(word[0].isupper() for word in _LONG_WORD.findall(text))
