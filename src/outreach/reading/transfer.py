"""Transfer encodings undone (RFC 2045, 6), however broken: base64, quoted-printable, uuencode."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_PADDING = re.compile(rb"=+[^A-Za-z0-9+/=]*")
_MAX_PIECES: Final = 1000  #: that are put together where senders closed base64 with padding and went on
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\n]{0,200})\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*(?:\n|\Z)", re.MULTILINE)


def undo(octets: bytes, encoding: str) -> bytes:
    """The content under a Content-Transfer-Encoding; an unknown one leaves the octets as they are."""
    match encoding.partition(";")[0].strip().strip('"').lower():
        case "base64" | "b":
            return from_base64(octets)
        case "quoted-printable" | "quotedprintable" | "q":
            return from_quoted_printable(octets)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return from_uuencode(octets)
        case _:
            return octets


def from_base64(octets: bytes) -> bytes:
    """Bytes of base64, however broken: foreign characters skipped, padding inside closes a piece, a cut end dropped."""
    try:
        return base64.b64decode(octets.replace(b"\n", b""), validate=True)
    except binascii.Error:
        return b"".join(_piece(piece) for piece in _PADDING.split(octets, maxsplit=_MAX_PIECES))


def _piece(octets: bytes) -> bytes:
    kept = octets.translate(None, _NOT_BASE64)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def from_quoted_printable(octets: bytes, *, header: bool = False) -> bytes:
    """Bytes of quoted-printable; ``header``: the Q encoding of RFC 2047, where ``_`` is a space."""
    return binascii.a2b_qp(octets, header=header) if b"=" in octets or header else octets


def from_uuencode(octets: bytes) -> bytes:
    """The first uuencoded file in the octets, as far as it is whole; the octets themselves if there is none."""
    begin = _UU_BEGIN.search(octets)
    if begin is None:
        return octets
    end = _UU_END.search(octets, begin.end())
    return b"".join(_uu_line(line) for line in octets[begin.end() : end.start() if end else None].split(b"\n"))


def without_uuencoded(octets: bytes) -> tuple[bytes, list[bytes]]:
    """The text without the files that are uuencoded in it, and their names (Outlook, old Unix mailers)."""
    out: list[bytes] = []
    names: list[bytes] = []
    at = 0
    while begin := _UU_BEGIN.search(octets, at):
        end = _UU_END.search(octets, begin.end())
        first = octets[begin.end() : begin.end() + 1]
        if end is None or not b"\x20" < first <= b"\x60":
            break
        out.append(octets[at : begin.start()])
        names.append(begin[1])
        at = end.end()
    return b"".join([*out, octets[at:]]), names


def _uu_line(line: bytes) -> bytes:
    """One line; some encoders write it too long, then its first character says how much counts."""
    if len(line) < 2:
        return b""
    try:
        # The codec fills up what is missing with zeros.
        return binascii.a2b_uu(line)[: (len(line) - 1) * 3 // 4]
    except binascii.Error:
        length = ((line[0] - 32) & 63) * 4 + 5
    try:
        return binascii.a2b_uu(line[: length // 3])
    except binascii.Error:
        return b""
