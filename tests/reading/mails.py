"""Builders of raw mails for the tests of the MIME side: parts, alternatives, a winmail.dat, a signed container."""

from __future__ import annotations

import struct

HEAD = b"From: a@b.example\r\nSubject: Re: Joint statement\r\nDate: Wed, 15 Jul 2026 10:00:00 +0200\r\n"


def mail(body: bytes, kind: bytes = b"text/plain; charset=utf-8", encoding: bytes = b"8bit") -> bytes:
    """A mail of one part."""
    return HEAD + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body


def part(body: bytes, kind: bytes = b"text/plain; charset=utf-8", *headers: bytes) -> bytes:
    """One part of a multipart."""
    return b"\r\n".join([b"Content-Type: " + kind, *headers, b"", body])


def multipart(*inside: bytes, kind: bytes = b"mixed", boundary: bytes = b"b") -> bytes:
    """A mail of several parts."""
    pieces = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in inside)
    return mail(pieces + b"--" + boundary + b"--\r\n", b"multipart/" + kind + b'; boundary="' + boundary + b'"')


def alternative(plain: bytes, html: bytes) -> bytes:
    """A mail of a text and its HTML twin."""
    return multipart(part(plain), part(html, b"text/html; charset=utf-8"), kind=b"alternative")


def winmail(*attributes: tuple[int, bytes]) -> bytes:
    """A TNEF stream of message attributes, each a name and its data."""
    packed = (
        b"\x01" + struct.pack("<HHI", name, 1, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
        for name, data in attributes
    )
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(packed)


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    """MAPI properties of variable length for a TNEF stream: number, type, value."""
    out = struct.pack("<I", len(properties))
    for number, kind, value in properties:
        out += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out


def der(tag: int, content: bytes) -> bytes:
    """A value in DER."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def indefinite(tag: int, content: bytes) -> bytes:
    """A value in BER without a length."""
    return bytes([tag, 0x80]) + content + b"\0\0"
