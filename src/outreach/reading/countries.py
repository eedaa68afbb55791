"""Where a sign-up's country stands in the text: a country is printed only if the sender wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    if signup.country is None or "country" in signup.evidence:
        return signup
    beside = [e for field, e in signup.evidence.items() if field == "city" or field.startswith("names.")]
    written = [e for e in _written(signup.country, beside, parts) if not any(_overlap(e, other) for other in beside)]
    found = [(_distance(place, near), place) for near in beside for place in written if _is_near(place, near)]
    if not found:
        return signup
    nearest = min(found, key=lambda item: item[0])[1]
    return replace(signup, evidence={**signup.evidence, "country": nearest})


def _written(country: str, beside: Sequence[Evidence], parts: Mapping[str, str]) -> Iterator[Evidence]:
    """Each mention of the country around the values."""
    for start, end, part in _around(beside):
        for spot in places.find(parts.get(part, "")[start:end]):
            if spot.kind == "country" and spot.value == country:
                yield Evidence(part, start + spot.start, start + spot.end)


def _around(beside: Sequence[Evidence]) -> list[tuple[int, int, str]]:
    """The stretches of text around the values (start, end, part): those that overlap are one."""
    found: list[tuple[int, int, str]] = []
    for near in sorted(beside, key=lambda e: (e.part, e.start)):
        start, end = max(0, near.start - _NEAR), near.end + _NEAR
        if found and found[-1][2] == near.part and start <= found[-1][1]:
            first, last, _ = found.pop()
            start, end = first, max(last, end)
        found.append((start, end, near.part))
    return found


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.part == other.part and one.start < other.end and other.start < one.end


def _is_near(place: Evidence, near: Evidence) -> bool:
    return place.part == near.part and near.start - _NEAR <= place.start and place.end <= near.end + _NEAR


def _distance(place: Evidence, near: Evidence) -> int:
    """Code points between the two; what stands before is as far as what stands behind at twice the distance."""
    return place.start - near.end if place.start >= near.end else 2 * (near.start - place.end)
