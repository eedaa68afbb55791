"""From a sign-up to the lines that would be printed, one for each language of the campaign.

What was written is printed as written, each value in the language of its script. A city or country
is carried over into another script only where the sender gave it; nothing is added to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from outreach.errors import Refused
from outreach.reading import names, places
from outreach.reading.result import Signup
from outreach.words import Lines, PrintedLine

#: The script of each language that names are printed in (ISO 15924); Latin for all others.
_SCRIPTS: Mapping[str, str] = {
    "fa": "Arab",
    "ar": "Arab",
    "ckb": "Arab",
    "ur": "Arab",
    "az-Arab": "Arab",
    "he": "Hebr",
    "ru": "Cyrl",
    "uk": "Cyrl",
    "el": "Grek",
    "hy": "Armn",
}


def script_of(language: str) -> str:
    """The script (ISO 15924) a language's line is printed in."""
    return _SCRIPTS.get(language) or _SCRIPTS.get(language.partition("-")[0], "Latn")


def printed_lines(signup: Signup, languages: Sequence[str], parts: Mapping[str, str]) -> Lines:
    """The lines of a sign-up; a language has none when no name in its script was given."""
    found: Lines = {}
    for language in languages:
        name = _name(signup.names, language)
        if name is not None:
            city = _city(signup.city, language)
            found[language] = PrintedLine(names.display(name), city, _country(signup, language, parts))
    return found


def corrected(lines: Lines, signup: Signup, languages: Sequence[str], parts: Mapping[str, str]) -> Lines:
    """The lines after a correction, which holds only the values to be changed."""
    found: Lines = {}
    for language in languages:
        old = lines.get(language)
        name = _name(signup.names, language) or (old.name if old else None)
        if name is None:
            continue
        city = _city(signup.city, language) if signup.city else (old.city if old else None)
        country = _country(signup, language, parts) if signup.country else (old.country if old else None)
        if old is not None and old.country and country is None and signup.country:
            # The country was printed before; the new one takes its place even if it was only implied.
            country = places.country_name(signup.country, language)
        found[language] = PrintedLine(names.display(name), city, country)
    return found


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as a person types it: each part by language, and under "" what its script finds the language of."""

    name: Mapping[str, str] = field(default_factory=dict)
    city: Mapping[str, str] = field(default_factory=dict)
    country: Mapping[str, str] = field(default_factory=dict)


def typed_lines(
    typed: Typed, languages: Sequence[str], before: Mapping[str, PrintedLine] = MappingProxyType({})
) -> Lines:
    """The lines that a person typed, over those that were known ``before``. Raises Refused.

    A language has none when no name in its script was typed or known.
    """
    found: Lines = {}
    for language in languages:
        old = before.get(language)
        if name := _name(typed.name, language) or (old.name if old else None):
            city = typed.city.get(language) or _city(typed.city.get(""), language) or (old.city if old else None)
            written = typed.country.get(language) or _typed_country(typed.country.get(""), language)
            country = written or (old.country if old else None)
            found[language] = typed_line(PrintedLine(name, city, country))
    return found


def typed_line(line: PrintedLine) -> PrintedLine:
    """A line that a person typed, without controls. Raises Refused when it cannot be printed."""
    cleaned = PrintedLine(
        names.display(line.name), names.display(line.city or "") or None, names.display(line.country or "") or None
    )
    if not any(char.isalpha() for char in cleaned.name):
        raise Refused("A line needs a name.")
    if len(str(cleaned)) > names.MAX_NAME:
        raise Refused(f"The line is longer than {names.MAX_NAME} characters.")
    return cleaned


def _typed_country(country: str | None, language: str) -> str | None:
    if country is None or names.script(country) == script_of(language):
        return country
    code = places.country(country)
    return places.country_name(code, language) if code else None


def _name(given: Mapping[str, str], language: str) -> str | None:
    """The name in a language, else the one in its script."""
    if language in given:
        return given[language]
    wanted = script_of(language)
    return next((name for name in given.values() if names.script(name) == wanted), None)


def _city(city: str | None, language: str) -> str | None:
    if city is None:
        return None
    if names.script(city) in (script_of(language), "Zyyy"):
        return names.display(city)
    return places.city_name(city, language)


def _country(signup: Signup, language: str, parts: Mapping[str, str]) -> str | None:
    """The country as written, or its name in the other script; None when it was only implied by the city."""
    if signup.country is None:
        return None
    evidence = signup.evidence.get("country")
    written = parts.get(evidence.part, "")[evidence.start : evidence.end] if evidence else ""
    if places.country(written) != signup.country:
        return None
    if names.script(written) == script_of(language):
        return names.display(written)
    return places.country_name(signup.country, language)
