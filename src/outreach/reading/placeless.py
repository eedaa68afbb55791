"""A name as it is signed, without the place behind it. Used wherever a name is cut out of running text."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading import names, places
from outreach.reading.entries import parse_entry
from outreach.reading.lexicon import lexicon, words
from outreach.reading.located import is_all_place
from outreach.reading.values import Piece, has_noun, trimmed

_PLACE_BEHIND = re.compile(
    r"\s*\(([^()]{2,60})\)\s*$|\s*[,،]\s*([^,،]{2,40})$"
    r"|\s+[–—-]\s+([^\W\d_]\S{1,29}(?:\s+\S{2,20})?)$|\s+(?:from|in|i|à|en|te|em|u|v|w|li|ji|dar|az|aus|در|از|من|في|ב)\s+(\S{2,30}(?:[\s,،]+\S{2,20})?)$"
)
_KURMANJI_IN = re.compile(r"(?<=\w)\s+li\s+[A-ZÇÊÎŞÛ]\w{2,20}$")
_WORD = re.compile(r"[^\s\u200c]+")
_LONGEST: Final = 3  #: words of a city and its country written behind a name without any sign


def without_place(text: str, start: int) -> Piece:
    """The phrase without "(CITY)", ", CITY" or "in CITY" behind it; "of CITY" and a country belong to the name."""
    if "," in text:
        text = without_remark(text)
    if kurdish := _KURMANJI_IN.search(text):  # with an ending: "li Viyanayê"
        return trimmed(text[: kurdish.start()], start)
    if (match := _PLACE_BEHIND.search(text)) and _holds_only_city(next(g for g in match.groups() if g)):
        return trimmed(text[: match.start()], start)
    if any(sign in text for sign in ",،("):
        name, city, _ = parse_entry(text)
        if city and (has_noun(name.text) or len(words(name.text)) > 1) and len(name.text) < len(text.rstrip()):
            return without_place(name.text, start + name.start)
    whole = trimmed(text, start)
    if "\n" in text:
        first_line = trimmed(text.partition("\n")[0], start)
        if (bare := _without_pair(first_line)) != first_line:
            return bare
    return _without_pair(whole)


def without_remark(text: str) -> str:
    """The name without what is said of its spelling: "Femmes sans frontières, au pluriel"."""
    name, comma, remark = text.rpartition(",")
    says = lexicon().opens_with(remark, "correction") if comma else 0
    return name if says >= max(2, len(words(remark)) - 1) else text


def _without_pair(name: Piece) -> Piece:
    """The name without city and country side by side at its end: "kizil karanfil kollektifi berlin almanya"."""
    tokens = list(_WORD.finditer(name.text))
    if len(tokens) < 4 or places.country(tokens[-1][0]) is None:
        return name
    for count in range(2, min(_LONGEST, len(tokens) - 2) + 1):
        at = tokens[-count].start()
        behind = name.text[at:] if names.script(name.text) == "Arab" else name.text[at:].title()
        spots = places.find(behind)
        whole = sum(spot.end - spot.start for spot in spots) >= len(behind) - 1
        if [spot.kind for spot in spots] == ["city", "country"] and whole and has_noun(name.text[:at]):
            if lexicon().is_in("connectors", "".join(words(tokens[-count - 1][0]))):  # "council of athens greece"
                return trimmed(name.text[: at + spots[0].end], name.start)
            return trimmed(name.text[:at], name.start)
    return name


def _holds_only_city(text: str) -> bool:
    """A city, or a city with its country and nothing else."""
    return places.city(text) is not None or (
        is_all_place(text) and any(spot.kind == "city" for spot in places.find(text))
    )
