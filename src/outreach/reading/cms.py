"""What an opaque S/MIME part holds (RFC 5652, RFC 8551): the mail inside a signature, or that it is encrypted.

The signature is not checked: who wrote a mail is told by other means (authenticity.py). A small reader of BER, because
such parts are sent in indefinite length, which the library at hand does not read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

_SIGNED: Final = bytes.fromhex("2a864886f70d010702")
_COMPRESSED: Final = bytes.fromhex("2a864886f70d0109100109")
_SEQUENCE: Final = 0x30
_OCTETS: Final = 0x04
_OBJECT_ID: Final = 0x06
_CONSTRUCTED: Final = 0x20
_EXPLICIT: Final = 0xA0
_MAX_DEPTH: Final = 20
_MAX_CONTENT: Final = 10 * 2**20
_MAX_VALUES: Final = 50_000  #: that are stepped over in one; senders cut content into 1,000 octets and more

Node = tuple[int, int, int]  #: tag, and where its content starts and ends


def signed_content(octets: bytes) -> bytes | None:
    """The mail inside a signed (or compressed) part; None where it is encrypted, holds nothing, or is broken."""
    try:
        return _content(octets, 0)
    except (IndexError, ValueError, zlib.error):  # cut off, or no BER at all
        return None


def _content(octets: bytes, depth: int) -> bytes | None:
    """The content of a ContentInfo (RFC 5652, 3); what is signed may be compressed, and the other way round."""
    outer = _only(octets, 0, len(octets), _SEQUENCE)
    fields = list(_nodes(octets, outer[1], outer[2]))
    kind = octets[fields[0][1] : fields[0][2]]
    if fields[0][0] != _OBJECT_ID or kind not in (_SIGNED, _COMPRESSED) or depth > 2:
        return None
    data = _only(octets, fields[1][1], fields[1][2], _SEQUENCE)
    # Both hold, among other fields, one sequence of a type and the content: the only one with an explicit [0] inside.
    for node in _nodes(octets, data[1], data[2]):
        if node[0] == _SEQUENCE:
            inside = list(_nodes(octets, node[1], node[2]))
            if len(inside) >= 2 and inside[0][0] == _OBJECT_ID and inside[1][0] == _EXPLICIT:
                held = b"".join(_octet_string(octets, inside[1][1], inside[1][2], 0))
                if kind == _COMPRESSED:
                    held = zlib.decompressobj().decompress(held, _MAX_CONTENT)
                return (_content(held, depth + 1) or held) if held[:1] == b"\x30" else held
    return None


def _octet_string(octets: bytes, start: int, end: int, depth: int) -> Iterator[bytes]:
    """The octets of a string, which may come in pieces."""
    for tag, first, last in _nodes(octets, start, end):
        if tag == _OCTETS:
            yield octets[first:last]
        elif tag == _OCTETS | _CONSTRUCTED and depth < _MAX_DEPTH:
            yield from _octet_string(octets, first, last, depth + 1)


def _only(octets: bytes, start: int, end: int, tag: int) -> Node:
    node = next(_nodes(octets, start, end), None)
    if node is None or node[0] != tag:
        raise ValueError("another tag was expected")
    return node


def _nodes(octets: bytes, start: int, end: int) -> Iterator[Node]:
    """The values that stand one after the other between two places."""
    at = start
    while at < end and octets[at : at + 2] != b"\0\0":
        node, at = _node(octets, at, end)
        yield node


def _node(octets: bytes, at: int, limit: int) -> tuple[Node, int]:
    """One value, and where the next one starts. Raises IndexError when it is cut off."""
    tag, length = octets[at], octets[at + 1]
    first = at + 2
    if length == 0x80:
        last = _end_of_indefinite(octets, first, limit)
        return (tag, first, last), last + 2
    if length > 0x80:
        count = length & 0x7F
        length = int.from_bytes(octets[first : first + count], "big")
        first += count
    return (tag, first, min(first + length, limit)), min(first + length, limit)


def _end_of_indefinite(octets: bytes, at: int, limit: int) -> int:
    """Where the two zero octets stand that close a value without a length. One pass, without recursion."""
    open_values, steps = 1, 0
    while at < limit:
        steps += 1
        if steps > _MAX_VALUES:
            raise ValueError("too many values")
        if octets[at : at + 2] == b"\0\0":
            open_values -= 1
            if not open_values:
                return at
            at += 2
        elif octets[at + 1] == 0x80:
            open_values, at = open_values + 1, at + 2
        else:
            at = _node(octets, at, limit)[1]
    return limit
