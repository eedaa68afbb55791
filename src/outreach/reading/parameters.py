"""Parameters of Content-Type and Content-Disposition (RFC 2045, 5.1; RFC 2231), however broken, in one pass."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from outreach.reading.charset import decode, decode_header

_MAX_VALUE: Final = 4000  #: octets of a header that are looked at
_MAX_PARAMETERS: Final = 60
_PARAMETER = re.compile(r';\s*([^\s;="]{1,60})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;"]*)')
_SECTION = re.compile(r"([^*]+)\*(\d{1,3})?(\*)?")
_ESCAPED = re.compile(r"\\(.)")
#: Some write a space where the semicolon belongs.
_NO_SEMICOLON = re.compile(r"(?<=[\w\"])\s+(?=(?:charset|boundary|name|filename|format)\s*=)", re.IGNORECASE)


def parse(value: str) -> tuple[str, dict[str, str]]:
    """The value before its parameters, in lower case, and the parameters: names in lower case, values as stated.

    Sections and encodings of RFC 2231 are put together and undone, encoded words (RFC 2047) are not.
    """
    value = value[:_MAX_VALUE]
    if "=" not in value:
        return value.partition(";")[0].strip().lower(), {}
    if value.count("=") > value.count(";"):
        value = _NO_SEMICOLON.sub("; ", value)
    found: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.findall(value)[:_MAX_PARAMETERS]:
        name, text = match[0].lower(), _unquoted(match[1])
        if "*" in name and (section := _SECTION.fullmatch(name)):
            coded = section[3] is not None or section[2] is None
            sections.setdefault(section[1], {}).setdefault(int(section[2] or 0), (text, coded))
        else:
            found.setdefault(name, text)
    for name, pieces in sections.items():
        found[name] = _joined(pieces)
    return value.partition(";")[0].strip().lower(), found


def file_name(value: str) -> str:
    """A file name to be shown: one line, decoded, without path; at most 200 characters."""
    if not value:
        return ""
    name = decode_header(value)
    return re.split(r"[/\\]", name)[-1].strip()[:200]


def _unquoted(value: str) -> str:
    value = value.strip()
    if not value.startswith('"'):
        return value.strip("'") if value.startswith("'") else value
    inner = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
    return _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """The sections of one parameter in their order; the charset stands in the first (RFC 2231, 4.1)."""
    label, octets = "", b""
    for number in sorted(pieces):
        text, coded = pieces[number]
        if coded and text.count("'") >= 2 and not octets:
            label, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "surrogateescape")
        octets += unquote_to_bytes(raw) if coded else raw
    return decode(octets, label)
