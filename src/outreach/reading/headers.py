"""Headers of one mail, decoded with care: fields, addresses, message ids. The standard library's address
parsers crash or misread on hostile input (CVE-2023-27043), so addresses are read by a small scanner here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from outreach.reading.charset import decode, decode_header
from outreach.words import safe_message_id

MAX_ADDRESSES: Final = 200
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.)+[^\W\d_][\w-]{0,62}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
#: Possessive, or a row of quotes that nothing closes costs the square of its length; such a one runs to the end.
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|<[^<>"]{0,1000}>|[^",;:<\0]++|[,;:<\0]', re.DOTALL)
_CLOSED = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_MAILTO = re.compile(r"\[mailto:([^\]\s]{1,320})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: the address in lower case and the name shown beside it ("" if none)."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class Headers:
    """Header fields; names in lower case, values in their order and raw, with octets beyond ASCII as surrogates."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), []).append(value)
        # Of each field that was asked for:
        self._decoded: dict[str, str] = {}
        self._mailboxes: dict[str, list[Address]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> list[str]:
        """Every value of the field, undecoded, topmost first."""
        return list(self._fields.get(name, ()))

    def all(self, name: str) -> list[str]:
        """Every value of the field, decoded on one line each."""
        return [decode_header(value) for value in self.raw(name)]

    def get(self, name: str) -> str:
        """The first value of the field, decoded; "" if there is none."""
        if name not in self._decoded:
            self._decoded[name] = decode_header(self._fields[name][0]) if name in self._fields else ""
        return self._decoded[name]

    def addresses(self, *names: str) -> list[Address]:
        """The mailboxes of these fields; what is not clearly an address is left out."""
        return [a for name in names if name in self._fields for a in self._addresses(name)][:MAX_ADDRESSES]

    def _addresses(self, name: str) -> list[Address]:
        if name not in self._mailboxes:
            self._mailboxes[name] = [a for value in self.raw(name) for a in parse_addresses(value)]
        return self._mailboxes[name]

    def message_ids(self, name: str) -> tuple[str, ...]:
        """The message ids of the field that are safe to look up, in their order."""
        found = (safe_message_id(m) for value in self.raw(name)[:3] for m in _MESSAGE_ID.findall(value)[:100])
        return tuple(dict.fromkeys(m for m in found if m))

    def fields(self) -> list[tuple[str, str]]:
        """Every field as (name, value); those of one name side by side."""
        return [(name, value) for name, values in self._fields.items() for value in values]

    def starting_with(self, prefix: str) -> bool:
        return any(field.startswith(prefix) for field in self._fields)


def parse_addresses(value: str) -> list[Address]:
    """The mailboxes of an address header (RFC 5322, 3.4), read in one pass over the characters."""
    value = _MAILTO.sub(r"<\1>", value) if "[" in value else value
    return [address for piece in _pieces(_as_text(value)) if (address := _mailbox(*piece))][:MAX_ADDRESSES]


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def find_addresses(text: str) -> Iterator[re.Match[str]]:
    """Addresses that stand in running text."""
    return _ADDRESS.finditer(text) if "@" in text else iter(())


def _as_text(value: str) -> str:
    return decode(value.encode("utf-8", "surrogateescape")) if not value.isascii() else value


def _pieces(value: str) -> Iterator[tuple[str, str, bool]]:
    """Split at commas outside quotes, comments and angles into (words, what stood in angles, was it clean)."""
    words, angle, clean = "", "", True
    for token in _TOKENS.findall(_without_comments(value) + ","):
        if token in (",", ";"):
            yield words, angle, clean
            words, angle, clean = "", "", True
        elif token == ":" and "@" not in words:
            words = ""  # the name of a group
        elif token in ("\0", "<") or (token[0] == '"' and not _CLOSED.fullmatch(token)):
            clean = False  # a bracket or quote that nothing closes or opens
        elif token.startswith("<"):
            angle = token[1:-1]
        else:
            words += token.strip('"').replace("\\", "") if token.startswith('"') else token


def _without_comments(value: str) -> str:
    """The value with each comment (they nest) as a space, and with a NUL for a bracket without its twin."""
    if "(" not in value and ")" not in value:
        return value.replace("\0", "")
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value.replace("\0", ""):
        quoted ^= char == '"' and not depth and not escaped
        escaped = char == "\\" and not escaped
        if char == "(" and not quoted:
            depth += 1
        elif char == ")" and not quoted:
            out.append(" " if depth else "\0")
            depth = max(0, depth - 1)
        elif not depth:
            out.append(char)
    return "".join(out) + "\0" * bool(depth)


def _mailbox(words: str, angle: str, clean: bool) -> Address | None:
    """The mailbox of a piece, or None where two readings are possible (``alice@good.org)bob@evil.com``)."""
    if not clean:
        return None
    name, address = (words, angle) if angle else ("", words)
    address = decode_header(address).strip().rstrip(".").lower()
    if not is_address(address):
        return None
    return Address(address, decode_header(name).strip().strip("'\"").strip())
