"""Limits of what is read: checked before any parser sees the bytes, as parsers are quadratic on hostile input."""

from __future__ import annotations

import re
from typing import Final

from outreach.errors import OutreachError

MAX_MESSAGE: Final = 10 * 2**20  #: octets
MAX_LINES: Final = 300_000  #: 10 MB of base64 are 140,000
MAX_PARTS: Final = 200
MAX_DEPTH: Final = 20
MAX_HEADERS: Final = 500
MAX_HEADER: Final = 64 * 1024  #: octets of one header with its continuation lines
MAX_HTML: Final = 2 * 2**20  #: characters
MAX_OPEN_TAGS: Final = 500
MAX_TEXT: Final = 400_000  #: characters of the text that are kept
MAX_TEXT_LINES: Final = 20_000  #: lines of it: the stages below take some microseconds for each
MAX_TAGS: Final = 40_000  #: tags of one HTML text

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*?(/?)>")
#: Tags that hold nothing, or that the next of their kind closes: neither can nest without end.
_FLAT: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
     "li", "dt", "dd", "td", "th", "tr", "option", "o:p"]
)  # fmt: skip


class Unreadable(OutreachError):
    """The message was set aside unread; the text says why."""


def check(raw: bytes) -> None:
    """Raise Unreadable when the message is too large or empty; parts.py counts its parts and headers itself."""
    if len(raw) > MAX_MESSAGE:
        raise Unreadable("the message is larger than 10 MB")
    if not raw or raw.isspace():
        raise Unreadable("the message is empty")
    if len(raw) > MAX_LINES and max(raw.count(b"\n"), raw.count(b"\r")) > MAX_LINES:
        raise Unreadable("the message has more than 300,000 lines")


def html_is_safe(html: str) -> bool:
    """Whether the HTML may be given to a parser: its size, and how many tags stand open at once."""
    tags = html.count("<")
    if len(html) > MAX_HTML or tags > MAX_TAGS:
        return False
    if tags <= MAX_OPEN_TAGS:
        return True
    # Counted for each tag: the end tags of others close nothing.
    standing: dict[str, int] = {}
    depth = 0
    for closing, name, empty in _TAG.findall(html):
        tag = name.lower()
        if tag in _FLAT or empty:
            continue
        if not closing:
            standing[tag], depth = standing.get(tag, 0) + 1, depth + 1
        elif standing.get(tag):
            standing[tag], depth = standing[tag] - 1, depth - 1
        if depth > MAX_OPEN_TAGS:
            return False
    return True
