"""Which city and which country a text names, in any script: a look-up in ``places.marisa``.

The table is built by ``scripts/build-places`` from GeoNames, CLDR and ``exonyms.toml``; what is in it is said there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from outreach.reading.memory import remembered
from outreach.reading.names import fold, script, tokens
from outreach.reading.trie import WordTrie

TABLE: Final = Path(__file__).with_name("places.marisa")

# What a value of the table begins with (scripts/build-places writes the same).
COUNTRY: Final = 1
REGION: Final = 2
CITY: Final = 3

# How freely a name may be believed in running text: never, only after "in", "aus", "در", …; or anywhere.
ALONE: Final = 0
AFTER_CUE: Final = 1
ANYWHERE: Final = 2


@dataclass(frozen=True, slots=True)
class City:
    """A city, or the several cities of that name, the most likely one first."""

    key: int  #: GeoNames id of the most likely one; the same for all its names
    countries: tuple[str, ...]  #: ISO 3166-1 alpha-2, by falling likelihood
    only: str | None = None  #: the one country that the name means to anybody, see ``only_country``
    known: bool = True  #: False when the name as written is also a word or a person's, or the city is a small one

    @property
    def name(self) -> str:
        """Its name in GeoNames, mostly the English or the local one."""
        return _city_name(self.key)


class Found(NamedTuple):
    """A place named in a text: code points ``start`` to ``end``, and the City or the country's code."""

    start: int
    end: int
    kind: Literal["city", "country"]
    value: City | str


class _Entry(NamedTuple):
    """One value of the table."""

    kind: int
    belief: int
    value: City | str


@cache
def _table() -> WordTrie:
    return WordTrie.open(TABLE)


@remembered
def _key(text: str) -> str:
    """The words of a name as the table holds them."""
    return text.lower() if text.isascii() and text.isalnum() else " ".join(tokens(text))


@remembered
def _entries(folded: str) -> tuple[_Entry, ...]:
    return tuple(map(_entry, values)) if folded and (values := _table().get(folded)) else ()


def _entry(value: bytes) -> _Entry:
    kind, belief = value[0] >> 4, value[0] & 3
    if kind != CITY:
        return _Entry(kind, belief, value[1:].decode("ascii"))
    codes = value[4:].decode("ascii")
    countries = tuple([codes[at : at + 2] for at in range(0, len(codes), 2)])
    only = countries[0] if value[0] & 4 else None
    return _Entry(kind, belief, City(int.from_bytes(value[1:4], "big"), countries, only, belief == ANYWHERE))


def _city_name(key: int, language: str = "") -> str:
    return next((value.decode() for value in _table().get(f"#{key}{language}")), "")


def _named(text: str, kind: int) -> City | str | None:
    return next((entry.value for entry in _entries(_key(text)) if entry.kind == kind), None)


def country(text: str) -> str | None:
    """ISO 3166-1 alpha-2 code if the whole text is a country's name, in any of some thirty languages.

    A name of two letters ("US", "UK") is one only in capitals.
    """
    return _code(text, COUNTRY)


def region(text: str) -> str | None:
    """ISO 3166-2 code if the whole text is a state or province: "Ontario" and "ON" → "CA-ON", "Bayern" → "DE-BY".

    A code of two letters is one only in capitals. The country is the code's first two letters.
    """
    return _code(text, REGION)


def _code(text: str, kind: int) -> str | None:
    if len(text.strip()) == 2 and text.strip().islower():
        return None
    code = _named(text, kind)
    return code if isinstance(code, str) else None


def city(text: str) -> City | None:
    """The city if the whole text is a city's name, in any script and any exonym: Köln, Cologne, کلن."""
    found = _named(text, CITY)
    return found if isinstance(found, City) else None


def only_country(city: City) -> str | None:
    """The country, when the name can mean only one to those who write to a campaign: Berlin → DE, Cambridge → None.

    The rule, applied when the table is built: the largest place of that name has at least three times the population
    of the largest in any other country, where a place counts half whose main name is another one; few names are
    settled by hand (``exonyms.toml``).
    """
    return city.only


def country_name(code: str, language: str) -> str | None:
    """What CLDR calls the country in the language (BCP 47; a region or script in it is ignored)."""
    return next((value.decode() for value in _table().get(f"@{language.split('-')[0]}{code}")), None)


def city_name(text: str, language: str) -> str | None:
    """The name, in another language, of the city that the whole text names: استکهلم, "en" → Stockholm.

    None when the text names no city or its name in that language is not known. For languages in Latin letters
    whose name is not known it is the main name, which is what they mostly use.
    """
    found = city(text)
    if found is None:
        return None
    name = _city_name(found.key, language.split("-")[0])
    if not name and language.split("-")[0] in _LATIN_LANGUAGES and script(found.name) == "Latn":
        name = found.name
    return name or None


_LATIN_LANGUAGES: Final = frozenset(
    re.findall(r"\w+", "en de fr sv es it tr nl pt ku no nb nn da pl fi cs hu ro az sq hr")
)

# ── running text ─────────────────────────────────────────────────────────────────────────────────────────────────

#: The longest name looked for, in words.
_LONGEST: Final = 5
#: What may stand between two words of one name: no line end, comma or spaced dash.
_JOINT: Final = re.compile(r"[ \u00a0\u200c]|\. ?|['’\-/]|")
_CUE_WORDS: Final = """
    in at near aus bei nach à au aux en desde em na no te uit i från fra w we z στο στη στην στον в во из
    در تو توی مقیم ساکن شهر في مدينة لە
"""


def is_regional(word: str) -> bool:
    """Whether a word says that the name behind it is no city's: «استان اونتاریو»."""
    return word in ("استان", "ایالت", "province", "Bundesland", "Provinz")


@cache
def _cues() -> frozenset[str]:
    return frozenset(map(fold, _CUE_WORDS.split()))


#: A word that may begin a name, not inside an address or a domain. Small letters beyond a-z are sorted out later.
_BEGIN: Final = re.compile(r"[^\W\d_a-z](?<![\w@].)(?<!\w[./].)\w*")
_WORD: Final = re.compile(r"\w+")


@remembered
def _goes_on(folded: str) -> bool:
    return _table().begins_some_word(f"{folded} ")


@remembered
def _may_begin(word: str) -> bool:
    if word[0].islower() or not _table().begins_some_word(key := _key(word)):
        return False
    return bool(_entries(key)) or _goes_on(key)


def find(text: str) -> list[Found]:
    """The places named in running text, in order, the longest name at each spot; offsets are code points.

    In scripts with capitals a name must begin with one. A name that is also an ordinary word or a person's, or a small
    place, counts only right after a word such as "in" or «در»; the name of a region ("New Jersey") hides what is in it.
    Each word is looked at a bounded number of times.
    """
    return list(_find(text))


@remembered
def _find(text: str) -> tuple[Found, ...]:
    found: list[Found] = []
    end = 0
    while match := _BEGIN.search(text, end):
        end = match.end()
        if _may_begin(match.group()):
            name = _longest_name(text, match.start())
            end = max(end, name.end)
            if name.place:
                found.append(name.place)
    return tuple(found)


class _Name(NamedTuple):
    """How far the longest name of the table reaches, and the place it is believed to mean."""

    end: int
    place: Found | None = None


def _longest_name(text: str, start: int) -> _Name:
    for key, last, end in reversed(list(_candidates(text, start))):
        entries = _entries(key)
        if not entries or text[last].islower() or _runs_on(text, end):
            continue
        for entry in sorted(entries, key=lambda entry: entry.kind):
            if _believed(entry, text, start, end):
                return _Name(end, Found(start, end, "country" if entry.kind == COUNTRY else "city", entry.value))
        if any(entry.kind == REGION for entry in entries):
            return _Name(end)
    return _Name(start)


def _candidates(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The folded first word, first two words, … as far as the table goes; where the last begins, and where it ends."""
    key, at = "", start
    for _ in range(_LONGEST):
        word = _WORD.match(text, at)
        if not word:
            return
        key = f"{key} {_key(word.group())}".strip()
        yield key, at, word.end()
        joint = _JOINT.match(text, word.end())
        if not joint or joint.end() == word.end() or not _goes_on(key):
            return
        at = joint.end()


def _runs_on(text: str, end: int) -> bool:
    """Whether what follows makes the word part of an address or a domain name."""
    return text[end : end + 1] == "@" or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum())


#: What parts a city from its country behind it: "Galway, Ireland", "Deventer (Nederland)", "Fresno - USA".
_BETWEEN: Final = re.compile(r"[ \u00a0]?[,،(/][ \u00a0]?|[ \u00a0][–—-][ \u00a0]")
_BEHIND_PLACE: Final = re.compile(r"[A-ZÀ-Þ][\w'’.-]+(?:[ \u00a0]?[,(/][ \u00a0]?|[ \u00a0][–-][ \u00a0])$")
_COUNTRY_WORD: Final = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)?")


def _believed(entry: _Entry, text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 12) : start].split()
    if before and entry.kind == CITY and is_regional(before[-1]):
        return False
    if entry.belief != AFTER_CUE:
        return entry.belief == ANYWHERE
    if before[-1:] == ["the"]:
        before.pop()  # "in the UK"
    cued = bool(before) and text[start - 1].isspace() and fold(before[-1]) in _cues()
    if isinstance(entry.value, City):
        return cued or _country_behind(text, end) in entry.value.countries
    short = text[start:end].isupper() and not text.isupper()  # "Leeds, UK"
    return cued or (short and _BEHIND_PLACE.search(text, max(0, start - 30), start) is not None)


def _country_behind(text: str, end: int) -> str | None:
    """The country that stands right behind a place, with nothing but a comma, a bracket or a dash between."""
    between = _BETWEEN.match(text, end)
    named = _COUNTRY_WORD.match(text, between.end()) if between else None
    return (country(named[0]) or country(named[0].split(" ")[0].split("-")[0])) if named else None
