"""The text of a winmail.dat (MS-OXTNEF): body, class and file names, for mail whose text Outlook hid in it.

Own code: the library for it has had no release for years, needs another for RTF, and reads far more than a body.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from outreach.reading import rtf
from outreach.reading.charset import clean, decode

_SIGNATURE: Final = 0x223E9F78
_BODY: Final = 0x800C
_CLASS: Final = 0x8008
_FILE_NAME: Final = 0x8010
_PROPERTIES: Final = 0x9003
_CODE_PAGE: Final = 0x9007
_PR_BODY: Final = 0x1000
_PR_RTF: Final = 0x1009
_PR_HTML: Final = 0x1013
_PR_CODE_PAGE: Final = 0x3FDE
#: Sizes of values of fixed size, by property type (MS-OXCDATA 2.11.1); in the stream each fills up to four octets.
_FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_VARIABLE: Final = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_MANY: Final = 0x1000  #: a property of several values
_WIDE: Final = 0x1F
_MAX_PROPERTIES: Final = 2000
_MAX_FILES: Final = 200


@dataclass(slots=True)
class Contents:
    """What was found: text and HTML of the body ("" if none), the message class, and names of files."""

    text: str = ""
    html: str = ""
    kind: str = ""
    files: list[str] = field(default_factory=list)


def read(octets: bytes) -> Contents:
    """As much as is whole. A stream that is cut off or is none at all gives what came before."""
    found = Contents()
    label = "windows-1252"
    try:
        for name, data in _attributes(octets):
            if name == _CODE_PAGE and len(data) >= 4:
                label = f"cp{struct.unpack_from('<I', data)[0]}"
            elif name == _BODY:
                found.text = found.text or _text(data, label)
            elif name == _CLASS:
                found.kind = _text(data, label)
            elif name == _FILE_NAME and len(found.files) < _MAX_FILES:
                found.files.append(_text(data, label))
            elif name == _PROPERTIES:
                _take_properties(data, label, found)
    except (struct.error, ValueError):  # cut off, or lengths that cannot be
        pass
    return found


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Name and data of each attribute (MS-OXTNEF 2.1.3.2); the checksums are not looked at."""
    if struct.unpack_from("<I", octets)[0] != _SIGNATURE:
        raise ValueError("not a TNEF stream")
    at = 6
    while at + 9 <= len(octets):
        name, _, length = struct.unpack_from("<HHI", octets, at + 1)
        yield name, octets[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _take_properties(data: bytes, label: str, found: Contents) -> None:
    kept: dict[int, tuple[int, bytes]] = {}
    try:
        for number, kind, value in _properties(data):
            kept.setdefault(number, (kind, value))
    except (struct.error, ValueError):  # a cut stream: what came before is kept
        pass
    if len(kept.get(_PR_CODE_PAGE, (0, b""))[1]) >= 4:
        label = f"cp{struct.unpack_from('<I', kept[_PR_CODE_PAGE][1])[0]}".replace("cp65001", "utf-8")
    kind, value = kept.get(_PR_BODY, (0, b""))
    found.text = _text(value, "utf-16-le" if kind == _WIDE else label) or found.text
    kind, value = kept.get(_PR_HTML, (0, b""))
    found.html = _text(value, "utf-16-le" if kind == _WIDE else label)
    if _PR_RTF in kept and not found.text and not found.html:
        text, is_html = rtf.read(rtf.decompressed(kept[_PR_RTF][1]))
        found.text, found.html = ("", text) if is_html else (text, "")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, type and first value of each MAPI property (MS-OXTNEF 2.1.3.4)."""
    count = min(struct.unpack_from("<I", data)[0], _MAX_PROPERTIES)
    at = 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:
            at = _after_name(data, at)
        value, at = _values(data, at, kind)
        yield number, kind & ~_MANY, value


def _after_name(data: bytes, at: int) -> int:
    """The place below the name of a named property."""
    by_number, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 if by_number == 0 else at + 24 + _padded(length)


def _values(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and the place below all of them."""
    plain = kind & ~_MANY
    if plain in _VARIABLE:
        count = struct.unpack_from("<I", data, at)[0]
        at, first = at + 4, b""
        for number in range(min(count, len(data))):
            length = struct.unpack_from("<I", data, at)[0]
            first = data[at + 4 : at + 4 + length] if number == 0 else first
            at += 4 + _padded(length)
        return first, at
    if plain not in _FIXED:
        raise ValueError(f"unknown property type {kind:#x}")
    count = 1
    if kind & _MANY:
        count, at = struct.unpack_from("<I", data, at)[0], at + 4
    return data[at : at + _FIXED[plain]], at + count * _FIXED[plain]


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(data: bytes, label: str) -> str:
    if label == "utf-16-le":
        return _lines(data[: len(data) & ~1].decode(label, "replace"))
    return _lines(decode(data.rstrip(b"\0"), label))


def _lines(text: str) -> str:
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")
