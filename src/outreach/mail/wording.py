"""Words as they stand in a mail: header lines of visible ASCII (RFC 2047), and MIME parts of short ASCII lines.

Pure functions, used by ``compose``, which decides what may stand in a header at all. They take what is usual in
microseconds; what is the same in many mails (subject, sender) is kept.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from struct import unpack_from
from typing import Final

#: Columns of a line (RFC 5322, 2.1.1).
_COLUMNS: Final = 78
#: Characters inside an encoded word (RFC 2047, 2 allows 63): with "Subject: " in front it still fits on a line.
_ENCODED: Final = 56
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: What stands for itself in an encoded word, whichever header it is in (RFC 2047, 5 (3)).
_ITSELF: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")


@dataclass(frozen=True, slots=True)
class Named:
    """An address with a display name."""

    name: str
    address: str


#: A text as runs of whole lines, each with its line end (the last may go without).
Blocks = tuple[str, ...]
#: Of a header: unstructured text, tokens that are written as they are, or an address with a name.
Value = str | tuple[str, ...] | Named


def header_line(name: str, value: Value) -> str:
    """The header with its line end; folded where it must be, always at a space."""
    match value:
        case str():
            return _text_line(name, value)
        case Named():
            return _named_line(name, value)
        case _:
            return _token_lines(name, value)


def part(text: str | Blocks, subtype: str) -> bytes:
    """A part of short ASCII lines: quoted-printable stays legible for Latin letters, base64 is shorter for others."""
    blocks = ((text,) if isinstance(text, str) else text) or ("",)
    octets = [_octets(block) for block in blocks]
    if 4 * sum(map(len, blocks)) > 3 * sum(map(len, octets)):  # as ``_is_latin``, line ends included
        encoding, lines = b"quoted-printable", b"".join(map(_quoted_block, blocks))
    else:
        one = binascii.b2a_base64(b"".join(octets), newline=False)
        whole = len(one) // 76
        rows = (*unpack_from("76s" * whole, one), one[76 * whole :])
        encoding, lines = b"base64", b"\r\n".join(filter(None, rows)) + b"\r\n"
    return b'Content-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: %b\r\n\r\n%b' % (
        subtype.encode(),
        encoding,
        lines,
    )


def are_whole_lines(octets: bytes) -> bool:
    """Whether every CR and LF is one half of a line end, and the last line has one."""
    return b"\r\n".join(octets.splitlines()) + b"\r\n" == octets


@lru_cache(maxsize=1024)
def _octets(block: str) -> bytes:
    """Lines as a mail has them. Of the blocks of a letter, all but a few stand in every letter of its kind."""
    return b"\r\n".join(block.encode().splitlines()) + b"\r\n"


@lru_cache(maxsize=1024)
def _quoted_block(block: str) -> bytes:
    return binascii.b2a_qp(_octets(block), istext=True)


def _token_lines(name: str, tokens: tuple[str, ...]) -> str:
    return f"{name}: " + "\r\n ".join(tokens) + "\r\n"


@lru_cache(maxsize=256)
def _text_line(name: str, text: str) -> str:
    return _token_lines(name, _folded(name, text) or tuple(_encoded_words(text)))


@lru_cache(maxsize=256)
def _named_line(name: str, named: Named) -> str:
    phrase = named.name
    if not _ATOMS.fullmatch(phrase):
        phrase = '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = _folded(name, f"{phrase} <{named.address}>")
    return _token_lines(name, plain or (*_encoded_words(named.name), f"<{named.address}>"))


def _folded(name: str, text: str) -> tuple[str, ...]:
    """Visible ASCII in lines that end at single spaces; none if it cannot be written so."""
    words = text.split(" ")
    if not text.isascii() or not text.isprintable() or "" in words or "=?" in text:
        return ()
    lines, room = [words[0]], _COLUMNS - len(name) - 2
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = _COLUMNS - 1
    return tuple(lines) if max(map(len, lines)) < _COLUMNS else ()


def _encoded_words(text: str) -> Iterator[str]:
    """Encoded words of whole characters, parted after a space where there is one: some readers add a space there."""
    letter, encode = ("q", _quoted) if _is_latin(text) else ("b", _based)
    rest = text
    while rest:
        size = next(size for size in range(len(rest), 0, -1) if len(encode(rest[:size].encode())) <= _ENCODED)
        if size < len(rest):
            size = rest.rfind(" ", 0, size) + 1 or size
        yield f"=?utf-8?{letter}?{encode(rest[:size].encode())}?="
        rest = rest[size:]


def _quoted(octets: bytes) -> str:
    return "".join(chr(octet) if octet in _ITSELF else "_" if octet == 0x20 else f"={octet:02X}" for octet in octets)


def _based(octets: bytes) -> str:
    return binascii.b2a_base64(octets, newline=False).decode()


def _is_latin(text: str) -> bool:
    return 4 * len(text) > 3 * len(text.encode())
