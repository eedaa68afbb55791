"""The end of a message: greeting, name, function, organisation, place; typed by hand or as a signature block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from outreach.reading import places
from outreach.reading.commas import behind_slogan, holds_slogan, is_in_name, is_slogan
from outreach.reading.lexicon import lexicon, words
from outreach.reading.lists import Row
from outreach.reading.nounless import below_function
from outreach.reading.offices import is_office
from outreach.reading.values import Piece, has_noun, is_common, looks_like_person, trimmed, untitled

_SPLIT = re.compile(r"\s*[|•·]\s*|[,،]\s+|\s+[–—-]\s+")
_PHONE = re.compile(r"(?:\+|\b0|\(0)[\d\s()./-]{6,20}\d")
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s<>|,]{3,100}", re.IGNORECASE)
#: Before a city (Central Europe, the Netherlands) or behind it (Britain, Ireland, Canada, the USA).
_POSTCODE = re.compile(
    r"^[A-Z]{0,2}-?(?:\d{4,6}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2})\s+(?:[A-Z]{2}\s+)?"
    r"|\s+[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}$|\s+[A-Z]\d{2}\s?[A-Z\d]{4}$"
    r"|\s+\d{1,2}$|\s+(?:[A-Z]{2}\s+)?(?:[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{5}(?:-\d{4})?)$"
)
_SPACED = re.compile(r"[\s,،!.–-]+(?=[^\s,،!.–-])")
_LAST_LINES: Final = 14
_CLOSING_WORDS: Final = 7
_BLOCK_LINES: Final = 8  #: of a signature typed by hand


@dataclass(frozen=True, slots=True)
class SignOff:
    """What stands below the closing; pieces lie in their part's text. ``first_row``: from where on it stands."""

    part: str
    first_row: int
    person: Piece | None = None
    role: str | None = None
    organisations: tuple[Piece, ...] = ()  #: in the order of the lines, maybe one name in two scripts
    city: Piece | None = None
    website: str | None = None
    phone: str | None = None

    @property
    def organisation(self) -> Piece | None:
        return self.organisations[0] if self.organisations else None


def read_signoff(rows: Sequence[Row], part: str, *, signature: bool = False) -> SignOff:
    """The sign-off of these lines. ``signature``: all of them are a signature block."""
    filled = [row for row in rows if row.text.strip()]
    start = 0 if signature else _closing(filled)
    if start is None:
        return SignOff(part, filled[-1].number + 1 if filled else 0)
    below = filled[start : start + 12]
    if len(below) > 1 and below[0].text.rstrip().endswith((",", "،")) and _is_person(below[1].text.strip()):
        below = below[1:] if len(words(below[0].text)) == 1 else below  # a closing in any language: "Salud,"
    pieces = [piece for row in below for piece in _pieces(row)]
    text = "\n".join(row.text for row in below)
    site, phone = _SITE.search(text), _PHONE.search(text)
    person, role = _person(pieces)
    organisations = tuple(_organisations(pieces, person))
    if not organisations and role and (nounless := below_function(below, _is_role)):
        organisations = (nounless,)
    return SignOff(
        part,
        below[0].number if below else 0,
        person,
        role,
        organisations,
        _city(pieces),
        site[0].rstrip(".") if site else None,
        phone[0].strip() if phone else None,
    )


def _closing(rows: Sequence[Row]) -> int | None:
    """The number of the line where the sign-off starts: a closing, else short last lines that are a name."""
    for at in range(len(rows) - 1, max(-1, len(rows) - _LAST_LINES), -1):
        text = rows[at].text.strip()
        if at > 0 and _is_closing(text):
            earlier = at - 1
            while earlier > 0 and len(rows) - earlier < 6 and _is_closing(rows[earlier].text):
                earlier -= 1
            return earlier + 1 if _is_closing(rows[at].text) and earlier < at - 1 else at
    start = len(rows)
    while start > 1 and len(rows) - start < 4 and _is_short(rows[start - 1].text.replace("|", " ")):
        start -= 1
    last = range(max(start, 1), len(rows))
    heads = {at: re.split(r"\s[|•·]\s", rows[at].text)[0].strip(" /-—–") for at in last}
    named = (at for at in last if _is_person(heads[at]) and not _is_in_row(rows, at))
    return next(named, None) or _block(rows)


def _block(rows: Sequence[Row]) -> int | None:
    """Where a block of person, function, organisation, address stands at the end, without any closing above it."""
    for at in range(max(1, len(rows) - _BLOCK_LINES), len(rows) - 1):
        below = [row.text.strip() for row in rows[at + 1 : at + 3]]
        told = any(_is_role(text) or has_noun(text) or _PHONE.search(text) or _SITE.search(text) for text in below)
        if told and _is_person(rows[at].text.strip()) and all(len(words(text)) <= _CLOSING_WORDS for text in below):
            return at
    return None


def _is_in_row(rows: Sequence[Row], at: int) -> bool:
    """Whether it is the last of several lines "name – place"."""
    return all(" – " in row.text or " - " in row.text or " — " in row.text for row in rows[at - 1 : at + 1])


def _is_person(text: str) -> bool:
    return looks_like_person(text) and not _is_place(text) and not holds_slogan(text)


def _is_closing(text: str) -> bool:
    """A closing phrase, with at most a name behind it."""
    if is_slogan(text):
        return True
    if places.find(behind_slogan(text)):
        return False  # "Woman, Life, Freedom Ottawa" is who signs
    taken, said = lexicon().opens_with(text, "closing"), words(text)
    return bool(taken) and len(said) <= min(_CLOSING_WORDS, taken + 3) and not has_noun(" ".join(said[taken:]))


def _is_short(text: str) -> bool:
    return len(words(text)) <= 6 and len(text) < 50 and text.rstrip()[-1:] not in ".!?؟:؛"


def _pieces(row: Row) -> Iterator[Piece]:
    """The parts of a line "Name, function | organisation", closings left out."""
    at = len(row.text) if is_slogan(row.text) else 0
    for match in [*(cut for cut in _SPLIT.finditer(row.text, at) if not is_in_name(row.text, cut.start())), None]:
        end = match.start() if match else len(row.text)
        piece = trimmed(row.text[at:end], row.start + at, "/-—– ()")
        if piece.text and not _is_only_closing(piece.text):
            yield piece
        at = match.end() if match else at


def _is_only_closing(text: str) -> bool:
    taken = lexicon().opens_with(text, "closing")
    return bool(taken) and taken >= len(words(text)) - 1


def _person(pieces: Sequence[Piece]) -> tuple[Piece | None, str | None]:
    found: Piece | None = None
    for at, piece in enumerate(pieces[:5]):
        bare = untitled(_full_name(without_closing(piece)))
        person = _is_person(bare.text) and not _is_role(bare.text)
        if person and (found is None or _is_full(bare.text, found.text)):
            found = bare
        elif _is_role(piece.text) and at < 4:
            return found, piece.text
    return found, None


def _is_full(text: str, first: str) -> bool:
    """Whether it is the whole name of who signed with the first name above: "Rev Dr Moira Tennant" below "Moira"."""
    said = words(text)
    return len(words(first)) == 1 and len(said) > 1 and said[:1] == words(first)


_KISSES = re.compile(r"\s+x{1,3}$", re.IGNORECASE)


def _full_name(piece: Piece) -> Piece:
    """ "Gertraud Pühringer" of "Traudi (Gertraud Pühringer", "Jennifer Wu" of "Jennifer Wu (she/her)"."""
    piece = Piece(_KISSES.sub("", piece.text), piece.start)
    short, opened, full = piece.text.partition("(")
    if not opened:
        return piece
    inside = trimmed(full, piece.start + len(short) + 1, "()")
    longer = len(words(inside.text)) >= 2 and looks_like_person(inside.text) and len(words(short)) == 1
    return inside if longer and not _is_role(inside.text) else trimmed(short, piece.start)


def without_closing(piece: Piece) -> Piece:
    """The name behind "Gruß" or «با سپاس» on the same line."""
    taken = lexicon().opens_with(piece.text, "closing")
    at = next((m.end() for m in _SPACED.finditer(piece.text) if len(words(piece.text[: m.start()])) >= taken), 0)
    behind = piece.text[at:]
    if not taken or not at or (behind[0].islower() and not _is_small_name(behind)):
        return piece
    return Piece(behind, piece.start + at)


def _is_small_name(text: str) -> bool:
    """Whether it can be a name that somebody wrote without capitals: "grüße jonas"."""
    return text.islower() and len(text.split()) <= 2 and not is_common(text.split()[0])


def _is_role(text: str) -> bool:
    said = words(text)
    return 1 <= len(said) <= 7 and not has_noun(" ".join(said[-1:])) and any(lexicon().is_in("roles", w) for w in said)


def _is_place(text: str) -> bool:
    if places.country(text) is not None or ((found := places.city(text)) is not None and found.known):
        return True
    spots = places.find(text)
    return len(spots) > 1 and sum(spot.end - spot.start for spot in spots) >= len(text.strip()) - 3


def _organisations(pieces: Sequence[Piece], person: Piece | None) -> Iterator[Piece]:
    for piece in pieces:
        if (
            piece == person
            or (_is_role(piece.text) and lexicon().is_in("roles", words(piece.text)[0]))
            or is_office(piece.text)
            or (_is_role(piece.text) and piece.text[0].islower())
            or any(c in piece.text for c in "@:")
            or _PHONE.search(piece.text)
            or _SITE.search(piece.text)
        ):
            continue
        if has_noun(piece.text) and 2 <= len(words(piece.text)) <= 14 and not any(ch.isdigit() for ch in piece.text):
            yield piece


def _city(pieces: Sequence[Piece]) -> Piece | None:
    """The city of the address lines: a piece that is one, or one behind a post code or before its country."""
    for piece, behind in zip_longest(pieces[1:], pieces[2:]):
        bare = trimmed(_POSTCODE.sub(lambda m: " " * len(m[0]), piece.text), piece.start)
        country = places.country(behind.text) if behind else None
        if (found := places.city(bare.text)) and (found.known or bare != piece or country in found.countries):
            return bare
    return None
