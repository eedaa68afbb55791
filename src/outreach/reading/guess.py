"""The likely encoding of bytes whose label says nothing: by which letters and pairs would stand in the text."""

from __future__ import annotations

import codecs
import re
from typing import Final

_SAMPLE: Final = 20_000  #: octets that are looked at
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}+")
_LETTER = re.compile(rb"[\xc0-\xff]")
#: The letters that make up most of any text in the script, by the code pages that mailers used for it.
_FREQUENT: Final = {
    "cp1256": "ابتدرزسشعفقکكلمنهويیىةپچگ",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщіїє",
    "koi8-r": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщ",
    "cp1255": "אבגדהוזחטילמנעפצקרשתםןךץף",
    "cp1253": "αεοιτνσςρπκμλυηγδθωχφάέόίήύώβξζ",
}
_MIN_SHARE: Final = 0.6  #: of a word's letters that stand beyond ASCII in text of another script than Latin
_TURKISH = re.compile(rb"[a-z][\xfd\xfe\xf0]|[\xfd\xfe\xf0\xdd][a-z]")
_ICELANDIC = re.compile(rb"[\xe1\xed\xf3\xfa\xe6]")
_POLISH = re.compile(rb"[a-z][\xb3\xb9\xbf\x9c\x9f][a-z]|[a-z]\xb3[ ,.]")
_EAST_ASIAN: Final = ("gb18030", "shift_jis", "euc_kr")


def code_page(raw: bytes) -> str | None:
    """The code page of 8-bit bytes; None for Western European ones, or where nothing fits."""
    sample = raw[:_SAMPLE]
    words = [word for word in _WORD.findall(sample) if _LETTER.search(word)]
    letters = b"".join(words)
    if not letters or sum(byte > 0x7F for byte in letters) < _MIN_SHARE * len(letters):
        return _latin(sample)
    best, encoding = max((_fit(letters, encoding), encoding) for encoding in _FREQUENT)
    return encoding if best > 0.7 else _latin(sample) or _east_asian(sample)


def _latin(sample: bytes) -> str | None:
    """Turkish and Polish, whose letters stand at places where Western text has signs or Icelandic ones."""
    if _TURKISH.search(sample) and not _ICELANDIC.search(sample):
        return "cp1254"
    return "cp1250" if _POLISH.search(sample) else None


def _fit(letters: bytes, encoding: str) -> float:
    """How much of the text would be frequent letters."""
    text = letters.decode(encoding, "replace")
    frequent = _FREQUENT[encoding]
    return sum(text.count(letter) for letter in frequent) / len(text)


def _east_asian(sample: bytes) -> str | None:
    for encoding in _EAST_ASIAN:
        # The incremental decoder forgives a character that the end of the sample cuts.
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeError:
            continue
        return encoding
    return None


def is_damaged_utf8(raw: bytes) -> bool:
    """Whether only a few bytes keep this from being UTF-8 (a cut or a broken character)."""
    lost = raw.decode("utf-8", "replace").count("\ufffd")
    return lost * 4 < sum(raw.count(lead) for lead in _LEADS)


_LEADS: Final = [bytes([lead]) for lead in range(0xC3, 0xF0)]


def wide(raw: bytes, encoding: str) -> str:
    """UTF-16 or UTF-32; without a byte order mark in the order that gives more spaces and line ends."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode(encoding, "replace") if encoding == "utf-32" else raw.decode("utf-16", "replace")
    little, big = (raw.decode(f"{encoding}-{order}", "replace") for order in ("le", "be"))
    return max(little, big, key=lambda text: sum(text.count(sign) for sign in " \n.,ae") - text.count("\ufffd"))
