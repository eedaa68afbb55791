"""A printed line that somebody wrote anew, as it should be: compared with the line that was asked about. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from outreach.reading import names, places
from outreach.reading.lines import corrected, script_of
from outreach.reading.result import Signup
from outreach.words import Evidence, Lines

_PARTS: Final = re.compile(r"\s+[–—-]+\s+|\s*[–—]\s*|\s*[,،]\s+")
_AROUND: Final = " \t.;\"'«»“”„*-–"
#: From 100: a name that is less like the old one is not clearly the same organisation's.
_ALIKE: Final = 60


def rewritten(text: str, before: Lines, languages: Sequence[str]) -> Lines | None:
    """The lines after some were written anew; None when it is not clearly a new wording of these."""
    lines = before
    for line in filter(None, (part.strip(_AROUND) for part in text.splitlines())):
        after = _one(line, lines, languages)
        if after is None:
            return None
        lines = after
    return lines


def _one(text: str, before: Lines, languages: Sequence[str]) -> Lines | None:
    name, *place = (names.display(part) for part in _PARTS.split(text))
    language = next((tag for tag in before if script_of(tag) == names.script(name)), None)
    if language is None or len(place) > 2 or not all((name, *place)) or ":" in text or not names.line_safe(text):
        return None
    if fuzz.token_set_ratio(names.fold(name), names.fold(before[language].name)) < _ALIKE:
        return None
    city, country = _place(place)
    code = places.country(country) if country else None
    if country and code is None:
        return None
    signup = Signup(
        names={language: name},
        city=city if city and not names.same_line(city, before[language].city or "") else None,
        country=code if country and not names.same_line(country, before[language].country or "") else None,
        evidence={"country": Evidence("line", 0, len(country))} if country else {},
    )
    return corrected(before, signup, languages, {"line": country or ""})


def _place(parts: Sequence[str]) -> tuple[str | None, str | None]:
    """City and country of what stands behind the name; a country may stand there alone."""
    if len(parts) == 2:
        return parts[0], parts[1]
    if parts and places.country(parts[0]) and not places.city(parts[0]):
        return None, parts[0]
    return (parts[0], None) if parts else (None, None)
