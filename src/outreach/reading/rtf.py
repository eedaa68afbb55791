"""Rich text of a winmail.dat to plain text or to the HTML it was made from (MS-OXRTFCP, MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from typing import Final

from outreach.reading.charset import decode

_COMPRESSED: Final = 0x75465A4C  # "LZFu"
_UNCOMPRESSED: Final = 0x414C454D  # "MELA"
#: The dictionary that both sides start with (MS-OXRTFCP 2.1.2.1).
_DICTIONARY: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    b"SymbolArialTimes New Roman"
    b"Courier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW: Final = 4096
_MAX_SIZE: Final = 400_000  #: octets of rich text that are read
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SKIPPED: Final = frozenset(
    [b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"header", b"footer", b"object", b"generator", b"pntext",
     b"mhtmltag", b"listtable", b"listoverridetable", b"themedata", b"datastore", b"filetbl", b"revtbl", b"xmlnstbl"]
)  # fmt: skip
_SIGNS: Final = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
_ESCAPES: Final = {b"~": "\xa0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")


def decompressed(octets: bytes) -> bytes:
    """Rich text of a PR_RTF_COMPRESSED value, as far as it goes; b"" where it is none."""
    if len(octets) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", octets)
    if kind == _UNCOMPRESSED:
        return octets[16 : 16 + size]
    return _expanded(octets, min(size, _MAX_SIZE)) if kind == _COMPRESSED else b""


def _expanded(octets: bytes, size: int) -> bytes:
    """LZ77 over a window of 4 kB: each control octet tells of the eight items below it, literal or reference."""
    out = bytearray(_DICTIONARY)
    begin, at = len(out), 16
    while at < len(octets) and len(out) - begin < size:
        control, at = octets[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += octets[at : at + 1]
                at += 1
                continue
            if at + 2 > len(octets):
                return bytes(out[begin:])
            token, at = octets[at] << 8 | octets[at + 1], at + 2
            back = (len(out) - (token >> 4)) % _WINDOW
            if not back:  # a reference to the place of writing marks the end
                return bytes(out[begin : begin + size])
            start = len(out) - back
            for place in range(start, start + (token & 15) + 2):
                out.append(out[place] if place >= 0 else 0x20)
    return bytes(out[begin : begin + size])


def read(octets: bytes) -> tuple[str, bool]:
    """The text of rich text, and whether it is the HTML that was wrapped in it."""
    octets = octets[:_MAX_SIZE]
    code_page = _CODE_PAGE.search(octets[:1000])
    label = f"cp{code_page[1].decode()}" if code_page else "cp1252"
    return _Reader(b"\\fromhtml1" in octets[:1000], label).read(octets)


class _Reader:
    """Goes over the tokens once. A group has a state of its own: is it skipped, muted, what stands for a \\u sign."""

    def __init__(self, is_html: bool, label: str) -> None:
        self.is_html = is_html
        self.label = label
        self.out: list[str] = []
        self.octets = bytearray()
        self.groups: list[tuple[bool, int, bool]] = []
        self.skip, self.replaced = False, 1
        self.pending = 0  #: octets still to be left out after a \u sign
        self.starred = False
        self.muted = False  #: between \htmlrtf and \htmlrtf0: rich text only, not in the HTML

    def read(self, octets: bytes) -> tuple[str, bool]:
        for word, number, code, sign, brace, text in _TOKEN.findall(octets):
            if brace:
                self._group(brace)
            elif word:
                self._word(word, number)
            elif sign == b"*":
                self.starred = True
            elif code:
                self._put_octets(bytes([int(code, 16)]))
            elif sign:
                self._put(_ESCAPES.get(sign, sign.decode("latin-1")))
            elif text:
                self._put_octets(text)
        self._flush()
        # Two \\u words make a character beyond the first plane.
        return "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), self.is_html

    def _group(self, brace: bytes) -> None:
        self.starred, self.pending = False, 0
        if brace == b"{":
            self.groups.append((self.skip, self.replaced, self.muted))
        elif self.groups:
            self.skip, self.replaced, self.muted = self.groups.pop()

    def _word(self, word: bytes, number: bytes) -> None:
        if self.starred or word in _SKIPPED:
            self.skip = self.skip or word != b"htmltag" or not self.is_html
            self.starred = False
        elif word == b"htmlrtf":
            self.muted = self.is_html and number != b"0"
        elif word == b"uc":
            self.replaced = min(int(number or 1), 10)
        elif word == b"u" and number:
            self._put(chr(int(number) % 0x10000))
            self.pending = max(0, self.replaced)
        elif word in _SIGNS:
            self._put(_SIGNS[word])

    def _put(self, text: str) -> None:
        if not self.skip and not self.muted:
            self._flush()
            self.out.append(text)

    def _put_octets(self, octets: bytes) -> None:
        if self.skip or self.muted:
            return
        left = octets[self.pending :]
        self.pending = max(0, self.pending - len(octets))
        self.octets += left

    def _flush(self) -> None:
        if self.octets:
            self.out.append(decode(bytes(self.octets), self.label))
            self.octets.clear()
