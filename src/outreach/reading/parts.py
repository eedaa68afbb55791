"""The MIME structure of a mail (RFC 2045, 2046): raw bytes to a tree of parts, in time linear in their size.

Own code: the parsers at hand are slow, crash or lose text on broken mail (docs/decisions/0001-one-parser.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from outreach.reading import parameters, transfer
from outreach.reading.limits import MAX_DEPTH, MAX_HEADER, MAX_HEADERS, MAX_PARTS, Unreadable

Field = tuple[str, str]  #: name in lower case; value on its lines, octets beyond ASCII as surrogates

_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^ \t\n][^\n]*)*)\n?")
_ENVELOPE = re.compile(rb">?From [^\n]*\n")
_EMPTY_LINE = re.compile(rb"[ \t]*\n")
#: A line that looks like a delimiter, with a header of a part below it: for mails whose boundary is not the stated one.
_LIKELY = re.compile(rb"^--([!-~]{1,200})[ \t]*\n(?=Content-[A-Za-z-]{4,30}:)", re.MULTILINE | re.IGNORECASE)
_MAX_TRIED: Final = 20_000  #: lines that begin like a delimiter and may be none
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
MAILS: Final = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(slots=True)
class Part:
    """One part: its header fields, its type, and either its content or the parts inside it."""

    fields: tuple[Field, ...]
    type: str  #: media type in lower case; what is absurd counts as text/plain (RFC 2045, 5.2)
    parameters: dict[str, str]
    body: bytes  #: as transferred, lines ended by LF
    inside: list[Part] = field(default_factory=list)  #: of a multipart its parts, of a message/rfc822 the one mail

    def get(self, name: str) -> str:
        """The first value of a field, raw; "" if there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def content(self) -> bytes:
        """The octets with the transfer encoding undone."""
        return transfer.undo(self.body, self.get("content-transfer-encoding"))


def split(raw: bytes) -> Part:
    """The tree of parts of a mail. Raises Unreadable beyond the limits; broken structure is made the best of."""
    return _Splitter().part(_message_lines(raw), "text/plain", 0)


def header_fields(raw: bytes) -> tuple[Field, ...]:
    """The header fields of a mail alone, topmost first. Raises Unreadable beyond the limits."""
    return _Splitter().fields(_message_lines(raw))[0]


def mail(octets: bytes, depth: int) -> Part:
    """The same for a mail that was wrapped in something else (a signature, an encoding)."""
    return _Splitter().part(_lines(octets), "text/plain", depth)


def _message_lines(raw: bytes) -> bytes:
    """The lines of a mail without what may stand above its headers: empty lines, the line of a mailbox file."""
    octets = _lines(raw).lstrip(b"\n")
    envelope = _ENVELOPE.match(octets)
    return octets[envelope.end() :] if envelope else octets


def _lines(raw: bytes) -> bytes:
    """The bytes with LF for CRLF, for CR CR LF, and for CR where there are no LF at all (old Macs)."""
    if b"\r" not in raw:
        return raw
    raw = raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


class _Splitter:
    """Splits one mail, counting its parts and headers."""

    def __init__(self) -> None:
        self.parts = 0
        self.headers = 0

    def part(self, octets: bytes, default: str, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise Unreadable("parts are nested more than 20 deep")
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise Unreadable("the message has more than 200 parts")
        fields, body = self.fields(octets)
        stated = next((value for name, value in fields if name == "content-type"), "")
        kind, given = parameters.parse(stated) if stated else (default, {})
        part = Part(fields, _media_type(kind), given, body)
        if part.type.startswith("multipart/"):
            self._multipart(part, depth)
        elif part.type in MAILS and body.strip():
            part.inside = [self.part(_lines(part.content()).lstrip(b"\n"), "text/plain", depth + 1)]
        return part

    def fields(self, octets: bytes) -> tuple[tuple[Field, ...], bytes]:
        """The header fields, and what comes below the empty line; a line that is no header begins the body too."""
        found: list[Field] = []
        at = 0
        while match := _HEADER.match(octets, at):
            if match.end() - at > MAX_HEADER:
                raise Unreadable("a header is longer than 64 kB")
            self.headers += 1
            if self.headers > MAX_HEADERS:
                raise Unreadable("the message has more than 500 headers")
            name, value = match.groups()
            found.append((name.decode("ascii").lower(), value.rstrip().decode("ascii", "surrogateescape")))
            at = match.end()
        empty = _EMPTY_LINE.match(octets, at)
        return tuple(found), octets[empty.end() if empty else at :]

    def _multipart(self, part: Part, depth: int) -> None:
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        pieces = _pieces(part.body, part.parameters.get("boundary", "").encode("utf-8", "surrogateescape").rstrip())
        part.inside = [self.part(piece, default, depth + 1) for piece in pieces]
        if not part.inside and part.body.strip():
            # A multipart without parts: what there is, is text.
            part.inside = [self.part(b"\n" + part.body, default, depth + 1)]


def _media_type(stated: str) -> str:
    stated = stated.replace(" ", "")
    if _TYPE.fullmatch(stated):
        return "text/plain" if stated in ("plain/text", "text/text") else stated
    return "text/html" if stated == "html" else "text/plain"


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    """The octets of each part, by the stated boundary or, when that delimits nothing, by the likely one."""
    pieces, rest = _between(body, boundary) if boundary else ([], body)
    # Below a closing delimiter there should be nothing; after a premature one the other parts follow.
    likely = _LIKELY.search(rest)
    while likely and len(pieces) <= MAX_PARTS:
        more, left = _between(rest, likely[1].removesuffix(b"--"))
        pieces += more
        if len(left) >= len(rest):
            break
        rest, likely = left, _LIKELY.search(left)
    return pieces


def _between(body: bytes, boundary: bytes) -> tuple[list[bytes], bytes]:
    """What stands between the delimiter lines, and what is left below the last one if that closes."""
    pieces: list[bytes] = []
    start, closed = -1, False
    for line_start, line_end, closes in _delimiters(body, boundary):
        if start >= 0 and not closed:
            pieces.append(body[start : max(start, line_start - 1)])
        start, closed = line_end, closes
        if len(pieces) > MAX_PARTS:
            break
    if start < 0:
        return [], body
    if not closed:
        pieces.append(body[start:])
        return pieces, b""
    return pieces, body[start:]


def _delimiters(body: bytes, boundary: bytes) -> list[tuple[int, int, bool]]:
    """Start and end of each delimiter line, and whether it closes (RFC 2046, 5.1.1)."""
    found: list[tuple[int, int, bool]] = []
    mark = b"--" + boundary
    at, tried = 0 if body.startswith(mark) else _below(body, mark, 0), 0
    while at >= 0 and len(found) <= 2 * MAX_PARTS and tried < _MAX_TRIED:
        tried += 1
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        tail = body[at + len(mark) : min(end, at + len(mark) + 80)].strip()
        if tail in (b"", b"--"):
            found.append((at, min(end + 1, len(body)), tail == b"--"))
        at = _below(body, mark, end)
    return found


def _below(body: bytes, mark: bytes, start: int) -> int:
    """Where the next line starts that begins with the mark; -1 if none does."""
    at = body.find(b"\n" + mark, start)
    return at + 1 if at >= 0 else -1
