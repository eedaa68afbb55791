"""Commas that belong to a name: those of a slogan ("Woman, Life, Freedom Ottawa") and of a short enumeration."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading import places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.memory import remembered
from outreach.reading.values import has_noun

#: What groups call themselves by, in the languages in which they do: each word may have a comma behind it.
_SLOGANS: Final = (
    "wom[ae]n life (?:liberty|freedom)",
    "women? and life and freedom",
    "frau(?:en)? leben freiheit",
    "femmes? vie libert[ée]",
    "donn[ae] vita libert[àa]",
    "mujer(?:es)? vida libertad",
    "mulher(?:es)? vida liberdade",
    "kvinn[ao]r? liv frihet",
    "kvinner? liv frihet",
    "kvinder? liv frihed",
    "vrouw(?:en)? leven vrijheid",
    "jin jiyan azad[îi]",
    "jin jian azadi",
    "zan zende[gh]+i azadi",
    "kad[ıi]n ya[şs]am [öo]zg[üu]rl[üu]k",
    "qad[ıi]n h[əe]yat azadl[ıi]q",
    "nan kar azadi",
    "bread work freedom",
    "brot arbeit freiheit",
    "زن زندگی آزادی",
    "زن زندگي آزادي",
    "نان کار آزادی",
    "نان مسکن آزادی",
    "ژن ژیان ئازادی",
    "المرأة الحياة الحرية",
    "امرأة حياة حرية",
)
_BETWEEN: Final = r"(?:\s*[,،]\s*|\s+)(?:(?:and|und|et|y|e|og|och|en|ve|û|و)\s+)?"
_SLOGAN: Final = re.compile("|".join(rf"\b{line.replace(' ', _BETWEEN)}\b" for line in _SLOGANS), re.IGNORECASE)
#: "Justice, Bread and Peace for Iran", "Dignity, Truth and Memory Network": single words, and a name goes on behind.
_ENUMERATION: Final = re.compile(
    r"\b((?:[A-ZÀ-Þ][^\W\d_]{2,}, ){1,3}[A-ZÀ-Þ][^\W\d_]{2,},? (?:and|und|et|&|y|e|och|og|en|ve) [A-ZÀ-Þ][^\W\d_]{2,})"
    r" (?:(?:for|of|against|für|gegen|von|pour|de|per|para|por|för|mot|for|mod|voor|tegen|in) (?=[A-ZÀ-Þ])|(\w+))"
)
#: "No Borders, No Nations", "Des Toits, des Droits": both halves begin with the same word.
_PARALLEL: Final = re.compile(r"\b([A-ZÀ-Þ][^\W\d_]*) ([A-ZÀ-Þ][^\W\d_]+), (?i:\1) ([A-ZÀ-Þ][^\W\d_]+)")
#: "Sisters, Not Cisterns": only in a name has such a "not" a capital.
_OPPOSED: Final = re.compile(r"\b([A-ZÀ-Þ][^\W\d_]{2,}), (?:Not|Nicht|Pas|Non|No|Inte|Niet|Não) ([A-ZÀ-Þ][^\W\d_]{2,})")
_SAID: Final = ("greeting", "closing", "yes", "no")
_NO_NAMES: Final = ("weekdays", "roles", "titles")
#: "Bread, Roses and Rent", "Rise, Resist, Rebuild": three single words, and then no fourth.
_TRIAD: Final = re.compile(
    r"\b([A-ZÀ-Þ][^\W\d_]{2,}, [A-ZÀ-Þ][^\W\d_]{2,}(?:, |,? (?:and|und|et|&|y|e|och|og|en|ve) )"
    r"[A-ZÀ-Þ][^\W\d_]{2,})(?=\s*[.!(–-]|,? [a-zà-ÿ]|, [A-ZÀ-Þ]|$)"
)


def is_in_name(text: str, at: int) -> bool:
    """Whether the comma that stands here in the text belongs to a name."""
    return any(start < at < end for start, end in _spans(text))


def is_comma_of_name(token: re.Match[str]) -> bool:
    """Whether a token is a comma, and one that belongs to a name."""
    return token[0] in ",،" and is_in_name(token.string, token.start())


def holds_slogan(text: str) -> bool:
    """Whether a slogan stands in the text, whose "Frau" is no title and whose "Woman" nobody's."""
    return _SLOGAN.search(text) is not None


def behind_slogan(text: str) -> str:
    """What stands behind the slogan that the text begins with; "" where it begins with none."""
    found = _SLOGAN.match(text.strip())
    return text.strip()[found.end() :] if found else ""


def is_slogan(text: str) -> bool:
    """Whether the text is a slogan and nothing else, as letters end with it: "Woman, Life, Freedom!"."""
    return _SLOGAN.fullmatch(text.strip(" \t.!*#")) is not None


@remembered
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """From where to where such slogans and enumerations reach."""
    if "," not in text and "،" not in text:
        return ()
    found = [match.span() for match in _SLOGAN.finditer(text)]
    found += [match.span(1) for match in _ENUMERATION.finditer(text) if _is_named_so(match)]
    found += [match.span() for pattern in (_PARALLEL, _OPPOSED) for match in pattern.finditer(text)]
    found += [match.span() for match in _TRIAD.finditer(text) if _are_words(match)]
    return tuple(found)


def _are_words(match: re.Match[str]) -> bool:
    """Whether what is enumerated are plain words, with no more of a list or name before them."""
    before = match.string[: match.start()].split()[-1:]
    if before and (before[0][0].isupper() and match.start() > len(before[0]) + 1 or before[0][-1] in ",،"):
        return False
    known = lexicon()
    return not any(
        has_noun(word)
        or (place := places.city(word))
        and place.known
        or places.country(word)
        or known.says(word, *_SAID)
        or any(known.is_in(kind, "".join(words(word))) for kind in _NO_NAMES)
        for word in re.findall(r"[^\W\d_]{3,}", match[0])
    )


def _is_named_so(match: re.Match[str]) -> bool:
    """Whether what is enumerated are no organisations and places, and an organisation is named by it."""
    said = re.findall(r"[^\W\d_]{3,}", match[1])
    plain = not any(has_noun(word) or places.city(word) or places.country(word) for word in said)
    return plain and (match[2] is None or has_noun(match[2]))
