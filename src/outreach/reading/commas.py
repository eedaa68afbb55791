"""Commas that belong to a name: those of a slogan ("Woman, Life, Freedom Ottawa") and of a short enumeration."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading import places
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
    return (*found, *(match.span(1) for match in _ENUMERATION.finditer(text) if _is_named_so(match)))


def _is_named_so(match: re.Match[str]) -> bool:
    """Whether what is enumerated are no organisations and places, and an organisation is named by it."""
    said = re.findall(r"[^\W\d_]{3,}", match[1])
    plain = not any(has_noun(word) or places.city(word) or places.country(word) for word in said)
    return plain and (match[2] is None or has_noun(match[2]))
