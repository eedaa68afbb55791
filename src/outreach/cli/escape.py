"""Keeps what came from outside from speaking to the terminal: every text is printed through here."""

from __future__ import annotations

import json
import unicodedata
from datetime import date, datetime
from enum import Enum
from typing import Final

#: Controls (ESC, C1), formats (bidi overrides and isolates, tags), line and paragraph separators, lone surrogates.
_DANGEROUS: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
#: Persian needs ZWNJ to be spelt rightly, and neither of the two moves any text.
_HARMLESS: Final = frozenset({"\u200c", "\u200d"})


def safe(text: object) -> str:
    """The text on one line, with every character that could steer a terminal written as its code point."""
    text = str(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_code(char) if _is_dangerous(char) else char for char in text)


def safe_lines(text: str) -> str:
    """The same for a text of several lines: line ends stay, tabs become spaces."""
    return "\n".join(safe(line.expandtabs(4)) for line in text.replace("\r\n", "\n").split("\n"))


def safe_json(value: object, *, indent: int | None = 2) -> str:
    """JSON that may be printed on a terminal: what ``safe`` escapes is escaped as JSON has it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    # Inside strings json.dumps has escaped every line end; the raw ones are its own.
    return "".join(json.dumps(char)[1:-1] if char != "\n" and _is_dangerous(char) else char for char in text)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case set() | frozenset():
            return sorted(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not printed")


def _is_dangerous(char: str) -> bool:
    return char not in _HARMLESS and unicodedata.category(char) in _DANGEROUS


def _code(char: str) -> str:
    point = ord(char)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
