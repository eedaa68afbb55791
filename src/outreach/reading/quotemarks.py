"""What shows that a line is quoted: marks at its beginning, and lines that belong to a marked one.

Used by `walk`. All functions look at stripped lines, only a few around the one they are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

#: What may stand around a line's text: spaces of all kinds, bidi marks, a byte order mark.
EDGE: Final = " \t\r\xa0\u202f\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
MARKS: Final = (">", "＞")
COLONS: Final = (":", "：", ":*", ":_")
#: Greek asks with ";", and an answer may stand right below.
GREEK_QUESTION = re.compile(r"[α-ωά-ώ][;\u037e]$")
_NAMED = re.compile(r"[^\W\d_]{1,12}>(?!\S*@)\s?")
_LEFT_OPEN = re.compile(r"<[^<>]*$")
_NEAR: Final = 4  #: lines within which a quotation follows what introduces it
_ANSWER: Final = 6  #: lines of an answer between an attribution and the quotation it introduces
_WRAP: Final = 66  #: quoted lines longer than this may have been wrapped by a server on the way


def is_quoted(line: str) -> bool:
    return line.lstrip(EDGE).startswith(MARKS)


def unquoted(line: str) -> str:
    """The line without its quote marks."""
    return line.lstrip(" >＞")


def line_at(bare: Sequence[str], at: int) -> str:
    return bare[at] if 0 <= at < len(bare) else ""


def is_left_open(text: str) -> bool:
    """Whether an angle bracket of this line is closed only on the next one."""
    return _LEFT_OPEN.search(text) is not None


def is_false_mark(bare: Sequence[str], at: int, *, above_is_plain: bool) -> bool:
    """ ">>> offer <<<", mbox's ">From ", or the end of a link that was broken before its closing bracket."""
    text, above = bare[at], line_at(bare, at - 1)
    if text.endswith("<<<"):
        return True
    if above_is_plain and above and "://" in above and is_left_open(above):
        return True
    return text.startswith(">From ") and not any(line_at(bare, n).startswith(MARKS) for n in (at - 1, at + 1))


def named_mark(bare: Sequence[str], at: int, *, after_quoted: bool) -> bool:
    """ "Ali> text": the quoted person's initials before the mark, below a quoted line or on near lines too."""
    match = _NAMED.match(bare[at])
    if match is None:
        return False
    name = match[0].strip()
    return after_quoted or any(line_at(bare, n).startswith(name) for n in range(at - 2, at + 3) if n != at)


def has_wrapped_tail(bare: Sequence[str], at: int) -> bool:
    """Whether the line below a quoted one is its rest, wrapped without a mark, and the quotation goes on below that."""
    tail = line_at(bare, at + 1)
    if not tail or tail.startswith(MARKS) or not line_at(bare, at + 2).startswith(MARKS) or len(tail) >= _WRAP:
        return False
    text = bare[at]
    if len(tail) <= 2 and not any(char.isalnum() for char in tail):
        return True  # what a damaged line break left of an address
    if tail[-1] in ")>" and (tail.startswith("(http") or is_left_open(text.lstrip("> ")) or _parenthesis_open(text)):
        return True
    ended = text[-1] in ".!?؟:。" or GREEK_QUESTION.search(text) is not None
    return len(text) >= _WRAP and not ended and (tail[0].islower() or tail[0] in "_)&")


def _parenthesis_open(text: str) -> bool:
    return "(http" in text and ")" not in text.rpartition("(http")[2]


def quote_follows(bare: Sequence[str], at: int, *, within: int = 2) -> bool:
    """Whether one of the next lines with text is marked as quoted."""
    near = [text for text in bare[at : at + _NEAR] if text]
    if near and near[0][0] == "|":
        return True
    return any(text[0] in MARKS or _NAMED.match(text) is not None for text in near[:within])


def is_answered_above(bare: Sequence[str], at: int) -> bool:
    """Whether a few lines of the sender's stand between an attribution and the marked quotation."""
    texts = 0
    for text in bare[at : at + 2 * _ANSWER]:
        if text.startswith(MARKS):
            return texts > 0
        if text.endswith(COLONS) or text[:1] in ("-", "_", "="):
            return False
        texts += bool(text)
        if texts > _ANSWER:
            return False
    return False
