"""Lists of signatories: lines "name – city – country", numbered or not, in one script or in pairs of two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from outreach.reading import names
from outreach.reading.commas import holds_slogan
from outreach.reading.endings import is_verb
from outreach.reading.entries import parse_entry
from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import Piece, has_noun, person

_NUMBER = re.compile(r"\s*(?:[(\[]?[\d۰-۹٠-٩]{1,2}[.)\-–\]:]+\s*|[•*▪●○◦·–-]\s+)")
#: Several items on one line: "1) … 2) …".
_INLINE = re.compile(r"(?:^|(?<=\s))([1-9۱-۹١-٩])(?:[.)]|\s?[-–])\s*(?=[^\W\d_])")
#: "We gladly sign. Harbour Choir, Leeds": no line of a list, but two sentences.
_NEW_SENTENCE = re.compile(r"(?<=\w{3})[.!?؟]\s+(?=[^\W\d_])")
_ADDRESS = re.compile(r"(?<![^\s<>()،,:@])[^\s<>()،,:@]{1,64}@[^\s<>()،,;]{1,255}\w")
_NOT_IN_NAMES = re.compile(r"[@:?!]|https?|\d{5,}")
_PERSIAN_VERBS: Final = frozenset(
    ["است", "هستند", "هستیم", "هستم", "کنید", "کنیم", "کنند", "شود", "دارند", "داریم", "لطفا", "ما", "شما"]
)
#: Persian words that sentences hold, and names hardly ever.
_IN_SENTENCES: Final = frozenset(["هم", "ولی", "اما", "من", "را", "رو", "که", "این", "نیز", "چون", "هنوز", "قبلا"])
#: At the end of a line: "(personal capacity)".
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{4,60})[)\]]\s*$")
_MAX_NAME_WORDS: Final = 18
_BLOCK: Final = 3  #: lines that are a list by standing together
#: Small words that end a name nowhere, but stand before its last word.
_INSIDE: Final = frozenset(["با", "از", "به", "برای", "در"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One signatory of a list: names by script, place, an address named for it; places of all in the part's text."""

    names: dict[str, Piece]
    city: Piece | None = None
    country: str | None = None
    address: Piece | None = None
    contact: Piece | None = None
    numbered: bool = False
    individual: bool = False  #: a person, who signs among organisations
    inline: bool = False  #: stands behind a colon in a sentence
    lines: frozenset[int] = field(default_factory=frozenset)


class Row(NamedTuple):
    """A line of the text: its number, its text, and where it starts in its part."""

    number: int
    text: str
    start: int
    within: bool = False  #: an item of several on one line


def read_list(rows: Sequence[Row]) -> list[Entry]:
    """The signatories listed in these lines; [] when they are no list."""
    singles: list[Entry] = []
    below = {row.number + 1 for row in rows if row.text.strip()}
    for row in (item for line in _unwrapped(rows) for item in _items(line)):
        entry = _entry(row, apart=row.number not in below)
        entry = replace(entry, inline=True) if entry and row.within else entry
        if entry and singles and _pairs(singles[-1], entry):
            singles[-1] = _merge(singles[-1], entry)
        elif entry:
            singles.append(entry)
    standing = [entry for entry in singles if _stands(entry, singles)]
    return [entry for entry in singles if entry in standing or _is_alike(entry, standing)]


def _unwrapped(rows: Sequence[Row]) -> list[Row]:
    """Numbered items that the client wrapped, joined; their line breaks stay, so that places stay right."""
    out: list[Row] = []
    for row in rows:
        before = out[-1] if out else None
        if (
            before
            and before.number == row.number - 1
            and len(before.text.rpartition("\n")[2]) > 55
            and _NUMBER.match(before.text)
            and not _NUMBER.match(row.text)
            and row.text.strip()
            and names.script(row.text) == names.script(before.text)
            and not before.text.rstrip().endswith(".")
        ):
            out[-1] = Row(row.number, f"{before.text}\n{row.text}", before.start)
        else:
            out.append(row)
    return out


def _items(row: Row) -> list[Row]:
    """The items that are numbered on one line: "Please add: 1) Club Nowruz, Lyon 2) Atelier Simorgh, Lyon"."""
    found = list(_INLINE.finditer(row.text))
    if len(found) < 2 or [unicodedata.digit(match[1]) for match in found] != list(range(1, len(found) + 1)):
        return [row]
    items: list[Row] = []
    for match, end in zip(found, [*(match.start() for match in found[1:]), len(row.text)], strict=True):
        text = _NEW_SENTENCE.split(row.text[match.start(1) : end], maxsplit=1)[0].rstrip(" ,،;.")
        items.append(Row(row.number, text, row.start + match.start(1), within=True))
    return items


def _entry(row: Row, *, apart: bool) -> Entry | None:
    """The signatory on a line, or None if the line is something else. ``apart``: nothing stands right above."""
    lead = _NUMBER.match(row.text)
    offset = lead.end() if lead else 0
    text = row.text[offset:].rstrip()
    address = _ADDRESS.search(text)
    contact = _contact(text, address, row.start + offset) if address else None
    if address:
        cut = max(text.rfind("(", 0, address.start()), text.rfind("[", 0, address.start()))
        text = text[: cut if cut > 0 else address.start()].rstrip(" ,،;:–—-")
    before, colon, behind = text.rpartition(": ")
    if colon and not lead:
        offset += len(before) + len(behind[: len(behind) - len(behind.lstrip())]) + 2
        text = behind.lstrip()
        lead_in = True
    else:
        lead_in = False
    if lead and (signer := _signer(text, row, offset)):
        return signer
    if not 2 <= len(words(text)) <= _MAX_NAME_WORDS + 5 or _NOT_IN_NAMES.search(text):
        return None
    name, city, country = parse_entry(text)
    if not name.text or len(words(name.text)) > _MAX_NAME_WORDS or not any(c.isalpha() for c in name.text):
        return None
    if text.endswith((",", ".", "؛", "…")) and not (lead or country):
        return None
    dashed = apart and city is not None and country is not None and text.count(" – ") + text.count(" - ") > 1
    if not lead and (
        _is_prose(name.text, dashed=dashed) or (lead_in and not city and not country) or _says_something(name.text)
    ):
        return None
    if not city and not country and lexicon().opens_with(text, "closing") >= 2:
        return None  # "on behalf of the committee" below a text in the other script
    base = row.start + offset
    named = Piece(address[0].strip("<>."), base + (len(row.text[offset:]) and address.start())) if address else None
    return Entry(
        {names.script(name.text): Piece(name.text, base + name.start)},
        Piece(city.text, base + city.start) if city else None,
        country,
        named,
        contact,
        numbered=bool(lead),
        inline=lead_in,
        lines=frozenset({row.number}),
    )


def _signer(text: str, row: Row, offset: int) -> Entry | None:
    """A person on a numbered line, told by a title or by words: "Prof. Alan Weiss, Madison (personal capacity)"."""
    bracket = _BRACKET.search(text)
    alone = bracket is not None and lexicon().says(bracket[1], "individual")
    line = text[: bracket.start()] if bracket and alone else text
    titled = any(lexicon().is_in("titles", word) for word in words(line)[:1])
    if not (alone or titled) or has_noun(line):
        return None
    whole, city, country = parse_entry(line)
    name, _ = person(whole.text)
    if name is None or len(words(name.text)) < 2:
        return None
    base = row.start + offset
    return Entry(
        {names.script(name.text): Piece(name.text, base + whole.start + name.start)},
        Piece(city.text, base + city.start) if city else None,
        country,
        numbered=True,
        individual=True,
        lines=frozenset({row.number}),
    )


def _contact(text: str, address: re.Match[str], base: int) -> Piece | None:
    """The person in "(contact: Ada Lovelace, ada@…)": what stands between the bracket or colon and the address."""
    before = text[: address.start()]
    cut = max(before.rfind("("), before.rfind("["))
    start = max(cut, before.rfind(":", max(cut, 0))) + 1
    name, _ = person(before[start:].rstrip(" ,،;:<–—-")) if start else (None, None)
    return Piece(name.text, base + start + name.start) if name and len(words(name.text)) >= 2 else None


def _is_prose(text: str, *, dashed: bool) -> bool:
    """Whether a line is a sentence and no name: it starts small, or holds common words that connect no name.

    ``dashed``: city and country stand behind dashes, as in no sentence that starts small.
    """
    if text[:1].islower() and not dashed:
        return True
    plain = [w for w in words(text) if not lexicon().is_in("connectors", w)]
    if names.script(text) == "Arab":
        if not has_noun(text) and not _IN_SENTENCES.isdisjoint(plain):
            return True
        return any(w in _PERSIAN_VERBS or w.startswith(("میخواه", "میکن", "نمی")) for w in plain)
    return sum(w in lexicon().common for w in plain) >= 2


def _says_something(text: str) -> bool:
    """Whether a line before a place asks or tells: "Please add the Harbour Choir", "I sent it to Harbour Choir"."""
    first, *more = text.split()[:2]
    tells = bool(more) and more[0][0].islower() and any(lexicon().is_in(who, first.lower()) for who in ("ours", "me"))
    if tells or _NEW_SENTENCE.search(text):
        return True
    asks = [
        hit
        for hit in lexicon().find(words(text))
        if hit.cue.category in ("request", "named", "signup") and hit.start <= 2
    ]
    return any(hit.end - hit.start > 1 or hit.start == 0 for hit in asks)


def _pairs(first: Entry, second: Entry) -> bool:
    """Whether two lines in different scripts are one signatory's two names: neighbours, places not in conflict."""
    if set(first.names) & set(second.names) or len(first.names) > 1 or second.numbered:
        return False
    if not all(set(entry.names) & {"Arab", "Latn"} for entry in (first, second)):
        return False
    near = min(second.lines) - max(first.lines) <= 2
    return near and (not first.country or not second.country or first.country == second.country)


def _merge(first: Entry, second: Entry) -> Entry:
    return replace(
        first,
        names={**first.names, **second.names},
        city=first.city or second.city,
        country=first.country or second.country,
        address=first.address or second.address,
        contact=first.contact or second.contact,
        lines=first.lines | second.lines,
    )


def _is_alike(entry: Entry, standing: Sequence[Entry]) -> bool:
    """Whether a name without a telling word has city and country like the sure entry on the line before or behind."""
    near = {number + step for number in entry.lines for step in (-2, -1, 1, 2)}
    if entry.numbered and any(other.numbered and near & other.lines for other in standing):
        return entry.individual or _may_be_item(next(iter(entry.names.values())).text)
    full = [other for other in standing if other.city and other.country and near & other.lines]
    return bool(full and entry.city and entry.country) and not entry.inline


def _may_be_item(text: str) -> bool:
    """Whether what stands behind a number can be a name beside one that surely is."""
    said = words(text)
    if len(said) > 8 or any(is_verb(word) for word in text.split()) or lexicon().find(said):
        return False
    return names.script(text) != "Latn" or sum(word[:1].isupper() for word in text.split()) >= 2


def _stands(entry: Entry, among: Sequence[Entry]) -> bool:
    """Whether this is a list item: numbered like others, a pair, or a name with its place behind."""
    name = next(iter(entry.names.values())).text
    placed = entry.city and entry.country
    if not placed and any(lexicon().is_in("stops", word) and word not in _INSIDE for word in words(name)[-2:]):
        return False
    if len(entry.names) > 1:
        return has_noun(name) or has_noun(list(entry.names.values())[-1].text) or bool(entry.country)
    if entry.numbered:
        return (bool(entry.city or entry.country) or has_noun(name)) and sum(e.numbered for e in among) > 1
    if has_noun(name) and _is_in_block(entry, among):
        return True
    return bool(entry.city or entry.country) and (has_noun(name) or holds_slogan(name) or _is_in_row(entry, among))


def _is_in_block(entry: Entry, among: Sequence[Entry]) -> bool:
    """Whether three and more lines in a row are names by their words, so that no place need stand behind them."""
    named = {n for e in among if not e.inline for n in e.lines if has_noun(next(iter(e.names.values())).text)}
    at = min(entry.lines)
    first = last = at
    while first - 1 in named:
        first -= 1
    while last + 1 in named:
        last += 1
    return last - first >= _BLOCK - 1


def _is_in_row(entry: Entry, among: Sequence[Entry]) -> bool:
    """Whether lines "name, city" follow each other, which no word for an organisation need tell."""
    near = {number + step for number in entry.lines for step in (-1, 1)}
    row = [other for other in among if other.city and not other.inline and near & other.lines]
    return bool(row and entry.city) and not any(
        c.isdigit() for e in (entry, *row) for n in e.names.values() for c in n.text
    )
