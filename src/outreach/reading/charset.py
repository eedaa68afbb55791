"""Bytes of a mail to text, whatever their label says: first stage of reading a message.

Labels are wrong, missing or absurd; the bytes decide first (valid UTF-8 is UTF-8), then the label, then a guess.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from typing import Final

#: Codecs that are text encodings; Python knows others (rot13, idna, zlib) that a label must not reach.
_TEXT_CODEC = re.compile(
    r"ascii|utf-?(7|8|8-sig|16|16-?[lb]e|32|32-?[lb]e)|iso-?8859-?\d+|iso-?2022[\w-]*|cp\d+|mac-[a-z]+|koi8-[rtu]|"
    r"gb2312|gbk|gb18030|hz|big5(hkscs)?|euc[_-](jp|kr|jis\w*)|shift_jis\w*|johab|tis-620|ptcp154|kz1048"
)
#: Labels under which UTF-8 or another code page is often sent; the bytes are tried first.
_WEAK: Final = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def known(label: str | None) -> str | None:
    """Python's name of the text encoding a label means, or None (unknown, absurd, not a text encoding)."""
    if not label:
        return None
    name = re.split(r"[\s;$\"']", label.strip().strip("\"'").lower(), maxsplit=1)[0].strip("_").replace("cp-", "cp")
    try:
        found = codecs.lookup(name.removesuffix("-i").removesuffix("-e")).name
    except (LookupError, ValueError):  # ValueError: a NUL or a lone surrogate in the label
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None


def decode(raw: bytes, label: str | None = None) -> str:
    """Text of the bytes. Never fails: what cannot be decoded becomes U+FFFD; NUL and lone surrogates go."""
    encoding = known(label)
    if encoding in (None, "utf-8") or encoding in _WEAK:
        text = _utf8(raw) or raw.decode(_guessed(raw, encoding), "replace")
    else:
        try:
            text = raw.decode(encoding or "utf-8")
        except UnicodeError:
            text = _utf8(raw) or raw.decode(encoding or "utf-8", "replace")
    return clean(text)


def clean(text: str) -> str:
    """The text without NUL and lone surrogates, which no database or JSON writer takes."""
    return _SURROGATE.sub("\ufffd", text.replace("\x00", ""))


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _guessed(raw: bytes, encoding: str | None) -> str:
    """The likely 8-bit encoding of bytes that are not UTF-8 and whose label says little."""
    high = sum(byte > 0x7F for byte in raw)
    if high > 0.3 * len(raw.translate(None, b" \r\n\t0123456789")):
        return "cp1256"  # mostly non-ASCII letters: Arabic script, as old Windows mailers wrote Persian
    if encoding == "utf-8" and high < 0.02 * len(raw) and _nearly_utf8(raw):
        return "utf-8"
    return encoding if encoding == "iso8859-15" else "cp1252"


def _nearly_utf8(raw: bytes) -> bool:
    """Whether only a few bytes keep this from being UTF-8 (a cut or a broken character)."""
    lost = raw.decode("utf-8", "replace").count("\ufffd")
    return lost * 4 < sum(byte > 0x7F for byte in raw)


def decode_header(value: str) -> str:
    """An unstructured header with its encoded words (RFC 2047) decoded, tolerant of breaches, on one line.

    ``value`` is what compat32 gives: bare 8-bit octets stand in it as surrogates.
    """
    if _SURROGATE.search(value):
        value = decode(value.encode("utf-8", "surrogateescape"))
    if "=?" in value:
        value = _decode_words(_BETWEEN_WORDS.sub(r"\1", value))
    return " ".join(clean(value).split())


def _decode_words(value: str) -> str:
    """Replace encoded words; neighbours of one charset are joined first, as some senders split inside a character."""
    out: list[str] = []
    octets, label, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        if octets and (word.start() != end or word[1] != label):
            out.append(decode(octets, label))
            octets = b""
        out.append(value[end : word.start()])
        label, end = word[1], word.end()
        octets += _octets(word[2].upper(), word[3].encode("ascii", "ignore"))
    return "".join([*out, decode(octets, label.split("*")[0]), value[end:]])


def _octets(how: str, data: bytes) -> bytes:
    return quopri.decodestring(data, header=True) if how == "Q" else base64_bytes(data)


def base64_bytes(octets: bytes) -> bytes:
    """Bytes of base64, however broken: foreign characters skipped, a cut end dropped."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""
