"""Where a signatory is, said apart from its name: "Ort ist Celle", a line "Sydney, Australia", the end of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from outreach.reading import names, places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.smallplaces import small_place
from outreach.reading.values import Piece, has_noun, is_common, place, trimmed

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BEYOND = 4  #: words behind "city" or "country" in which its name may stand


def stated_place(
    sentences: Sequence[Sentence], named: Sequence[Piece], language: str, *, person: bool = False
) -> tuple[Piece | None, str | None]:
    """(city, country) that the text says apart from the names; the city that ends a name if it says none.

    ``person``: the names are those of people, which end with no city ("Ada Moss").
    """
    found = [*_alone(sentences), *_asked(sentences)]
    city = next((city for city, _ in found if city), None)
    country = next((country for _, country in found if country), None)
    if city:
        return city, country
    if near := next((near for name in named if (near := _right_behind(sentences, name, language))), None):
        return near
    for ended, implied in (_at_end(name, language) for name in named if not person):
        if ended and country in (None, implied):
            return ended, implied
    paired = list(_paired(sentences)) if country is None else []
    if len(paired) == 1:
        return paired[0]
    only = _only_city(sentences, country)
    return only if only[0] or country else small_place(sentences)


#: The country that the letters are about: a city there is rarely where those are who write ("killed in Mashhad").
_SUBJECT: Final = "IR"


def _only_city(sentences: Sequence[Sentence], country: str | None) -> tuple[Piece | None, str | None]:
    """The one city that the text names at all, where nothing speaks of others or of an action elsewhere."""
    found: dict[int, tuple[Piece, str | None]] = {}
    for sentence in sentences:
        said = {hit.cue.category for hit in lexicon().find(sentence.words)}
        for piece, city in cities_in(sentence):
            if said & {"told", "action", "no_action", "question", "undecided"} or sentence.asks:
                return None, country
            if has_noun(piece.text):
                continue  # "Coro del Puerto" is a choir, and in no Coro
            found.setdefault(city.key, (piece, places.only_country(city)))
    if len(found) != 1:
        return None, country
    piece, implied = next(iter(found.values()))
    if implied == _SUBJECT:
        return None, country
    return piece, country or implied


def stated_country(sentences: Sequence[Sentence], city: str) -> str | None:
    """The country that stands behind the word for it, where there is such a city in it: "country: UK"."""
    known = places.city(city)
    if known is None or len(known.countries) < 2:
        return None
    return next((country for _, country in _asked(sentences) if country in known.countries), None)


def home_country(city: str, language: str) -> str | None:
    """The one country with such a city where the sender's language is at home: German "Coburg" is none in Australia."""
    known = places.city(city) if language != "en" else None  # exiles write English from anywhere
    home = set(_HOME.get(language, "").split()).intersection(known.countries) if known else set()
    return home.pop() if len(home) == 1 else None


def withholds_city(sentence: Sentence) -> bool:
    """Whether the sentence says that no city be printed: "please don't print any city"."""
    said, known = sentence.words, lexicon()
    nothing = any(h.cue.category == "nothing" and len(h.cue.phrase[0]) > 3 for h in known.find(said))
    if not nothing and _PRINT.isdisjoint(said):
        return False
    if not any("city" in known.label_classes(word) and not is_common(word) for word in said):
        return False  # Turkish "il" is a province, and Italian for "the"
    language = known.language_of(said)
    denied = language is not None and not known.negators[language].isdisjoint(said)
    return nothing or (denied and not _PRINT.isdisjoint(said))


def withholds(value: str) -> bool:
    """Whether an answer to "city" says that none be printed: "bitte nicht drucken (wir sind in Mainz)"."""
    said = words(value)
    return any(word in _PRINT for word in said) and any(
        word in negators for word in said for negators in lexicon().negators.values()
    )


_PRINT = frozenset(
    ["print", "publish", "list", "mention", "show", "write", "printed", "published", "drucken", "nennen"]
)


def cities_in(sentence: Sentence) -> Iterator[tuple[Piece, places.City]]:
    """Every city of a sentence, those with an ending or a preposition joined to them included."""
    spots = places.find(sentence.text)
    for spot in spots:
        name = sentence.text[spot.start : spot.end]
        if not isinstance(spot.value, str) and not lexicon().opens_with(name, "greeting"):
            yield Piece(name, sentence.start + spot.start), spot.value
    taken = {spot.start for spot in spots}
    language = lexicon().language_of(sentence.words)
    if joined := _JOINED.get(language or ""):
        for token in joined.finditer(sentence.text):
            if token.start(1) in taken:
                continue
            name = token[1] if places.city(token[1]) else token[1].split()[0]
            city = places.city(name)
            if city and (city.known or (city.only and language in ("tr", "az", "kmr"))):
                yield Piece(name, sentence.start + token.start(1)), city


_TURKIC = re.compile(r"\b([A-ZÇƏĞİÖŞÜ]\w{2,20}?)['’]?(?:[dt][aəe]n?|n?[ıiuü]n|l[ıiuü]|y[aəe]|d[ae]ki)\b")
#: A city with what a language joins to it: Azeri "Bakıda", Turkish "İzmir'den", Kurmanji "Parîsê", Hebrew "מחיפה".
_JOINED = {
    "tr": _TURKIC,
    "az": _TURKIC,
    "kmr": re.compile(r"\b([A-ZÇÊÎŞÛ]\w{2,20}?)(?:y?ê|y?a|y?î)\b"),
    "he": re.compile(r"(?<!\w)[מבל]([\u05d0-\u05ea]{3,12}(?: [\u05d0-\u05ea]{2,8})?)"),
    "ar": re.compile(r"(?<!\w)[بل]([\u0621-\u064a]{4,12})\b"),
}


def _paired(sentences: Sequence[Sentence]) -> Iterator[tuple[Piece, str]]:
    """City and country side by side in a sentence that speaks of no action: "please add Luzern, Schweiz"."""
    for sentence in sentences:
        if any(hit.cue.category in ("action", "no_action", "told") for hit in lexicon().find(sentence.words)):
            continue
        for city, country in pairwise(places.find(sentence.text)):
            between = sentence.text[city.end : country.start].strip()
            if city.kind == "city" and isinstance(country.value, str) and between in (",", "،", "(", "/"):
                yield Piece(sentence.text[city.start : city.end], sentence.start + city.start), country.value


def _alone(sentences: Sequence[Sentence]) -> Iterator[tuple[Piece | None, str | None]]:
    """Lines and sentences that are nothing but a place."""
    for sentence in sentences:
        at = sentence.start
        for line in sentence.text.split("\n"):
            piece = trimmed(line, at, "()-–—.!")
            if 0 < len(words(piece.text)) <= 5 and is_all_place(piece.text):
                found = place(piece.text)
                yield (Piece(found.city.text, piece.start + found.city.start) if found.city else None), found.country
            at += len(line) + 1


def is_all_place(text: str) -> bool:
    """Whether the text is nothing but a city, a country or both."""
    if places.country(text) or ((found := places.city(text)) and found.known):
        return True
    spots = places.find(text)
    return bool(spots) and len("".join(text.split())) - sum(len(text[s.start : s.end]) for s in spots) <= 2


def _asked(sentences: Sequence[Sentence]) -> Iterator[tuple[Piece | None, str | None]]:
    """The place behind the word for it: "The city is Piraeus", "als Ort noch einmal Schwandorf", «شهر بریزبن»."""
    for sentence in sentences:
        tokens = list(_WORD.finditer(sentence.text))
        for at, token in enumerate(tokens):
            classes = lexicon().label_classes("".join(words(token[0])))
            if (asked := classes & {"city", "country"}) and "filler" not in classes:
                yield from _behind(sentence, tokens[at + 1 : at + 1 + _BEYOND], asked)


def _behind(
    sentence: Sentence, tokens: Sequence[re.Match[str]], asked: frozenset[str]
) -> Iterator[tuple[Piece | None, str | None]]:
    for token in tokens:
        if token[0][0].islower():
            continue
        if "city" in asked and (found := places.city(token[0])):
            country = next((s.value for s in places.find(sentence.text) if isinstance(s.value, str)), None)
            yield Piece(token[0], sentence.start + token.start()), country or places.only_country(found)
            return
        if "country" in asked and (code := places.country(token[0])):
            yield None, code
            return


#: Where the senders of a language live: a small place there may end a name without any word before it.
_HOME: Final = {
    "de": "DE AT CH LI LU", "nl": "NL BE", "fr": "FR BE CH LU CA", "sv": "SE FI", "en": "GB IE", "it": "IT CH",
    "no": "NO", "da": "DK", "fi": "FI", "pl": "PL", "pt": "PT BR", "es": "ES MX AR CL CO", "tr": "TR",
}  # fmt: skip


_CITY_BEHIND = re.compile(r"\s?[,،(–-]\s?([^\W\d_][\w'’-]+(?:[ -][^\W\d_][\w'’-]+){0,2})\s*(?=[.,،;)!\n]|$)")


def _right_behind(sentences: Sequence[Sentence], name: Piece, language: str) -> tuple[Piece, str | None] | None:
    """The small place behind a name and a comma: "Association Les Tisseuses, Roubaix."."""
    for sentence in sentences:
        if sentence.start <= name.start and name.end <= sentence.start + len(sentence.text):
            match = _CITY_BEHIND.match(sentence.text, name.end - sentence.start)
            found = places.city(match[1]) if match and not match[1][0].islower() else None
            at_home = found and places.only_country(found) in _HOME.get(language, "").split()
            if match and found and (at_home or (found.only and names.script(match[1]) == "Arab")):
                return Piece(match[1], sentence.start + match.start(1)), places.only_country(found)
    return None


_ARTICLES: Final = frozenset({"the", "der", "die", "das", "den", "el", "los", "las", "il", "les"})


def _at_end(name: Piece, language: str) -> tuple[Piece | None, str | None]:
    """The city that ends a name, with its country: "Werkgroep Vluchtelingen Deventer"."""
    last = list(re.finditer(r"[^\s\u200c()]+", name.text))[-1]
    found = places.city(last[0]) if not last[0][0].islower() else None
    if found is None or last.start() == 0 or has_noun(last[0]) or is_common(last[0]):
        return None, None
    before = name.text[: last.start()].split()[-1:] or [""]
    if places.is_regional(before[0]) or before[0].lower() in _ARTICLES:
        return None, None  # "Voice of the Street" is not in Street
    linked = re.search(r"(?:^|\s)[^\W\d_]{1,3}\s+$", name.text[: last.start()]) is not None  # "of", "in", "de"
    at_home = places.only_country(found) in _HOME.get(language, "").split() and has_noun(name.text)
    if not (found.known or linked or at_home):
        return None, None
    return Piece(last[0], name.start + last.start()), places.only_country(found)
