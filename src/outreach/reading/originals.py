"""Where the original starts without quote marks: separators, and blocks of its headers, in every language.

Used by `reply` to split the text, and by the readers to leave header lines out. Every test is linear in its lines.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final

from outreach.reading.memory import remembered

MAX_LINE: Final = 1000  #: a longer line is never a marker
BLOCK_LINES: Final = 14  #: lines that a block of headers may take, wrapped values and gaps included
_ENOUGH: Final = 3  #: headers that make a block by themselves
_MAX_TITLE: Final = 9  #: words between the dashes of a separator

_INVISIBLE: Final = [
    0xAD,
    0x61C,
    0x200B,
    *range(0x200D, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
]
_FOLDED: Final = (
    {code: None for code in _INVISIBLE}
    | {0x2010: "-", 0x2011: "-", 0xA0: " ", 0x202F: " ", 0x2009: " ", 0x200C: " ", 0x640: None}
    | dict.fromkeys(range(0x64B, 0x653))  # vowel signs of Arabic
    | str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "：": ":", "＜": "<", "＞": ">", "’": "'"})
)


def plain(line: str) -> str:
    """The line as markers are compared: no bidi marks, one kind of space, Persian letters for their Arabic twins."""
    return line.strip() if line.isascii() else _folded(line[: MAX_LINE + 1])


@remembered
def _folded(line: str) -> str:
    return unicodedata.normalize("NFC", line).translate(_FOLDED).strip()


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for ``plain`` texts, its own letters folded as theirs are, small and capital letters alike."""
    return re.compile(unicodedata.normalize("NFC", pattern).translate(_FOLDED), re.IGNORECASE)


_TABLES: Final = tomllib.loads(resources.files(__package__).joinpath("markers.toml").read_text("utf-8"))


def phrases(table: str, key: str) -> str:
    """Alternatives of markers.toml as one pattern."""
    return "".join(_TABLES[table][key].split("\n"))


def words_of(table: str, key: str) -> frozenset[str]:
    """A list of words of markers.toml."""
    return frozenset(_TABLES[table][key].split())


_LABELS: Final = {
    plain(name).casefold(): field
    for field, names in _TABLES["headers"].items()
    for single, *phrases in [" ".join(names.split()).split(" / ")]
    for name in [*single.split(), *phrases]
}
_HEADER_LINE = re.compile(
    r"[*_>\s]{0,6}([^\W\d_][^:*<>@]{0,24}?)\s{0,3}[*_]{0,2}\s{0,2}:"
    # Where French puts its space before the colon, none need stand behind it.
    r"(?:(?<=\s:)|[*_]{0,2}(?=\s|$|\S*@))\s*(.*)"
)
_IN_ONE_LINE = re.compile(r"(?:^|\s)([^\W\d_][^\W\d_]{1,14})\s?:(?=\s)")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d|\d{4}")
_TIME = re.compile(r"\d{1,2}:\d\d:\d\d")
_NAMES_SOMEBODY = re.compile(r"[\W_]{0,8}[^\W\d_]|\S*@")

_FORWARD_WORDS = compiled(phrases("separators", "forwarded"))
_ORIGINAL_WORDS = compiled(phrases("separators", "original"))
_FORWARD_ALONE = compiled(phrases("separators", "forwarded_alone"))
_ABOVE_THIS_LINE = compiled(phrases("separators", "above_this_line"))
_OF_MESSAGE = compiled("|".join(sorted(words_of("separators", "message"))))
_DASHED = re.compile(r"[->_=*—–~#\s]{2,80}?([^\W_].{0,90}?)\s{0,5}[-_=*—–~#<]{2,80}")
_GLUED = re.compile(r"(-{3,80}\s?[^-]{4,60}-{3,80})\s?(?=\w)")
_RULE = re.compile(r"[_\-=*—–~⎯─]{3,200}")


def header_field(text: str) -> str | None:
    """Which header (from, date, to, subject, cc) a ``plain`` line of a quoted header block names."""
    found = _HEADER_LINE.match(text)
    return _LABELS.get(found[1].casefold()) if found else None


def names_header(line: str) -> bool:
    """A quick look at a raw line: whether it begins with the name of a header."""
    head, colon, _ = line[:40].replace("：", ":").partition(":")
    return bool(colon) and (plain(head).strip(" *_\t").casefold() in _LABELS)


def header_block(texts: Sequence[str], *, after_separator: bool) -> int:
    """How many of these ``plain`` lines are a block of the original's headers that starts with the first; 0 if none.

    Three headers make one, with the sender and a date or subject among them, and a real date or an address: a filled
    sign-up form ("From: 10:00, To: 12:00, Date: 5 September") is none. After a separator two are enough.
    """
    found: dict[str, str] = {}
    end = 0
    for number, field, value in _headers(texts[:BLOCK_LINES]):
        if field in found and field != "cc":
            break
        found[field] = value
        end = number + 1
    if "from" in found and not _NAMES_SOMEBODY.match(found["from"] or "x"):
        return 0
    dated = _CLOCK.search(found.get("date", "")) is not None
    addressed = any("@" in found.get(name, "") for name in ("from", "to"))
    if len(found) >= _ENOUGH and "from" in found and ("date" in found or "subject" in found):
        return end if dated or addressed or after_separator or len(found) > _ENOUGH or "subject" in found else 0
    opened = "from" in found or (addressed and header_field(texts[0]) == "date")
    if len(found) >= 2 and ((opened and dated) or (after_separator and "from" in found)):
        return end
    return len(texts[:1]) if _is_block_in_one_line(texts) else 0


def _headers(texts: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Number, field and value of each header line; wrapped values and single empty lines between are passed over."""
    others = 0
    for number, text in enumerate(texts):
        match = _HEADER_LINE.match(text) if len(text) <= MAX_LINE else None
        field = _LABELS.get(match[1].casefold()) if match else None
        if field and match:
            others = 0
            below = texts[number + 1] if not match[2] and number + 1 < len(texts) else ""
            yield number, field, match[2] or below
        else:
            others += 1
            if number == 0 or others > 2 or (not text and others > 1):
                return


def _is_block_in_one_line(texts: Sequence[str]) -> bool:
    """ "From: A Sent: B To: C Subject: D", as some gateways write it."""
    text = texts[0] if texts else ""
    if not 40 <= len(text) <= MAX_LINE or header_field(text) is None:
        return False
    fields = {_LABELS.get(match[1].casefold()) for match in _IN_ONE_LINE.finditer(text)}
    if {"from", "date"} <= fields and "@" in text and _TIME.search(text):
        return True
    return {"from", "date", "to"} <= fields or {"from", "date", "subject"} <= fields


def is_forward_separator(text: str) -> bool:
    """ "---------- Forwarded message ----------" and its like."""
    if len(text) > 160:
        return False
    dashed = _DASHED.fullmatch(text)
    return bool(dashed and _FORWARD_WORDS.search(dashed[1]) and _of_message(dashed[1])) or (
        _FORWARD_ALONE.match(text) is not None
    )


def is_original_separator(text: str) -> bool:
    """ "-----Original Message-----", "## Reply above this line ##", and their like."""
    dashed = _DASHED.fullmatch(text) if len(text) <= 160 else None
    if dashed is None:
        return False
    return (_ORIGINAL_WORDS.search(dashed[1]) is not None and len(dashed[1].split()) <= _MAX_TITLE) or (
        _ABOVE_THIS_LINE.search(dashed[1]) is not None
    )


def runs_into_headers(text: str) -> bool:
    """ "---- Original Message ----From: A  Date: B", where a program lost the line break."""
    glued = _GLUED.match(text)
    return glued is not None and is_original_separator(glued[1]) and header_field(text[glued.end() :]) is not None


def _of_message(text: str) -> bool:
    return _OF_MESSAGE.search(text) is not None or len(text.split()) <= 2


def is_rule(text: str) -> bool:
    """A row of dashes or underscores, and nothing else."""
    return _RULE.fullmatch(text) is not None
