"""Second stage of reading: the text in its parts: new, quoted, forwarded, signature.

It splits, it never deletes: every line goes to exactly one part. One pass over the lines, bounded look-ahead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from outreach.reading import attributions as marks

NEW: Final = "new"
QUOTED: Final = "quoted"
FORWARDED: Final = "forwarded"
SIGNATURE: Final = "signature"
_PARTS: Final = (NEW, QUOTED, FORWARDED, SIGNATURE)

_QUOTE = re.compile(r"\s{0,3}(?:>|＞)")
_DELIMITERS: Final = frozenset({"--", "---", "-- ", "—", "––", "__", "- --", "—-"})
_SIGNATURE_LINES: Final = 25  #: a longer text after a delimiter is no signature
_WRAPPED: Final = 3  #: further lines over which an attribution may be wrapped


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the message: its text, its part, and where it starts in that part's text (code points)."""

    text: str
    part: str
    start: int


@dataclass(frozen=True, slots=True)
class Split:
    """The message in its parts, and its lines in the order in which they stand in the message."""

    parts: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def new(self) -> str:
        return self.parts[NEW]


def split(text: str, *, forwarding: bool = False, own: frozenset[str] = frozenset()) -> Split:
    """Split the text of a mail. ``forwarding``: its subject says that it forwards; ``own``: our addresses."""
    lines = text.split("\n")
    return _put_together(lines, _Marker(lines, forwarding, own).labels())


def is_quoted(line: str) -> bool:
    return _QUOTE.match(line) is not None


def unquoted(line: str) -> str:
    """The line without its quote marks."""
    return line.lstrip(" >＞")


class _Marker:
    """Walks down the lines once and gives each its part."""

    def __init__(self, lines: Sequence[str], forwarding: bool, own: frozenset[str]) -> None:
        self.lines = lines
        self.plain = [marks.plain(line[: marks.MAX_LINE + 1]) for line in lines]
        self.quoted = [is_quoted(line) for line in lines]
        self.forwarding = forwarding
        self.own = own

    def labels(self) -> list[str]:
        out: list[str] = []
        mode = NEW
        while (at := len(out)) < len(self.lines):
            if self.quoted[at]:
                mode = NEW if mode == SIGNATURE else mode
                out.append(QUOTED)
            elif part := self._rest(at):
                out += [part] * (len(self.lines) - at)
            elif end := self._attribution(at):
                mode = NEW
                out += [QUOTED] * (end - at)
                if not self._quote_follows(end):
                    out += [QUOTED] * (len(self.lines) - end)
            elif self._starts_signature(at):
                mode = SIGNATURE
                out.append(SIGNATURE)
            else:
                out.append(SIGNATURE if marks.is_client_footer(self.plain[at]) else mode)
        return out

    def _rest(self, at: int) -> str | None:
        """The part of everything from here on, if a forwarded mail or an original with its headers starts here."""
        if marks.is_forward_separator(self.plain[at]):
            return QUOTED if self._from_us(at) else FORWARDED
        block = at
        while block < min(at + 3, len(self.lines) - 1) and self._is_separator(block):
            block += 1
        if self._header_block(block):
            return FORWARDED if self.forwarding and not self._from_us(at) else QUOTED
        return QUOTED if marks.is_original_separator(self.plain[at]) else None

    def _is_separator(self, at: int) -> bool:
        text = self.plain[at]
        return not text or marks.is_rule(text) or marks.is_original_separator(text)

    def _header_block(self, at: int) -> bool:
        """Whether at least three headers, among them the sender and a date or subject, follow each other here."""
        if marks.header_field(self.plain[at]) is None:
            return False
        near = [marks.header_field(text) for text in self.plain[at : at + 10]]
        cut = next((i for i, text in enumerate(self.plain[at : at + 10]) if not text and i > 2), len(near))
        found = {name for name in near[:cut] if name}
        return len(found) >= 3 and "from" in found and bool(found & {"date", "subject"})

    def _from_us(self, at: int) -> bool:
        head = " ".join(self.lines[at : at + 8]).lower()
        return any(address in head for address in self.own)

    def _attribution(self, at: int) -> int:
        """The line after an attribution that starts here, 0 if none does."""
        joined = ""
        for end in range(at, min(at + 1 + _WRAPPED, len(self.lines))):
            if not self.plain[end] or self.quoted[end]:
                break
            joined = f"{joined} {self.plain[end]}".strip()
            if end > at and not marks.begins_attribution(self.plain[at]):
                break
            if marks.is_attribution(joined, quote_follows=self._quote_follows(end + 1)) and not self._later(at, end):
                return end + 1
        return 0

    def _later(self, at: int, end: int) -> bool:
        """Whether the attribution that ends at ``end`` begins below ``at``: then the line here is the sender's own."""
        return not marks.names_sender(self.plain[at]) and any(
            marks.begins_attribution(self.plain[start])
            and marks.is_attribution(" ".join(self.plain[start : end + 1]), quote_follows=False)
            for start in range(at + 1, end + 1)
        )

    def _quote_follows(self, at: int) -> bool:
        """Whether the next lines with text are marked as quoted."""
        near = [self.quoted[i] for i in range(at, min(at + 4, len(self.lines))) if self.plain[i]]
        return bool(near) and (near[0] or any(near[1:2]))

    def _starts_signature(self, at: int) -> bool:
        if self.lines[at].strip() not in _DELIMITERS or (self.lines[at].strip() == "---" and at < 2):
            return False
        below = self.plain[at + 1 : at + 1 + _SIGNATURE_LINES]
        return len(self.plain) - at <= _SIGNATURE_LINES or "" in below or any(self.quoted[at : at + 30])


def _put_together(lines: Sequence[str], labels: Sequence[str]) -> Split:
    """Texts of the parts without empty lines at their ends, and each line's place in its part."""
    numbers: dict[str, list[int]] = {part: [] for part in _PARTS}
    for number, label in enumerate(labels):
        if numbers[label] or lines[number].strip():
            numbers[label].append(number)
    starts: dict[int, int] = {}
    parts: dict[str, str] = {}
    for part, kept in numbers.items():
        while kept and not lines[kept[-1]].strip():
            kept.pop()
        offset = 0
        for number in kept:
            starts[number] = offset
            offset += len(lines[number]) + 1
        parts[part] = "\n".join(lines[number] for number in kept)
    placed = tuple(Line(lines[n], labels[n], starts[n]) for n in range(len(lines)) if n in starts)
    return Split(parts, placed)
