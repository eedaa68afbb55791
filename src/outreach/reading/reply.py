"""Second stage of reading: the text in its parts: new, quoted, forwarded, signature.

It splits, it never deletes: every line goes to exactly one part. One pass over the lines; a line is looked at
closely only when its first or last character, or its first word, lets it be a marker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat
from typing import Final, NamedTuple

from outreach.reading import attributions, footers, originals
from outreach.reading.originals import plain

NEW: Final = "new"
QUOTED: Final = "quoted"
FORWARDED: Final = "forwarded"
SIGNATURE: Final = "signature"
_PARTS: Final = (NEW, QUOTED, FORWARDED, SIGNATURE)

_EDGE: Final = " \t\r\xa0\u202f\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_MARKS: Final = (">", "＞")
_NAMED_MARK = re.compile(r"[^\W\d_]{1,12}>(?!\S*@)\s?")
_DELIMITERS: Final = frozenset({"--", "---", "—", "––", "__", "- --", "—-", "-- --", "\\--", "––-"})
_DOUBTFUL: Final = frozenset({"---", "—", "__"})  #: delimiters that people also put between paragraphs
_RULES: Final = frozenset("-_=*—–~⎯─#\\+")
_SIGNATURE_LINES: Final = 25  #: a longer text after a delimiter is no signature
_NEAR: Final = 4  #: lines within which a quotation follows what introduces it
_ANSWERED_ABOVE: Final = 6  #: lines of an answer between an attribution and the quotation it introduces
_MAX_PIECES: Final = 20  #: lines taken in two where an attribution starts inside
_MAX_LOOKS: Final = 3000  #: lines that are looked at closely; what people write has far fewer
_ARMOUR: Final = "-----BEGIN PGP SIGN"
_WRAP: Final = 66  #: quoted lines longer than this may have been wrapped by a server on the way
_COLONS: Final = (":", "：", ":*", ":_")


class Line(NamedTuple):
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
    walk = _Walk(text.split("\n"), forwarding, own)
    walk.run()
    return _put_together(walk.lines, walk.labels)


def is_quoted(line: str) -> bool:
    return line.lstrip(_EDGE).startswith(_MARKS)


def unquoted(line: str) -> str:
    """The line without its quote marks."""
    return line.lstrip(" >＞")


class _Walk:
    """Goes down the lines once and gives each its part; a wrapped attribution is labelled when its end is seen."""

    def __init__(self, lines: list[str], forwarding: bool, own: frozenset[str]) -> None:
        self.lines = lines
        self.bare = [line.strip(_EDGE) for line in lines]
        self.labels: list[str] = []
        self.mode = NEW  #: the part of plain lines
        self.marked = QUOTED  #: the part of lines with quote marks
        self.pieces = 0
        self.looks = 0
        self.forwarding = forwarding
        self.own = own

    def run(self) -> None:
        labels, bare = self.labels, self.bare
        while (at := len(labels)) < len(bare):
            text = bare[at]
            if not text:
                labels.append(self.mode)
            elif text[0] in ">＞|":
                self._quote_mark(at)
            elif not self._is_marker(at, text, text[:40]):
                labels.append(self.mode)

    def _is_marker(self, at: int, text: str, head: str) -> bool:
        """Whether the line was labelled as a marker; cheap looks first."""
        return (
            (text[-1] in ":：*_" and self._colon(at))
            or (text[0] in _RULES and self._rule(at))
            or ((":" in head or "：" in head) and originals.names_header(text) and self._block(at, at))
            or (">" in head and self._named_mark(at))
            or (footers.may_be_footer(text) and self._footer(at))
        )

    # Quotation marks

    def _quote_mark(self, at: int) -> None:
        if self._is_no_quotation(at):
            self.labels.append(self.mode)
            return
        if (
            self.bare[at].endswith(_COLONS)
            and at
            and attributions.is_left_open(_above(self.bare, at))
            and self._colon(at)
        ):
            return
        if not self._goes_on(at):
            self._unended_attribution(at)
            if self.marked == QUOTED and self.mode in (NEW, SIGNATURE) and self._forward_in_quotes(at):
                self.marked = FORWARDED
            self.mode = NEW
        self.labels.append(self.marked)
        while (below := len(self.labels)) < len(self.bare) and self.bare[below][:1] == ">":
            self.labels.append(self.marked)
        self._wrapped_tail(below - 1)

    def _goes_on(self, at: int) -> bool:
        return at > 0 and self.labels[at - 1] == self.marked and bool(self.bare[at - 1])

    def _is_no_quotation(self, at: int) -> bool:
        """A lone pipe, ">>> offer <<<", mbox's ">From ", or the end of a link that was broken before its bracket."""
        text = self.bare[at]
        if text[0] == "|":
            return not (at and self.labels[-1] != NEW) and not self._after_marks(at)
        if text.endswith("<<<"):
            return True
        above = self.bare[at - 1] if at else ""
        if above and self.labels[-1] == self.mode and attributions.is_left_open(above) and "://" in above:
            return True
        below = self.bare[at + 1] if at + 1 < len(self.bare) else ""
        return text.startswith(">From ") and not above.startswith(_MARKS) and not below.startswith(_MARKS)

    def _named_mark(self, at: int) -> bool:
        """ "Ali> text": the quoted person's initials before the mark, on more lines than one."""
        match = _NAMED_MARK.match(self.bare[at])
        if match is None:
            return False
        near = (self.bare[at - 1] if at else "", self.bare[at + 1] if at + 1 < len(self.bare) else "")
        if not any(line.startswith(match[0].strip()) for line in near) and not self._after_marks(at):
            return False
        self._quote_mark(at)
        return True

    def _after_marks(self, at: int) -> bool:
        """Whether the last line with text above is quoted."""
        above = next((i for i in range(at - 1, max(-1, at - _NEAR), -1) if self.bare[i]), None)
        return above is not None and self.labels[above] in (QUOTED, FORWARDED)

    def _forward_in_quotes(self, at: int) -> bool:
        text = plain(unquoted(self.bare[at]))
        return originals.is_forward_separator(text) and not self._from_us(at)

    def _wrapped_tail(self, at: int) -> None:
        """The rest of a long quoted line that was wrapped without a mark belongs to it."""
        long, n = self.bare[at], at + 1
        if n + 1 >= len(self.bare) or not self.bare[n] or self.bare[n].startswith(_MARKS):
            return
        tail, below = self.bare[n], self.bare[n + 1]
        open_link = attributions.is_left_open(long.lstrip("> ")) or (
            "(http" in long and ")" not in long.rpartition("(http")[2]
        )
        goes_on = len(long) >= _WRAP and long[-1] not in ".!?؟:。" and (tail[0].islower() or tail[0] in "_)&")
        if below.startswith(_MARKS) and len(tail) < _WRAP and (goes_on or (open_link and tail[-1] in ")>")):
            self.labels.append(self.marked)
        elif tail.startswith("(http") and tail.endswith(">") and below.startswith(_MARKS):
            self.labels.append(self.marked)

    # What introduces the original

    def _colon(self, at: int) -> bool:
        """A line that ends in a colon: an attribution, or "Begin forwarded message:"."""
        self.looks += 1
        if self.looks > _MAX_LOOKS:
            return False
        text = plain(self.bare[at])
        if originals.is_forward_separator(text):
            self._original(at, at, QUOTED if self._from_us(at) else FORWARDED)
            return True
        return self._attribution(at)

    def _attribution(self, at: int, *, quote_follows: bool | None = None) -> bool:
        """Label the attribution that ends here, and all below it if that has no quote marks."""
        follows = self._quote_follows(at + 1) if quote_follows is None else quote_follows
        if follows and self._inner_attribution(at):
            return True
        texts = self._lines_down_to(at)
        count = attributions.attribution_lines(texts, quote_follows=follows)
        if not count:
            return False
        gap = sum(1 for i in range(max(0, at - count), at) if not self.bare[i])
        self.labels[at - count - gap + 1 :] = [QUOTED] * min(at, count + gap - 1)
        self._introduce(at, QUOTED, follows=follows)
        return True

    def _lines_down_to(self, at: int) -> list[str]:
        """The plain texts of the paragraph's lines that end here; one gap before a lone address is passed over."""
        texts: list[str] = []
        for number in range(at, max(-1, at - attributions.WRAPPED - 1), -1):
            text = self.bare[number]
            if number < at and (self.labels[number] not in (NEW, SIGNATURE) or (text and text[0] in ">＞")):
                break
            if not text:
                if not (texts and texts[-1].startswith("<")):
                    break
                continue
            texts.append(plain(text))
        return texts[: attributions.WRAPPED][::-1]

    def _inner_attribution(self, at: int) -> bool:
        """An attribution behind the sender's last words: the line is taken in two, its second half comes next."""
        column = attributions.starts_inside(self.lines[at]) if self.pieces < _MAX_PIECES else 0
        if not column or not self.lines[at][:column].strip(_EDGE):
            return False
        self.pieces += 1
        self.lines[at : at + 1] = [self.lines[at][:column], self.lines[at][column:]]
        self.bare[at : at + 1] = [line.strip(_EDGE) for line in self.lines[at : at + 2]]
        self.labels.append(self.mode)
        return True

    def _unended_attribution(self, at: int) -> None:
        """A quotation starts: the line above may introduce it though no colon ends it."""
        above = next((i for i in range(at - 1, max(-1, at - 3), -1) if self.bare[i]), None)
        if above is None or self.labels[above] not in (NEW, SIGNATURE):
            return
        text = self.bare[above]
        if not _introduces_without_colon(text):
            return
        below = self.labels[above:]
        del self.labels[above:]
        if not self._attribution(above, quote_follows=True) or len(self.labels) <= above:
            del self.labels[above:]
            self.labels += below
        else:
            self.labels += [QUOTED] * (at - len(self.labels))

    def _introduce(self, at: int, part: str, *, follows: bool) -> None:
        """Line ``at`` introduces an original: what comes below it is that, up to the end if no marks follow."""
        self.labels.append(part)
        self.marked = part
        self.mode = NEW
        if follows:
            while len(self.labels) < len(self.bare) and not self.bare[len(self.labels)]:
                self.labels.append(part)
        elif not self._answered_above(at + 1):
            self.labels += [part] * (len(self.bare) - len(self.labels))

    def _quote_follows(self, at: int) -> bool:
        """Whether the next lines with text are marked as quoted."""
        near = [self.bare[i] for i in range(at, min(at + _NEAR, len(self.bare))) if self.bare[i]]
        return any(text[0] in ">＞|" or _NAMED_MARK.match(text) is not None for text in near[:2])

    def _answered_above(self, at: int) -> bool:
        """Whether a few lines of the sender's stand between an attribution and the marked quotation."""
        texts = 0
        for text in self.bare[at : at + 2 * _ANSWERED_ABOVE]:
            if text.startswith(_MARKS):
                return texts > 0
            if text.endswith(_COLONS) or text[:1] in _RULES:
                return False
            texts += bool(text)
            if texts > _ANSWERED_ABOVE:
                return False
        return False

    def _rule(self, at: int) -> bool:
        """A line that starts with dashes: a separator, a delimiter, armour, or nothing."""
        self.looks += 1
        if self.looks > _MAX_LOOKS:
            return False
        text = plain(self.bare[at])
        if len(text) > 8 and text.startswith("-") and text.endswith("-") and self._attribution(at):
            return True
        if originals.is_forward_separator(text):
            self._original(at, at, QUOTED if self._from_us(at) else FORWARDED)
            return True
        block = self._after_separators(at)
        if block > at and self._block(at, block):
            return True
        if originals.is_original_separator(text):
            self._original(at, at, QUOTED)
            return True
        if text.startswith("-----BEGIN PGP SIGN"):
            self._armour(at)
            return True
        if self._starts_signature(at) or self._is_list_rule(at, text):
            self.mode = SIGNATURE
            self.labels.append(SIGNATURE)
            return True
        return text[0] in "*_" and ":" in text[:30] and self._block(at, at)

    def _after_separators(self, at: int) -> int:
        """The first line below that is no separator and not empty."""
        for number in range(at, min(at + 4, len(self.bare))):
            text = plain(self.bare[number])
            if text and not originals.is_rule(text) and not originals.is_original_separator(text):
                return number
        return at

    def _block(self, first: int, at: int) -> bool:
        """Label a block of the original's headers at ``at``, from the separator at ``first`` on."""
        self.looks += 1
        if self.looks > _MAX_LOOKS:
            return False
        texts = [plain(line) for line in self.bare[at : at + 15]]
        size = originals.header_block(texts, after_separator=at > first)
        if not size:
            return False
        self._original(first, at + size - 1, FORWARDED if self.forwarding and not self._from_us(first) else QUOTED)
        return True

    def _original(self, first: int, last: int, part: str) -> None:
        """Lines ``first`` to ``last`` introduce an original, forwarded or answered."""
        self.labels += [part] * (last - first)
        self._introduce(last, part, follows=self._quote_follows(last + 1))

    def _from_us(self, at: int) -> bool:
        head = " ".join(self.lines[at : at + 8]).lower()
        return any(address in head for address in self.own)

    # Signatures

    def _starts_signature(self, at: int) -> bool:
        text = self.bare[at]
        if text not in _DELIMITERS or (text in ("---", "—") and at < 2):
            return False
        if self.lines[at] == "-- ":
            return True
        below = self.bare[at + 1 : at + 1 + _SIGNATURE_LINES]
        if text in _DOUBTFUL and any(not line and after for line, after in pairwise(below)):
            return any(b.startswith(_MARKS) for b in below)
        return len(self.bare) - at <= _SIGNATURE_LINES or "" in below or any(b.startswith(_MARKS) for b in below)

    def _is_list_rule(self, at: int, text: str) -> bool:
        """A rule above the footer of a mailing list."""
        return originals.is_rule(text) and any(footers.is_list_footer(b) for b in self.bare[at + 1 : at + 4])

    def _armour(self, at: int) -> None:
        """The lines of a PGP signature or of its opening (RFC 4880, 7) up to their end, an empty line at the latest."""
        number = at
        while number < len(self.bare) and (self.bare[number] or number == at + 1):
            self.labels.append(SIGNATURE)
            number += 1
            if self.bare[number - 1].startswith("-----END"):
                return

    def _footer(self, at: int) -> bool:
        """A client's card is one line; a notice is a paragraph."""
        self.looks += 1
        if self.looks > _MAX_LOOKS:
            return False
        text = plain(self.bare[at])
        if footers.is_client_card(text) and self._stands_alone(at):
            self.labels.append(SIGNATURE)
            return True
        if not footers.is_notice(text) or (at and self.bare[at - 1]):
            return False
        while (number := len(self.labels)) < len(self.bare) and self.bare[number]:
            if number > at and self.bare[number].startswith(_MARKS):
                break
            self.labels.append(SIGNATURE)
        return True

    def _stands_alone(self, at: int) -> bool:
        """Whether nothing of the same paragraph goes on in small letters below."""
        below = self.bare[at + 1] if at + 1 < len(self.bare) else ""
        return not below or not below[0].islower() or footers.is_client_card(plain(f"{self.bare[at]} {below}"))


def _above(bare: Sequence[str], at: int) -> str:
    """The nearest text above, at most two lines up."""
    return bare[at - 1] or (bare[at - 2] if at > 1 else "")


def _introduces_without_colon(text: str) -> bool:
    """ "2026/7/7 A <a@b>" right above a quotation, or "A wrote" without its colon."""
    return text[-1] in ">)" or (text[-1].isalpha() and any(c.isdigit() for c in text))


def _put_together(lines: Sequence[str], labels: Sequence[str]) -> Split:
    """Texts of the parts without empty lines at their ends, and each line's place in its part."""
    parts: dict[str, str] = {}
    placed: list[tuple[int, Line]] = []
    for part in _PARTS:
        kept = [number for number, label in enumerate(labels) if label == part]
        first, last = 0, len(kept)
        while first < last and not lines[kept[first]].strip():
            first += 1
        while last > first and not lines[kept[last - 1]].strip():
            last -= 1
        kept = kept[first:last]
        texts = [lines[number] for number in kept]
        starts = accumulate(map(len, texts), _after_line_break, initial=0)
        placed += zip(kept, map(Line._make, zip(texts, repeat(part), starts)))
        parts[part] = "\n".join(texts)
    placed.sort()
    return Split(parts, tuple([line for _, line in placed]))


def _after_line_break(start: int, length: int) -> int:
    return start + length + 1
