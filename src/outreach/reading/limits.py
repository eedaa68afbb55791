"""Limits set on the raw bytes before any parser sees them, linearly: parsers are quadratic on hostile input."""

from __future__ import annotations

import re
from typing import Final

from outreach.errors import OutreachError

MAX_MESSAGE: Final = 10 * 2**20  #: octets
MAX_LINES: Final = 300_000  #: the parser takes a microsecond a line; 10 MB of base64 are 140,000
MAX_PARTS: Final = 200
MAX_DEPTH: Final = 20
MAX_HEADERS: Final = 500
MAX_HEADER: Final = 64 * 1024  #: octets of one header with its continuation lines
MAX_HTML: Final = 2 * 2**20  #: characters
MAX_OPEN_TAGS: Final = 500
MAX_TEXT: Final = 400_000  #: characters of one text that are kept
MAX_TAGS: Final = 40_000  #: tags of one HTML text

_BOUNDARY = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_DELIMITER = re.compile(rb"^--([^\r\n]{1,210})", re.MULTILINE)
_NESTED_MAIL = re.compile(rb"^content-type:\s*message/(?:rfc822|global)\b", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*?(/?)>")
#: Tags that hold nothing, or that the next of their kind closes: neither can nest without end.
_FLAT: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "option",
        "o:p",
    ]
)


class Unreadable(OutreachError):
    """The message was set aside unread; the text says why."""


def check(raw: bytes) -> None:
    """Raise Unreadable when the message is beyond the limits. Linear in its size."""
    if not raw.strip():
        raise Unreadable("the message is empty")
    if len(raw) > MAX_MESSAGE:
        raise Unreadable("the message is larger than 10 MB")
    if raw.count(b"\n") > MAX_LINES:
        raise Unreadable("the message has more than 300,000 lines")
    _check_headers(raw)
    _check_structure(raw)


def _check_headers(raw: bytes) -> None:
    """Number and size of the headers of the whole message; folded lines belong to the header before them."""
    number, start, size = 0, 0, 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = len(raw) if end < 0 else end + 1
        line = raw[start : min(end, start + 2)]
        if line in (b"\n", b"\r\n", b"\r"):
            return
        if line[:1] in (b" ", b"\t"):
            size += end - start
        else:
            number, size = number + 1, end - start
        if size > MAX_HEADER:
            raise Unreadable("a header is longer than 64 kB")
        if number > MAX_HEADERS:
            raise Unreadable("the message has more than 500 headers")
        start = end


def _check_structure(raw: bytes) -> None:
    """Number of parts and depth of nesting, by following the delimiter lines of all boundaries that are named."""
    if len(_NESTED_MAIL.findall(raw)) > MAX_DEPTH:
        raise Unreadable("messages are nested too deeply")
    boundaries = {(quoted or plain).strip() for quoted, plain in _BOUNDARY.findall(raw)}
    if len(boundaries) > MAX_PARTS:
        raise Unreadable("the message has more than 200 parts")
    parts, enclosing = 0, list[bytes]()
    for match in _DELIMITER.finditer(raw):
        line = match[1].rstrip()
        if line in boundaries:
            parts += 1
            enclosing = enclosing[: enclosing.index(line)] if line in enclosing else enclosing
            enclosing.append(line)
        elif line.removesuffix(b"--") in enclosing:
            enclosing = enclosing[: enclosing.index(line.removesuffix(b"--"))]
        if parts > MAX_PARTS:
            raise Unreadable("the message has more than 200 parts")
        if len(enclosing) > MAX_DEPTH:
            raise Unreadable("parts are nested more than 20 deep")


def html_is_safe(html: str) -> bool:
    """Whether the HTML may be given to a parser: its size, and how many tags stand open at once."""
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        return False
    depth = 0
    for closing, tag, empty in _TAG.findall(html):
        if tag.lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if closing else depth + (not empty)
        if depth > MAX_OPEN_TAGS:
            return False
    return True
