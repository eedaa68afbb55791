"""Bytes of a mail to text, whatever their label says: first stage of reading a message.

Labels are wrong, missing or absurd; the bytes decide first (valid UTF-8 is UTF-8), then the label, then a guess.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from outreach.reading import guess, transfer

#: Codecs that are text encodings; Python knows others (rot13, idna, zlib) that a label must not reach.
_TEXT_CODEC = re.compile(
    r"ascii|utf-?(7|8|8-sig|16|16-?[lb]e|32|32-?[lb]e)|iso-?8859-?\d+|iso-?2022[\w-]*|cp\d+|mac-[a-z0-9]+|koi8-[rtu]|"
    r"gb2312|gbk|gb18030|hz|big5(hkscs)?|euc[_-](jp|kr|jis\w*)|shift_jis\w*|johab|tis-620|ptcp154|kz1048"
)
#: Labels whose text is in truth of a wider code page: what mailers mean, not what they say (as browsers read them).
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
#: Names that Python does not know, or knows as something else.
_NAMES: Final = {
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "macintosh": "mac-roman",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "visual": "iso8859-8",
    "logical": "iso8859-8",
}
#: Labels under which other code pages are often sent, because a mailer writes them always.
_WEAK: Final = frozenset({None, "utf-8", "cp1252", "iso8859-15"})
_EAST_ASIAN = re.compile(r"gb|big5|cp9[345]|euc|johab|iso2022|hz")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_LOOSE_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?((?:[^?]|\?(?!=))*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: UTF-8 that was taken for Windows-1252 and encoded once more begins its characters with one of these.
_LEADS: Final = "ÂÃÄÅÎÏÐÑ×ØÙÚÛâ"
_TWICE = re.compile(f"[{_LEADS}][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_AS_OCTETS: Final = {
    ord(octet.to_bytes(1, "big").decode("cp1252")): octet
    for octet in range(0x80, 0xA0)
    if octet not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


@lru_cache(maxsize=256)
def known(label: str | None) -> str | None:
    """Python's name of the text encoding a label means, or None (unknown, absurd, not a text encoding)."""
    if not label:
        return None
    stated = label.strip().strip("\"'").lower()
    name = re.split(r"[\s;,$\"'*]", stated, maxsplit=1)[0].strip("_.")
    name = re.sub(r"^(?:x-|cs)(?=\w)", "", _NAMES.get(name, name)).replace("cp-", "cp")
    name = re.sub(r"^(?:win|windows)-?(?=\d)", "cp", name)
    name = re.sub(r"^mac(?=[a-z])", "mac-", name).removesuffix("-i").removesuffix("-e")
    try:
        found = codecs.lookup(_NAMES.get(name, name)).name
    except (LookupError, ValueError):  # ValueError: a NUL or a lone surrogate in the label
        return None
    return _WIDER.get(found, found) if _TEXT_CODEC.fullmatch(found) else None


def decode(raw: bytes, label: str | None = None) -> str:
    """Text of the bytes. Never fails: what cannot be decoded becomes U+FFFD; NUL and lone surrogates go."""
    encoding = known(label)
    if raw.isascii():
        return clean(_seven_bit(raw, encoding))
    if encoding in ("utf-16", "utf-32") or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return clean(guess.wide(raw, encoding or "utf-16"))
    if (encoding is None or not encoding.startswith("utf-16")) and (text := _utf8(raw, encoding)) is not None:
        return clean(_mended(text))
    return clean(_eight_bit(raw, encoding))


def clean(text: str) -> str:
    """The text without NUL, lone surrogates and noncharacters, which no database or JSON writer takes."""
    text = text.replace("\x00", "")
    if text.isascii():
        return text
    text = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    try:
        text.encode()  # fails at lone surrogates, which is the fastest way to look for them
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _seven_bit(raw: bytes, encoding: str | None) -> str:
    """Octets below 128: ASCII, unless label or escape sequences say one of the encodings that hide in seven bits."""
    if raw.count(0) * 4 > len(raw) > 1 and (encoding in _WEAK or encoding in ("utf-16", "utf-32")):
        return guess.wide(raw, encoding if encoding in ("utf-16", "utf-32") else "utf-16")
    if encoding in _WEAK:
        encoding = "iso2022_jp_ext" if b"\x1b$" in raw else "ascii"
    elif encoding in ("utf-16", "utf-32"):  # a wrong label: wide text without any NUL is not written
        encoding = "ascii"
    return raw.decode(encoding or "ascii", "replace")


def _utf8(raw: bytes, encoding: str | None) -> str | None:
    """The text if this is UTF-8, which other encodings are by chance only when they are short and East Asian."""
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    chance = encoding is not None and _EAST_ASIAN.match(encoding) and len(raw) - len(text) < 12
    return None if chance else text


def _eight_bit(raw: bytes, encoding: str | None) -> str:
    if encoding in _WEAK:
        if encoding == "utf-8" and guess.is_damaged_utf8(raw):
            return raw.decode("utf-8", "replace")
        encoding = guess.code_page(raw) or ("cp1252" if encoding in (None, "utf-8") else encoding)
    try:
        return raw.decode(encoding or "cp1252")
    except UnicodeError:
        return raw.decode(encoding or "cp1252", "replace")


def _mended(text: str) -> str:
    """The text, or what it was before it was encoded as UTF-8 twice."""
    if not any(lead in text for lead in _LEADS) or not _TWICE.search(text):
        return text
    try:
        return text.translate(_AS_OCTETS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def decode_header(value: str) -> str:
    """An unstructured header with its encoded words (RFC 2047) decoded, tolerant of breaches, on one line.

    ``value`` is a raw one: bare 8-bit octets stand in it as surrogates.
    """
    if not value.isascii() and _SURROGATE.search(value):
        value = decode(value.encode("utf-8", "surrogateescape"))
    if "=?" in value:
        value = _decode_words(_BETWEEN_WORDS.sub(r"\1", value))
        if "=?" in value and _ENCODED_WORD.search(value):  # some encode what is encoded already
            value = _decode_words(value)
    return " ".join(clean(value).split())


def _decode_words(value: str) -> str:
    """Replace encoded words; neighbours of one charset are joined first, as some senders split inside a character."""
    out: list[str] = []
    octets, label, end = b"", "", 0
    for word in _LOOSE_WORD.finditer(value):
        if octets and (word.start() != end or word[1].lower() != label):
            out.append(decode(octets, label.partition("*")[0]))
            octets = b""
        out.append(value[end : word.start()])
        label, end = word[1].lower(), word.end()
        octets += _octets(word[2].upper(), word[3].encode("utf-8", "surrogateescape"))
    return "".join([*out, decode(octets, label.partition("*")[0]), value[end:]])


def _octets(how: str, data: bytes) -> bytes:
    return transfer.from_quoted_printable(data, header=True) if how == "Q" else transfer.from_base64(data)
