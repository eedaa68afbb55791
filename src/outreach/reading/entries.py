"""One line of a list: "name – city – country", read from the right. Used for lists, form values and names alone."""

from __future__ import annotations

import re
from typing import Final

from outreach.reading import places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import Piece, has_noun, trimmed

_CUT = re.compile(r"\s+[–—-]\s*|\s*[–—]\s+|(?<=\w)-\s+|[,،]\s+|\s+\.(?=\w)|\s*[(\[]\s*|\s+\|\s+")
#: A remark at the end of a line.
_NOTE = re.compile(r"[(\[]([^()\[\]]{4,60})[)\]]\s*\Z")
_DASH = re.compile(r"\s*[–—-]\s*")
_TIGHT = re.compile(r"(?<=\w)-(?=\w+\s*$)")
_REGION: Final = frozenset(
    [
        "ca",
        "ny",
        "tx",
        "il",
        "fl",
        "ma",
        "wa",
        "or",
        "bc",
        "qc",
        "on",
        "ab",
        "nsw",
        "vic",
        "qld",
        "nrw",
        "west",
        "of",
        "east",
        "north",
        "south",
        "the",
        "in",
        "غرب",
        "شرق",
        "شمال",
        "جنوب",
        "در",
        "ههریمی",
        "کوردستان",
    ]
)


def parse_entry(text: str) -> tuple[Piece, Piece | None, str | None]:
    """(name, city, country code) of one line: from the right, what is a place is cut off, the rest is the name."""
    city: Piece | None = None
    country: str | None = None
    text = _NOTE.sub(lambda note: note[0] if not _withholds(note[1]) else " " * len(note[0]), text)
    end = len(text.rstrip(" .)]"))
    for cut in reversed(list(_CUT.finditer(text))):
        segment = trimmed(text[cut.end() : end], cut.end(), "()[].")
        place = (None, None) if _is_state(segment.text, country, text[: cut.start()]) else _segment(segment)
        if place is None and country and city is None and _DASH.fullmatch(cut[0]) and _may_be_city(segment.text):
            place = (segment, None)  # "name – a town nobody knows – country"
        if place is None or cut.start() == 0:
            break
        found_city, found_country = place
        if found_city and city:
            break
        if found_country and country == found_country and city is None and places.city(segment.text):
            found_city = segment  # "Tunis – Tunisia" in Arabic, "Luxembourg – Luxembourg"
        city, country = city or found_city, country or found_country
        end = cut.start()
    if (tight := _TIGHT.search(text, 0, end)) and city is None and country is None:
        word_before = text[: tight.start()].rpartition(" ")[2]
        found = places.city(text[tight.end() : end])
        if found and (places.country(word_before) or places.city(word_before)):
            city, country, end = (
                trimmed(text[tight.end() : end], tight.end()),
                places.only_country(found),
                tight.start(),
            )
    if city and not country and (found := places.city(city.text)):
        country = places.only_country(found)
    name = trimmed(text[:end])
    return (Piece(name.text + ")", name.start) if _open_bracket(name.text, text, name.end) else name), city, country


def _is_state(segment: str, country: str | None, before: str) -> bool:
    """Whether it is the state between a city and its country: "Hamilton, Ontario, Canada"."""
    state = places.region(segment) if country else None
    return state is not None and state[:2] == country and places.city(_CUT.split(before)[-1]) is not None


def _withholds(note: str) -> bool:
    """Whether a bracket behind a name only says that no city stands there: "(no city, please)", «(شهر لازم نیست)»."""
    says_place = any(lexicon().label_classes(word) & {"city", "where", "country"} for word in words(note))
    return says_place and any(hit.cue.category in ("nothing", "no") for hit in lexicon().find(words(note)))


def _may_be_city(text: str) -> bool:
    """Whether a piece between a name and its country can be a small town."""
    count = len(words(text))
    return 1 <= count <= 3 and not text[0].islower() and not has_noun(text) and not any(c.isdigit() for c in text)


def _open_bracket(name: str, text: str, end: int) -> bool:
    """Whether the name holds a bracket whose end was trimmed off: "(in exile)"."""
    return name.count("(") > name.count(")") and text[end : end + 1] == ")"


def _segment(segment: Piece) -> tuple[Piece | None, str | None] | None:
    """(city, country) when the whole segment is a place, else None."""
    if not segment.text:
        return None
    if code := places.country(segment.text):
        return None, code
    if places.city(segment.text):
        return segment, None
    if all(word in _REGION for word in words(segment.text)):
        return None, None
    if (regional := _in_region(segment)) or (regional := _slashed(segment)):
        return regional
    spots = places.find(segment.text)
    rest = "".join(" " if any(s.start <= i < s.end for s in spots) else c for i, c in enumerate(segment.text))
    if not spots or not all(word in _REGION for word in words(rest)):
        return None
    city = next(
        (Piece(segment.text[s.start : s.end], segment.start + s.start) for s in spots if s.kind == "city"), None
    )
    return city, next((s.value for s in spots if isinstance(s.value, str)), None)


def _slashed(segment: Piece) -> tuple[Piece | None, str | None] | None:
    """(city, country) of "Berlin/Almanya"."""
    city, slash, country = segment.text.partition("/")
    code = places.country(country) if slash and places.city(city) else None
    return (trimmed(city, segment.start), code) if code else None


def _in_region(segment: Piece) -> tuple[Piece | None, str | None] | None:
    """(city, country) of a city with its state behind it: "Ithaca NY", "Halifax, Nova Scotia"."""
    head, _, last = segment.text.rpartition(" ")
    state = places.region(last) if last.isupper() else None
    if state is None or not head or not _may_be_city(head):
        return None
    return Piece(head.rstrip(" ,"), segment.start), state[:2]
