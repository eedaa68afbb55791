"""Values as they stand in mails to values as they are kept: names by language, persons without titles, places."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from outreach.reading import names, places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.memory import remembered
from outreach.reading.tokens import is_plain

_QUOTES: Final = "\"'“”„«»‘’‚‹›*_ \t"
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SLASH = re.compile(r"\s+/\s+|(?<=\w)/(?=\w)|\s+\|\s+")
_ROLE_SPLIT = re.compile(r"\s*[,،;(–—]\s*|\s+-\s+")
#: Letters that only one of the languages in Arabic script uses.
_PARTICLES: Final = frozenset(
    ["van", "von", "de", "da", "al", "el", "bin", "ibn", "der", "den", "la", "le", "di", "du", "dos", "y", "e"]
    + ["a", "i", "zu", "ten", "ter", "op", "af", "del", "della", "san", "santa", "bi", "mi", "may", "an", "am", "as"]
)
#: A telephone number behind a person: "Sara Azad 0176 1234567".
_NUMBER_BEHIND = re.compile(r"[\s,،:–-]{1,3}[+(]?\d[\d\s()/-]{6,20}$")
_KURDISH: Final = frozenset("ڕڵێۆەڤ")
_PERSIAN: Final = frozenset("پچژگکیی")


class Piece(NamedTuple):
    """A piece of a value and where it stands in it (code points)."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Candidate(NamedTuple):
    """A name that may be the signatory's, and how much speaks for it."""

    piece: Piece
    weight: float


def trimmed(text: str, start: int = 0, extra: str = "") -> Piece:
    """The text without quotes, marks and spaces around it, with its new place."""
    kept = text.lstrip(_QUOTES + extra)
    start += len(text) - len(kept)
    kept = (
        kept.rstrip(_QUOTES + extra + ",،;:.")
        if not kept.rstrip(_QUOTES).endswith((".V.", ".v."))
        else kept.rstrip(_QUOTES)
    )
    return Piece(kept, start)


def by_script(value: str) -> list[Piece]:
    """ "فارسی / English" as its two names; a value in one script stays whole, whatever slashes it holds."""
    pieces: list[Piece] = []
    at = 0
    for match in [*_SLASH.finditer(value), None]:
        end = match.start() if match else len(value)
        pieces.append(trimmed(value[at:end], at))
        at = match.end() if match else at
    if len(pieces) == 1 and (lines := _in_two_scripts(value)):
        pieces = lines
    scripts = [names.script(piece.text) for piece in pieces if piece.text]
    return [p for p in pieces if p.text] if len(set(scripts)) == len(scripts) > 1 else [trimmed(value)]


def _in_two_scripts(value: str) -> list[Piece]:
    """The lines of a value whose first is in one script and whose others are in another."""
    head, newline, rest = value.partition("\n")
    if not newline or names.script(head) == names.script(rest):
        return []
    return [trimmed(head), trimmed(rest, len(head) + 1)]


def language_of_name(text: str, hint: str | None, mail: str) -> str:
    """The language key of a name: the one asked for where the script agrees, else by script and letters."""
    match names.script(text):
        case "Arab":
            if hint in ("fa", "ar", "ckb"):
                return hint
            return "ckb" if _KURDISH & set(text) else "ar" if mail == "ar" else "fa"
        case "Latn" | "Zyyy":
            return hint if hint and hint != "fa" else mail if mail not in ("fa", "ar", "ckb", "und") else "en"
        case "Cyrl":
            return "ru"
        case "Hebr":
            return "he"
        case "Grek":
            return "el"
        case _:
            return hint or "und"


def person(value: str) -> tuple[Piece | None, str | None]:
    """(person, role) of "Dr. Ursula Zbinden, Präsidentin", "me, Ingrid Solheim", "Av. B. Aydemir (eş başkan)"."""
    pieces: list[Piece] = []
    value = _NUMBER_BEHIND.sub("", value)
    at = 0
    for match in [*_ROLE_SPLIT.finditer(value), None]:
        end = match.start() if match else len(value)
        if (piece := trimmed(value[at:end], at, "()")).text:
            pieces.append(piece)
        at = match.end() if match else at
    while len(pieces) > 1 and all(lexicon().is_in("me", word) for word in words(pieces[0].text)):
        pieces.pop(0)
    if not pieces:
        return None, None
    name = untitled(pieces[0])
    role = next(
        (p.text for p in pieces[1:] if "@" not in p.text and len(p.text) < 60 and not p.text[0].isdigit()), None
    )
    return (name, role) if looks_like_person(name.text) else (None, role)


def untitled(piece: Piece) -> Piece:
    """The name without "Dr.", "Mme", «خانم» before it."""
    text, start = piece.text, piece.start
    while (match := _WORD.match(text)) and match.end() < len(text) and _is_title(match[0]):
        rest = text[match.end() :].lstrip(" .")
        start += len(text) - len(rest)
        text = rest
    return Piece(text, start)


def _is_title(word: str) -> bool:
    folded = "".join(words(word))
    # "Mina" is a name, and without its accents a Finnish "I".
    return lexicon().is_in("titles", folded) or (not word[0].isupper() and lexicon().is_in("me", folded))


#: Words of the line that a mail program puts below ("Sent from my iPhone", in whatever language).
_CLIENTS: Final = frozenset(
    ["iphone", "iphoneumdan", "ipad", "ios", "android", "outlook", "yahoo"]
    + ["gmail", "mail", "samsung", "huawei", "galaxy", "proton"]
)


def is_organ(text: str) -> bool:
    """Whether the text names a body of the signatory, not the signatory: "National Executive", «هیئت مدیره»."""
    return all(lexicon().is_in("organs", word) for word in words(text))


_NOT_IN_PERSONS: Final = frozenset("@:/|!?_")


def looks_like_person(text: str) -> bool:
    """One to five words, none of them a word for an organisation, no digits or signs."""
    said = words(text)
    if not 1 <= len(said) <= 5 or max(map(len, said)) < 2 or not _NOT_IN_PERSONS.isdisjoint(text):
        return False
    if any(map(str.isdigit, text)) or text.startswith("www."):
        return False
    return not has_noun(text) and not any(_is_prose(word) for word in said) and not _CLIENTS.intersection(said)


def _is_prose(word: str) -> bool:
    """Whether the word is a common one and not also a particle of names."""
    return word not in _PARTICLES and word in lexicon().common


@remembered
def is_common(word: str) -> bool:
    """Whether the word is a common one of some language, or a greeting."""
    folded = "".join(words(word))
    return folded in lexicon().common or bool(lexicon().opens_with(word, "greeting"))


@remembered
def has_noun(text: str) -> bool:
    """Whether the text holds a word for an organisation (committee, Verein, کانون …)."""
    return holds_noun(words(text))


def may_hold_noun(text: str, said: Collection[str]) -> bool:
    """Whether ``has_noun`` can be true of any piece of the text, whose words are known."""
    return not is_plain(text) or holds_noun(said)


def holds_noun(said: Collection[str]) -> bool:
    """Whether one of the (folded) words is a word for an organisation."""
    return not lexicon().lists["nouns"].isdisjoint(said) or any(map(_is_compound, said))


def _is_compound(word: str) -> bool:
    """Germanic compounds: Solidaritätskomitee, Stödkommittén."""
    return len(word) > 8 and word[-3:] in _LAST_LETTERS and word.endswith(_COMPOUND_ENDS)


_COMPOUND_ENDS: Final = (
    "komitee", "verein", "verband", "bundnis", "initiative", "gruppe", "gesellschaft", "gewerkschaft", "rat",
    "netzwerk",
    "haus", "huset", "werk", "treff", "buro", "bewegung", "genossenschaft", "jugend", "kreis", "gruppa", "gruppen",
    "kollektiv", "zentrum", "forening", "foreningen", "kommitte", "kommitten", "forbund", "forbundet", "natverk",
    "vereniging", "stichting", "comite", "beweging", "komite", "komiteen", "union", "bund", "laget",
    "gemeinde", "ausschuss", "fachschaft", "kirche", "partei", "stiftung", "forum", "schaftsrat", "konferenz",
    "akademie",
    "klubb", "klubben", "kretsen", "sektionen", "avdelningen", "kyrkan", "kyrka", "forsamlingen", "forsamling",
    "natverket", "rorelsen", "kollektivet", "kampanjen", "stiftelsen", "sallskapet", "radet", "centrum", "facket",
    "huis", "koor", "kring", "winkel", "kirken", "keskus", "yhdistys", "tisch", "runde", "plenum", "chor", "cafe",
    "laden", "werkgroep", "groep", "kerk", "verbond", "collectief", "netwerk", "platform", "dorpsraad", "jongeren",
)  # fmt: skip
_LAST_LETTERS: Final = frozenset(end[-3:] for end in _COMPOUND_ENDS)


@dataclass(frozen=True, slots=True)
class Place:
    """A city and a country, each as written and as code, with their pieces."""

    city: Piece | None = None
    country: str | None = None


def place(value: str) -> Place:
    """City and country of a value such as "Toronto, Canada", "اشتوتگارت / Stuttgart", "1205 Genève"."""
    whole = trimmed(value)
    if code := places.country(whole.text):
        return Place(None, code)
    if found := places.city(whole.text):
        return Place(whole, places.only_country(found))
    head, slash, rest = whole.text.partition("/")
    if slash and (code := places.country(rest)) and places.city(head):
        return Place(trimmed(head, whole.start), code)
    city: Piece | None = None
    country: str | None = None
    for spot in places.find(value):
        if isinstance(spot.value, str):
            country = country or spot.value
        elif city is None:
            city = Piece(value[spot.start : spot.end], spot.start)
            implied = places.only_country(spot.value)
    return Place(city, country or (implied if city else None))


def person_from_header(name: str) -> str | None:
    """The person a From header shows, or None: an organisation, initials, an address."""
    text = untitled(trimmed(name)).text
    if "," in text and text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        text = f"{first} {last}"
    if any(word.isupper() and len(word) > 3 for word in text.split()) and not text.isupper():
        return None  # "Secretariat FIDEF"
    complete = [word for word in words(text) if len(word) > 1]
    return text if len(complete) >= 2 and looks_like_person(text) else None
