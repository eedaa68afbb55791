"""Where a sign-up's country stands in the text: a country is printed only if the sender wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from outreach.reading import places
from outreach.reading.result import Signup
from outreach.words import Evidence

#: Code points between the name or city of a signatory and its country: a line of a form in between is near.
_NEAR: Final = 200


def with_country_evidence(signups: Sequence[Signup], parts: Mapping[str, str]) -> tuple[Signup, ...]:
    """The sign-ups with the place of their country, where it was written near the city or a name."""
    return tuple(_with_evidence(signup, parts) for signup in signups)


def _with_evidence(signup: Signup, parts: Mapping[str, str]) -> Signup:
    beside = [e for field, e in signup.evidence.items() if field == "city" or field.startswith("names.")]
    if signup.country is None or "country" in signup.evidence:
        return signup
    found = [(distance, e) for near in beside for distance, e in _written(signup.country, near, beside, parts)]
    if not found:
        return signup
    nearest = min(found, key=lambda item: item[0])[1]
    return replace(signup, evidence={**signup.evidence, "country": nearest})


def _written(
    country: str, near: Evidence, beside: Sequence[Evidence], parts: Mapping[str, str]
) -> list[tuple[int, Evidence]]:
    """(distance, place) of each mention of the country around a value, but not inside a name."""
    start = max(0, near.start - _NEAR)
    text = parts.get(near.part, "")[start : near.end + _NEAR]
    found = []
    for spot in places.find(text):
        place = Evidence(near.part, start + spot.start, start + spot.end)
        inside = any(e.part == place.part and e.start < place.end and place.start < e.end for e in beside)
        if spot.kind == "country" and spot.value == country and not inside:
            distance = place.start - near.end if place.start >= near.end else 2 * (near.start - place.end)
            found.append((distance, place))
    return found
